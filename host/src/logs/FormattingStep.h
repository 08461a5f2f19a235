#pragma once

#include "Poco/Channel.h"
#include "Poco/Formatter.h"
#include "Poco/Message.h"

namespace carillon {

/// Poco's FormattingChannel, except that the next one in the chain knows that the line is finished.
class FormattingStep final : public Poco::Channel {
public:
    /// `always`: also a line that is finished is formatted again.
    FormattingStep(Poco::Channel::Ptr target, Poco::Formatter::Ptr formatter, bool always);

    void log(const Poco::Message& message) override;
    void close() override;

    /// Whether the text of the message is a finished line.
    static bool isFinished(const Poco::Message& message);

private:
    Poco::Channel::Ptr _target;
    Poco::Formatter::Ptr _formatter;
    bool _always;
};

}  // namespace carillon
