#include "logs/LostLines.h"

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

/// The parameter of a message whose text is the finished line.
const std::string kFinished = "carillon.finished";

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

FormattingStep::FormattingStep(Poco::Channel::Ptr target, Poco::Formatter::Ptr formatter, bool always)
    : _target(std::move(target)), _formatter(std::move(formatter)), _always(always) {}

void FormattingStep::log(const Poco::Message& message) {
    if (!_always && isFinished(message)) return _target->log(message);
    std::string line;
    _formatter->format(message, line);
    Poco::Message finished(message, line);
    finished.set(kFinished, "");
    _target->log(finished);
}

void FormattingStep::close() {
    _target->close();
}

bool FormattingStep::isFinished(const Poco::Message& message) {
    return message.has(kFinished);
}

GuardedChannel::GuardedChannel(Poco::Channel::Ptr target, LostLines& lost) : _target(std::move(target)), _lost(lost) {}

void GuardedChannel::log(const Poco::Message& message) {
    const std::lock_guard lock(_mutex);
    try {
        _target->log(message);
    } catch (...) {
        _lost.add(message);
        closeQuietly();
    }
}

void GuardedChannel::close() {
    const std::lock_guard lock(_mutex);
    closeQuietly();
}

void GuardedChannel::closeQuietly() noexcept {
    try {
        _target->close();
    } catch (...) {  // what could be written is written
    }
}

}  // namespace carillon
