#include "pages/LogLines.h"

#include "logs/JobLog.h"
#include "logs/LogLineParser.h"
#include "logs/LogTail.h"
#include "shared/FoldedText.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace carillon {
namespace {

constexpr std::size_t kFirstLook = 1'000;
constexpr std::size_t kLastLook = 64'000;  // lines

std::size_t rankOf(std::string_view level) {
    return static_cast<std::size_t>(std::find(kLogLevels.begin(), kLogLevels.end(), level) - kLogLevels.begin());
}

void keepLast(std::vector<LogEntry>& entries, std::size_t most) {
    if (entries.size() > most) entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(most));
}

/// A line, taken apart in place: a page may look at tens of thousands of them.
struct LineParts {
    std::string_view time{};
    std::string_view level{};
    std::string_view run{};
    std::string_view text{};
};

LineParts partsOf(std::string_view line) {
    LineParts parts;
    std::string_view rest = line;
    for (auto* word : {&parts.time, &parts.level, &parts.run}) {
        const auto end = rest.find(' ');
        if (end == std::string_view::npos) break;
        *word = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    parts.text = rest;
    const bool isOurs = parts.time.size() == 24 && parts.time.back() == 'Z' && !parts.run.empty() &&
                        rankOf(parts.level) < kLogLevels.size();
    return isOurs ? parts : LineParts{{}, {}, {}, line};
}

LogEntry entryOf(const std::string& job, const LineParts& parts) {
    return {std::string(parts.time), std::string(parts.level), job, std::string(parts.run), std::string(parts.text)};
}

struct LogPlace {
    const std::string& job;
    const std::string& path;
    std::size_t bytes;
};

/// Looks at ever more of the last lines until `isEnough` of what was taken and the oldest line that was seen.
template <class Take, class Enough>
LogFindings lookBack(const LogPlace& place, Take take, Enough isEnough) {
    for (std::size_t count = kFirstLook;; count *= 4) {
        const auto [text, isCut] = endOfLog(place.path, count, place.bytes);
        LogFindings found;
        std::size_t lines = 0;
        for (std::string_view rest = text; !rest.empty(); ++lines) {
            const auto line = partsOf(rest.substr(0, rest.find('\n')));
            if (take(line)) found.entries.push_back(entryOf(place.job, line));
            rest.remove_prefix(rest.find('\n') + 1);
        }
        if (!isCut || (lines > 0 && isEnough(found.entries, text))) return found;
        found.isCut = true;
        if (lines < count || count >= kLastLook) return found;
    }
}

}  // namespace

LogEntry parseLogEntry(const std::string& job, const std::string& line) {
    return entryOf(job, partsOf(line));
}

LogFilter::LogFilter(const LogQuery& query)
    : _rank(query.level.empty() ? kLogLevels.size() : rankOf(query.level)),
      _text(folded(query.text)),
      _since(query.since == TimePoint{} ? "" : toRfc3339(query.since)),
      _until(query.until == kNever ? "" : toRfc3339(query.until)),
      _run(query.run) {}

bool LogFilter::takes(std::string_view time, std::string_view level, std::string_view run, std::string_view text) {
    if (!_since.empty() || !_until.empty()) {
        if (!time.empty()) _last = time;
        if (_last.empty() || _last < _since || (!_until.empty() && _last >= _until)) return false;
    }
    if (!level.empty() && rankOf(level) > _rank) return false;
    if (!_run.empty() && run != _run) return false;
    return _text.empty() || hasFolded(text, _text) || hasFolded(run, _text);
}

std::string logPathOf(const JobRef& job, const HostConfig& host) {
    return JobLog(job.config(), host.logsDir).path();
}

LogFindings lastLogEntries(const std::string& job, const std::string& path, const LogQuery& query, std::size_t bytes) {
    LogFilter filter(query);
    const std::string since = query.since == TimePoint{} ? "" : toRfc3339(query.since);
    auto found = lookBack(
        {job, path, bytes},
        [&](const LineParts& line) { return filter.takes(line.time, line.level, line.run, line.text); },
        [&](const auto& entries, const std::string& text) {
            return entries.size() >= query.most || text.compare(0, since.size(), since) < 0;
        });
    keepLast(found.entries, query.most);
    return found;
}

LogFindings logEntriesOf(const RunRow& run, const std::string& path, std::size_t most, std::size_t bytes) {
    const std::string begin = toRfc3339(run.startedAt - std::chrono::seconds(1));
    auto found = lookBack(
        {run.job, path, bytes}, [&](const LineParts& line) { return line.run == run.id; },
        [&](const auto& entries, const std::string& text) {
            return entries.size() >= most || text.compare(0, begin.size(), begin) < 0;
        });
    keepLast(found.entries, most);
    return found;
}

std::vector<LogEntry> mergeLogEntries(std::vector<LogEntry> entries, std::size_t most) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const LogEntry& a, const LogEntry& b) { return a.time < b.time; });
    keepLast(entries, most);
    return entries;
}

}  // namespace carillon
