#pragma once

#include "base/JsonValue.h"
#include "runner/TaskOutput.h"

#include <string>

namespace carillon {

/// Turns one message of a worker process back into what its task said. Throws Poco::Exception when there is no such
/// kind, or the value is not of its form.
void dispatchMessage(const std::string& kind, const JsonValue& value, TaskOutput& output);

}  // namespace carillon
