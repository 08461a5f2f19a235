#include "logs/FormattingStep.h"

#include <string>
#include <utility>

namespace carillon {
namespace {

/// The parameter of a message whose text is the finished line.
const std::string kFinished = "carillon.finished";

}  // namespace

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

}  // namespace carillon
