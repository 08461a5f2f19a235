#include "ServedHost.h"

#include <cppunit/TestAssert.h>
#include <poll.h>

#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "Poco/DateTime.h"
#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeParser.h"
#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"

namespace fs = std::filesystem;

namespace {

const std::string kProgram = CARILLON_TEST_PROGRAM;
const std::string kRowsAtMost = "5000";

std::string keysOf(const std::string& hostKeys) {
    return hostKeys.find("jobs.enabled") == std::string::npos ? "jobs.enabled = *\n" + hostKeys : hostKeys;
}

std::int64_t microsecondsOf(const std::string& rfc3339) {
    int zone = 0;
    const auto at = Poco::DateTimeParser::parse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT, rfc3339, zone);
    return at.timestamp().epochMicroseconds();
}

Poco::JSON::Array::Ptr rowsOf(const CommandResult& result) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
    return Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Array::Ptr>();
}

/// Newest first, as the verbs print them, becomes oldest first.
template <typename Row, typename ToRow>
std::vector<Row> convert(const Poco::JSON::Array::Ptr& array, ToRow toRow) {
    std::vector<Row> rows;
    for (std::size_t i = array->size(); i-- > 0;) rows.push_back(toRow(*array->getObject(static_cast<unsigned>(i))));
    return rows;
}

}  // namespace

ServedHost::ServedHost(const std::string& hostKeys) : _folder(keysOf(hostKeys)) {
    _folder.addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
}

void ServedHost::addJob(const std::string& name, const std::string& trouble, const std::string& lines) const {
    _folder.addJob(name, "job.plugin = Troublemaker\njob.task = Troublemaker\ntask.run = " + trouble + "\n" + lines);
}

Command ServedHost::carillon(std::vector<std::string> words) const {
    words.insert(words.begin(), {kProgram, "--config", _folder.config()});
    return Command(std::move(words));
}

Command ServedHost::serve(std::vector<std::string> more) const {
    more.insert(more.begin(), "serve");
    return carillon(std::move(more)).limit(std::chrono::seconds(60));
}

void ServedHost::start(const Command& command) {
    _process.emplace(command.start());
    const auto isReady = [this] { return log().find("host.ready") != std::string::npos; };
    CPPUNIT_ASSERT_MESSAGE(log(), waitUntil([&] { return isReady() || _process->hasEnded(); }) && isReady());
}

CommandResult ServedHost::stop() {
    _process->signal(SIGTERM);
    return _process->wait();
}

void ServedHost::kill() {
    _process->signal(SIGKILL);
    _process->wait();
}

Poco::JSON::Object::Ptr ServedHost::status(const std::string& pattern) const {
    const auto result = carillon({"status", pattern, "--json"}).run();
    return Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Object::Ptr>();
}

std::string ServedHost::problems() const {
    const auto result = carillon({"status", "--json"}).run();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(result.out, result.err.empty() ? 0 : 1, result.exitCode);
    return result.err;
}

std::vector<LedgerRow> ServedHost::ledger(const std::string& job) const {
    const auto rows = rowsOf(carillon({"ledger", job, "--json", "-n", kRowsAtMost}).run());
    return convert<LedgerRow>(rows, [](const Poco::JSON::Object& row) {
        const auto text = [&row](const char* key) { return row.getValue<std::string>(key); };
        return LedgerRow{microsecondsOf(text("slot")), text("end"), text("reason"), text("trigger"),
                         row.isNull("run") ? "" : text("run")};
    });
}

std::vector<HistoryRow> ServedHost::history(const std::string& job) const {
    const auto rows = rowsOf(carillon({"history", job, "--json", "-n", kRowsAtMost}).run());
    return convert<HistoryRow>(rows, [](const Poco::JSON::Object& row) {
        const auto text = [&row](const char* key) { return row.getValue<std::string>(key); };
        const auto finished = row.get("finished_at");
        return HistoryRow{text("run"),
                          text("trigger"),
                          text("outcome"),
                          text("message"),
                          microsecondsOf(text("scheduled_at")),
                          microsecondsOf(text("started_at")),
                          finished.isEmpty() ? 0 : microsecondsOf(finished.convert<std::string>()),
                          row.getValue<int>("attempt")};
    });
}

std::string holesIn(const std::vector<LedgerRow>& rows, std::int64_t step) {
    std::ostringstream faults;
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (const auto apart = rows[i].slot - rows[i - 1].slot; apart != step)
            faults << apart / kSecond << " s between slot " << rows[i - 1].slot << " (" << rows[i - 1].end << ") and "
                   << rows[i].slot << " (" << rows[i].end << ' ' << rows[i].reason << ")\n";
    return faults.str();
}

std::string onceSoon() {
    constexpr std::time_t kSoon = 2;
    return std::to_string((std::time(nullptr) + kSoon) % 60) + " * * * * *";
}

pid_t parentOf(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    if (!std::getline(stat, line)) return 0;
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string state;
    pid_t parent = 0;
    fields >> state >> parent;
    return parent;
}

std::vector<pid_t> childrenOf(pid_t process) {
    std::vector<pid_t> children;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (const pid_t pid = std::stoi(name); parentOf(pid) == process) children.push_back(pid);
    }
    return children;
}
