#pragma once

#include "runner/JsonValue.h"
#include "runner/TaskOutput.h"

#include <string>

namespace carillon {

/// Turns one message of a worker process back into what its task said. Messages of other kinds mean nothing. Throws
/// Poco::Exception when the value is not of the kind's form.
void dispatchMessage(const std::string& kind, const JsonValue& value, TaskOutput& output);

}  // namespace carillon
