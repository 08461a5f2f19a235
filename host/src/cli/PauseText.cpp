#include "cli/PauseText.h"

#include "base/FilePath.h"
#include "cli/CliTexts.h"
#include "cli/Terminal.h"
#include "cli/TimeWords.h"
#include "store/RunStore.h"

#include "Poco/Exception.h"

#include <filesystem>
#include <iostream>
#include <system_error>

namespace carillon {

std::string describe(const Pause& pause, TimePoint now) {
    std::string text = pause.by.empty() ? "" : cliText("pause.by", {{"by", pause.by}});
    if (pause.since != TimePoint{})
        text += (text.empty() ? "" : " ") + cliText("pause.since", {{"since", whenWords(pause.since, now)}});
    if (pause.until)
        text += (text.empty() ? "" : ", ") + cliText("pause.until", {{"until", whenWords(*pause.until, now)}});
    return pause.note.empty() ? text : text + cliText("terminal.colon") + ' ' + pause.note;
}

void printPause(const std::string& job, const Pause& pause, TimePoint now) {
    if (const std::string how = describe(pause, now); !how.empty())
        std::cerr << cliText("pause.is", {{"job", job}, {"how", printable(how)}}) << '\n';
}

std::map<std::string, Pause> readPauses(const HostConfig& host) {
    std::error_code error;
    if (!std::filesystem::exists(pathFrom(host.stateDir) / "carillon.db", error)) return {};
    try {
        const SystemClock clock;
        return RunStore(host.stateDir, clock, std::chrono::milliseconds(500)).pauses();
    } catch (const Poco::Exception&) {
        return {};
    }
}

}  // namespace carillon
