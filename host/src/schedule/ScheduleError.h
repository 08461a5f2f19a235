#pragma once

#include "carillon/Message.h"

#include "Poco/Exception.h"

#include <utility>

namespace carillon {

/// A schedule or a time zone that cannot be. Its message() is one sentence that names the expression or zone, the
/// field, what was found and what would be right.
class ScheduleError : public Poco::SyntaxException {
public:
    explicit ScheduleError(Message said) : Poco::SyntaxException(said.text), _said(std::move(said)) {}
    const char* name() const noexcept override { return "Schedule"; }
    Poco::Exception* clone() const override { return new ScheduleError(*this); }
    void rethrow() const override { throw *this; }

    /// The same with its code.
    const Message& said() const { return _said; }

private:
    Message _said;
};

}  // namespace carillon
