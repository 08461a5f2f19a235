#include "logs/LostLines.h"

#include "logs/FormattingStep.h"
#include "logs/LineFormatter.h"

#include "Poco/Exception.h"

#include <iostream>
#include <utility>

namespace carillon {
namespace {

constexpr std::chrono::seconds kBetweenNotices{10};

/// What the exception says that is being handled.
std::string currentReason() {
    try {
        throw;
    } catch (const Poco::Exception& e) {
        return e.displayText();
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

}  // namespace

LostLines::LostLines(std::string job, SteadyNow now) : _job(std::move(job)), _now(std::move(now)) {}

void LostLines::add(const Poco::Message& message) noexcept {
    const auto count = ++_count;
    try {
        if (!isNoticeDue()) return;
        std::string line = message.getText();
        if (!FormattingStep::isFinished(message)) LineFormatter().format(message, line);
        const std::string notice = "carillon: error: log of " + _job + ": " + toOneLine(currentReason()) + " (" +
                                   std::to_string(count) + " not written so far): " + line + "\n";
        std::cerr << notice << std::flush;
    } catch (...) {  // nowhere is left to tell it
    }
}

bool LostLines::isNoticeDue() {
    const std::lock_guard lock(_mutex);
    const auto now = _now();
    if (_noticed && now - *_noticed < kBetweenNotices) return false;
    _noticed = now;
    return true;
}

}  // namespace carillon
