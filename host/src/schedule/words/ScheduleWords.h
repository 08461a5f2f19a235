#pragma once

#include "carillon/Message.h"
#include "words/Language.h"

#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a schedule says, as a native speaker would write it: "at 02:30 on the last Friday of the month". Without a
/// capital and a full stop. Throws ScheduleError as Schedule::parse() does.
std::string scheduleInWords(std::string_view text, Language language);

/// What in a schedule is right, and as cron takes it, but hardly what its author meant: a sentence each, such as
/// "*/90 in the minute field fires at minute 0 only; for every 90 minutes write 'every 90m'". Of a text that is no
/// schedule: nothing.
std::vector<Message> warningsOfSchedule(std::string_view text);

}  // namespace carillon
