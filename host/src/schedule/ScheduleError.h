#pragma once

#include "Poco/Exception.h"

namespace carillon {

/// A schedule or a time zone that cannot be. Its message() is one sentence that names the expression or zone, the
/// field, what was found and what would be right.
class ScheduleError : public Poco::SyntaxException {
public:
    using Poco::SyntaxException::SyntaxException;
    const char* name() const noexcept override { return "Schedule"; }
    Poco::Exception* clone() const override { return new ScheduleError(*this); }
    void rethrow() const override { throw *this; }
};

}  // namespace carillon
