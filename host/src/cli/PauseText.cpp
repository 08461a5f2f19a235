#include "cli/PauseText.h"

#include "cli/Terminal.h"
#include "schedule/TimeText.h"

#include <iostream>

namespace carillon {

std::string describe(const Pause& pause, TimePoint now) {
    std::string text = pause.by.empty() ? "" : "by " + pause.by;
    if (pause.since != TimePoint{}) text += (text.empty() ? "since " : " since ") + whenText(pause.since, now);
    if (pause.until) text += (text.empty() ? "until " : ", until ") + whenText(*pause.until, now);
    return pause.note.empty() ? text : text + ": " + pause.note;
}

void printPause(const std::string& job, const Pause& pause, TimePoint now) {
    if (const std::string how = describe(pause, now); !how.empty())
        std::cerr << job << " is paused " << printable(how) << '\n';
}

}  // namespace carillon
