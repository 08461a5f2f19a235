#pragma once

#include "base/JsonValue.h"
#include "carillon/RunContext.h"
#include "runner/WorkerRequest.h"

#include <chrono>
#include <string>

/// The lines that the host sends to a worker process, with their ends: a request, then `begin` or `drop`, and so on.
namespace carillon {

/// What the host sends when the run may begin.
struct RunBegin {
    RunIdentity identity{};
    std::chrono::milliseconds timeout{0};  ///< From the arrival on; 0: none.
    int logLevel = 0;                      ///< A Poco::Message::Priority.
};

std::string requestLine(const WorkerRequest& request);
std::string beginLine(const RunBegin& begin);
/// The task that was asked for is not to be called.
std::string dropLine();

/// These throw Poco::Exception when the value is not of the form. They take what stands below the line's one name.
WorkerRequest requestFromJson(const JsonValue& json);
RunBegin beginFromJson(const JsonValue& json);

}  // namespace carillon
