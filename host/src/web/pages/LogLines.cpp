#include "web/pages/LogLines.h"

#include "report/JobLog.h"
#include "report/LogLineParser.h"
#include "report/LogTail.h"

#include "Poco/UTF8String.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::size_t kFirstLook = 1'000;
constexpr std::size_t kLastLook = 64'000;

std::size_t rankOf(std::string_view level) {
    return static_cast<std::size_t>(std::find(kLogLevels.begin(), kLogLevels.end(), level) - kLogLevels.begin());
}

void keepLast(std::vector<LogEntry>& entries, std::size_t most) {
    if (entries.size() > most) entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(most));
}

/// Looks at ever more of the last lines until `isEnough` of what was taken and the oldest line that was seen.
template <class Take, class Enough>
std::vector<LogEntry> lookBack(const std::string& job, const std::string& path, Take take, Enough isEnough) {
    for (std::size_t count = kFirstLook;; count *= 4) {
        const auto lines = lastLines(path, count);
        std::vector<LogEntry> entries;
        for (const auto& line : lines)
            if (LogEntry entry = parseLogEntry(job, line); take(entry)) entries.push_back(std::move(entry));
        if (lines.size() < count || count >= kLastLook || isEnough(entries, lines.front())) return entries;
    }
}

}  // namespace

LogEntry parseLogEntry(const std::string& job, const std::string& line) {
    LogEntry entry;
    entry.job = job;
    std::string* const words[] = {&entry.time, &entry.level, &entry.run};
    std::string_view rest = line;
    for (auto* word : words) {
        const auto end = rest.find(' ');
        if (end == std::string_view::npos) break;
        *word = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    if (entry.time.size() != 24 || entry.time.back() != 'Z' || entry.run.empty() ||
        rankOf(entry.level) >= kLogLevels.size())
        return {"", "", job, "", line};
    entry.text = rest;
    return entry;
}

bool takes(const LogQuery& query, const LogEntry& entry) {
    if (!query.level.empty() && !entry.level.empty() && rankOf(entry.level) > rankOf(query.level)) return false;
    if (query.text.empty()) return true;
    const std::string wanted = Poco::UTF8::toLower(query.text);
    return Poco::UTF8::toLower(entry.run + ' ' + entry.text).find(wanted) != std::string::npos;
}

std::string logPathOf(const JobRef& job, const HostConfig& host) {
    return JobLog(job.config(), host.logsDir).path();
}

std::vector<LogEntry> lastLogEntries(const std::string& job, const std::string& path, const LogQuery& query) {
    auto entries = lookBack(
        job, path, [&](const LogEntry& entry) { return takes(query, entry); },
        [&](const auto& found, const std::string&) { return found.size() >= query.most; });
    keepLast(entries, query.most);
    return entries;
}

std::vector<LogEntry> logEntriesOf(const RunRow& run, const std::string& path, std::size_t most) {
    const std::string begin = toRfc3339(run.startedAt - std::chrono::seconds(1));
    auto entries = lookBack(
        run.job, path, [&](const LogEntry& entry) { return entry.run == run.id; },
        [&](const auto&, const std::string& oldest) { return oldest.compare(0, begin.size(), begin) < 0; });
    keepLast(entries, most);
    return entries;
}

std::vector<LogEntry> mergeLogEntries(std::vector<LogEntry> entries, std::size_t most) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const LogEntry& a, const LogEntry& b) { return a.time < b.time; });
    keepLast(entries, most);
    return entries;
}

}  // namespace carillon
