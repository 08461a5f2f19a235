#include "testing/TaskTrial.h"

#include "carillon/Items.h"
#include "carillon/MailAccount.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"
#include "platform/ThreadMarks.h"

#include "Poco/Exception.h"

#include <atomic>
#include <cstdint>
#include <optional>

namespace carillon::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookInterval = 1ms;
constexpr auto kThreadGrace = 1s;

std::string describeException() {
    try {
        throw;
    } catch (const Poco::Exception& e) {
        return e.displayText();
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

}  // namespace

std::string nameOf(Call call) {
    switch (call) {
        case Call::Run:
            return "run()";
        case Call::Check:
            return "check()";
        case Call::Preview:
            return "preview()";
        case Call::Rejects:
            return "rejects()";
        case Call::Replay:
            return "replay()";
        case Call::Items:
            return "items()";
        case Call::Verify:
            return "verify()";
        case Call::MailAccount:
            return "mailAccount()";
    }
    return "";
}

std::vector<Call> callsOf(SyncTask& task) {
    std::vector<Call> calls{Call::Check};
    if (dynamic_cast<Previews*>(&task) != nullptr) calls.push_back(Call::Preview);
    calls.push_back(Call::Run);
    if (dynamic_cast<KeepsRejects*>(&task) != nullptr) calls.insert(calls.end(), {Call::Rejects, Call::Replay});
    if (dynamic_cast<KeepsItems*>(&task) != nullptr) calls.insert(calls.end(), {Call::Items, Call::Verify});
    if (dynamic_cast<HasMailAccount*>(&task) != nullptr) calls.push_back(Call::MailAccount);
    return calls;
}

TaskTrial::TaskTrial(const Conformance::Subject& subject, Call call, FakeRunContext::Deadline deadline)
    : _subject(subject), _call(call), _threadsBefore(markedThreads()), _record(std::make_shared<Record>(deadline)) {}

TaskTrial::~TaskTrial() {
    if (!_thread.joinable()) return;
    if (_record->ended)
        _thread.join();
    else
        _thread.detach();
}

void TaskTrial::start() {
    _thread = std::thread([record = _record, subject = _subject, call = _call] {
        markThisThread();
        TaskTrial::call(*record, subject, call);
        record->ended = true;
    });
}

bool TaskTrial::endsWithin(std::chrono::milliseconds patience) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!_record->ended && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(kLookInterval);
    if (_record->ended && _thread.joinable()) _thread.join();
    return _record->ended;
}

std::vector<std::pair<std::string, std::string>> TaskTrial::said() const {
    auto said = _record->said;
    for (const auto& line : _record->context.lines) said.emplace_back("a log line of " + nameOf(_call), line);
    for (const auto& step : _record->context.steps) said.emplace_back("the progress of " + nameOf(_call), step.what);
    return said;
}

std::set<std::string> TaskTrial::concealed() const {
    auto all = _record->secrets;
    all.insert(_record->context.concealed.begin(), _record->context.concealed.end());
    return all;
}

std::vector<std::pair<std::string, std::string>> TaskTrial::secretsToConceal() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& key : _subject.settings.secrets()) all.emplace_back("task." + key, _subject.settings.valueOf(key));
    if (!_record->password.empty()) all.emplace_back("the password of the account", _record->password);
    return all;
}

std::size_t TaskTrial::threadsLeft() const {
    const auto until = std::chrono::steady_clock::now() + kThreadGrace;
    for (;;) {
        auto left = markedThreads();
        for (const auto thread : _threadsBefore) left.erase(thread);
        if (left.empty() || std::chrono::steady_clock::now() > until) return left.size();
        std::this_thread::sleep_for(kLookInterval);
    }
}

void TaskTrial::call(Record& record, const Conformance::Subject& subject, Call call) {
    try {
        const auto task = subject.make();
        const auto faults = configure(*task, subject.settings, [&record](const auto& s) { record.secrets.insert(s); });
        for (const auto& fault : faults) record.said.emplace_back("a fault of configure()", fault);
        if (faults.empty())
            callTask(record, *task, call);
        else
            record.failure = faults.front();
    } catch (...) {
        record.failure = describeException();
        record.said.emplace_back("the exception of " + nameOf(call), record.failure);
    }
}

void TaskTrial::callTask(Record& record, SyncTask& task, Call call) {
    const auto say = [&record, where = nameOf(call)](const std::string& what, const auto&... texts) {
        (record.said.emplace_back(what + " of " + where, texts), ...);
    };
    switch (call) {
        case Call::Run:
            return keep(record, "the report of run()", task.run(record.context));
        case Call::Check:
            return task.check(record.context, [&say](const Check& check) {
                say("a check", check.name, check.message, check.recommendation);
                for (const auto& [name, value] : check.details) say("a detail", name, value);
            });
        case Call::Preview:
            return keep(record, "the report of preview()",
                        dynamic_cast<Previews&>(task).preview(record.context, [&say](const PlannedItem& item) {
                            say("a planned item", item.what, item.effect, item.reason, item.detail);
                        }));
        case Call::Rejects:
            for (const auto& reject : dynamic_cast<KeepsRejects&>(task).rejects(record.context, {}))
                say("a reject", reject.what, reject.reason, reject.detail);
            return;
        case Call::Replay:
            return keep(record, "the report of replay()", dynamic_cast<KeepsRejects&>(task).replay(record.context, {}));
        case Call::Items:
        case Call::Verify:
            return callItems(record, dynamic_cast<KeepsItems&>(task), call);
        case Call::MailAccount:
            const auto account = dynamic_cast<HasMailAccount&>(task).mailAccount(record.context);
            record.password = account.password;
            return say("the account", account.host, account.user, account.from, account.name);
    }
}

void TaskTrial::callItems(Record& record, KeepsItems& task, Call call) {
    const auto say = [&record, where = " of " + nameOf(call)](const Item& item) {
        for (const auto& text : {item.what, item.reason, item.detail, item.storedAs})
            record.said.emplace_back("an item" + where, text);
        for (const auto& [name, text] : item.about) record.said.emplace_back("what an item belongs to" + where, text);
        for (const auto& [name, text] : item.people.value_or(Item::Facts{}))
            record.said.emplace_back("what concerns people" + where, text);
    };
    if (call == Call::Verify) return keep(record, "the report of verify()", task.verify(record.context, say));
    ItemQuery everything;
    everything.people = true;
    for (const auto& item : task.items(record.context, everything)) say(item);
}

void TaskTrial::keep(Record& record, const std::string& where, const RunReport& report) {
    record.said.emplace_back(where, report.message);
    for (const auto& warning : report.warnings) record.said.emplace_back("a warning in " + where, warning);
    for (const auto& figure : report.figures) record.said.emplace_back("a figure in " + where, figure.key());
    if (report.outcome != Outcome::Succeeded && report.outcome != Outcome::NothingToDo) record.failure = report.message;
}

}  // namespace carillon::testing
