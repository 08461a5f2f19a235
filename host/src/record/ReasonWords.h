#pragma once

#include "carillon/Message.h"
#include "record/SlotReason.h"
#include "words/Language.h"

#include <string>

namespace carillon {

/// A reason as a message: in English as textOf() has it, elsewhere with dates and names of days in the reader's form.
Message saySlotReason(const SlotReason& reason);

/// What is known beside it, alone: who paused it and the note, which day off, when it was moved to and why.
Message saySlotDetail(const SlotReason& reason);

/// What begins with `2026-12-28 03:00`, up to the minute and in the reader's form.
Message sayDateTime(const std::string& date);

std::string reasonInWords(const SlotReason& reason, Language language);

}  // namespace carillon
