#include "carillon/testing/Conformance.h"

#include "base/ConfigSource.h"
#include "config/SourceReader.h"
#include "testing/TaskTrial.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace carillon::testing {
namespace {

using namespace std::chrono_literals;

/// How long a run is left alone before it is asked to stop.
constexpr auto kHeadStart = 200ms;

void complain(std::string& wrong, const std::string& sentence) {
    wrong += (wrong.empty() ? "" : "\n") + sentence;
}

std::string firstDifference(const std::string& before, const std::string& after) {
    std::istringstream was(before);
    std::istringstream is(after);
    std::string old;
    std::string line;
    while (std::getline(is, line)) {
        const bool hadOne = static_cast<bool>(std::getline(was, old));
        if (!hadOne) return "\"" + line + "\" is new";
        if (line != old) return "\"" + old + "\" became \"" + line + "\"";
    }
    return std::getline(was, old) ? "\"" + old + "\" is gone" : "";
}

/// The keys as somebody might misspell them, none of which is a key itself.
std::vector<std::string> wrongKeys(const Settings& settings) {
    std::vector<std::string> wrong{"no_such_key"};
    for (const auto& [key, value] : settings.values()) wrong.push_back(key + "x");
    std::erase_if(wrong, [&settings](const std::string& key) { return !settings.valueOf(key).empty(); });
    return wrong;
}

}  // namespace

Settings::Settings(std::initializer_list<std::pair<std::string, std::string>> values) : _values(values) {}

Settings& Settings::set(const std::string& key, std::string value) {
    _values.emplace_back(key, std::move(value));
    return *this;
}

Settings& Settings::secret(const std::string& key, std::string value) {
    _secrets.push_back(key);
    return set(key, std::move(value));
}

std::string Settings::valueOf(const std::string& key) const {
    const auto found =
        std::find_if(_values.begin(), _values.end(), [&key](const auto& one) { return one.first == key; });
    return found == _values.end() ? "" : found->second;
}

std::vector<std::string> configure(SyncTask& task, const Settings& settings,
                                   const std::function<void(const std::string& secret)>& onSecret) {
    std::map<std::string, ConfigSource::Entry> entries;
    for (const auto& [key, value] : settings.values()) entries["task." + key] = {value, value, 0, ""};
    const ConfigSource source("settings", std::move(entries));
    SourceReader reader(source, "task.", onSecret);
    task.configure(reader);
    reader.refuseUnknown();
    std::vector<std::string> faults;
    for (const auto& fault : reader.faults()) faults.push_back(fault.sentence());
    return faults;
}

std::string Conformance::startsWithItsConfiguration() const {
    std::string wrong;
    const auto task = _subject.make();
    for (const auto& fault : configure(*task, _subject.settings)) complain(wrong, fault);
    return wrong;
}

std::string Conformance::refusesAnUnknownKey() const {
    std::string wrong;
    for (const auto& key : wrongKeys(_subject.settings)) {
        Settings settings = _subject.settings;
        const auto task = _subject.make();
        bool isRefused = false;
        for (const auto& fault : configure(*task, settings.set(key, "1")))
            isRefused |= fault.find("task." + key + " ") != std::string::npos;
        if (!isRefused) complain(wrong, "task." + key + " is accepted, which the task cannot know");
    }
    return wrong;
}

std::string Conformance::stopsWhenAsked() const {
    std::string wrong;
    const auto tryRun = [&](const std::string& when, FakeRunContext::Deadline deadline, const auto& ask) {
        TaskTrial trial(_subject, Call::Run, deadline);
        ask(trial);
        if (!trial.endsWithin(_subject.patience))
            complain(wrong, "run() goes on " + std::to_string(_subject.patience.count()) + " ms after " + when);
    };
    tryRun("it was asked to stop before it began", {}, [](TaskTrial& trial) {
        trial.context().requestStop();
        trial.start();
    });
    tryRun("it was asked to stop", {}, [](TaskTrial& trial) {
        trial.start();
        trial.endsWithin(kHeadStart);
        trial.context().requestStop();
    });
    tryRun("its deadline", std::chrono::steady_clock::now() + kHeadStart, [](TaskTrial& trial) {
        trial.start();
        trial.endsWithin(kHeadStart);
    });
    return wrong;
}

std::string Conformance::concealsItsSecrets() const {
    std::string wrong;
    for (const Call call : callsOf(*_subject.make())) {
        TaskTrial trial(_subject, call);
        trial.start();
        if (!trial.endsWithin(_subject.patience)) return nameOf(call) + " does not return";
        const auto concealed = trial.concealed();
        for (const auto& [what, secret] : trial.secretsToConceal())
            if (!concealed.contains(secret))
                complain(wrong, nameOf(call) + " does not conceal " + what +
                                    ": read it with secret(), or name it to conceal()");
        for (const auto& [where, text] : trial.said())
            for (const auto& secret : concealed)
                if (text.find(secret) != std::string::npos) complain(wrong, where + " has a secret in it");
    }
    return wrong;
}

std::string Conformance::leavesNoThreadBehind() const {
    std::string wrong;
    for (const Call call : callsOf(*_subject.make())) {
        TaskTrial trial(_subject, call);
        trial.start();
        if (!trial.endsWithin(_subject.patience)) return nameOf(call) + " does not return";
        const auto left = trial.threadsLeft();
        if (left > 0) complain(wrong, nameOf(call) + " left " + std::to_string(left) + " of its threads behind");
    }
    return wrong;
}

std::string Conformance::survivesEachCallTwice() const {
    std::string wrong;
    for (const Call call : callsOf(*_subject.make()))
        for (const auto* time : {"the first time", "the second time"}) {
            TaskTrial trial(_subject, call);
            trial.start();
            if (!trial.endsWithin(_subject.patience)) return nameOf(call) + " does not return " + time;
            const auto failure = trial.failure();
            if (!failure.empty()) complain(wrong, nameOf(call) + " fails " + time + ": " + failure);
        }
    return wrong;
}

std::string Conformance::checkAndPreviewWriteNothing() const {
    std::string wrong;
    for (const Call call : callsOf(*_subject.make())) {
        if (call != Call::Check && call != Call::Preview) continue;
        const std::string before = _subject.world ? _subject.world() : "";
        TaskTrial trial(_subject, call);
        trial.start();
        if (!trial.endsWithin(_subject.patience)) return nameOf(call) + " does not return";
        const std::string change = firstDifference(before, _subject.world ? _subject.world() : "");
        if (!change.empty()) complain(wrong, nameOf(call) + " changed something: " + change);
    }
    return wrong;
}

}  // namespace carillon::testing
