#include "platform/ExitStatus.h"

#include "posix/SignalText.h"

namespace carillon {

std::string ExitStatus::describe() const {
    if (isExit()) return "ended the process with exit code " + std::to_string(number);
    const std::string abbreviation = abbreviationOf(number);
    const std::string text = textOf(number);
    return "crashed with " + (abbreviation.empty() ? "signal " + std::to_string(number) : abbreviation) +
           (text.empty() ? "" : " (" + text + ")");
}

}  // namespace carillon
