#pragma once

#include "base/JsonValue.h"
#include "runner/RunReporter.h"
#include "runner/WorkerMessages.h"
#include "scheduler/RunRequest.h"
#include "scheduler/SchedulerState.h"

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"

#include <string>
#include <vector>

/// What a command and the host of its machine say to each other: JSON, one line a message. The command sends one
/// request, `{"verb":…}`, and may send `{"stop":"SIGTERM"}` or `{"stop_by":"anna"}` while its run goes on. The host
/// sends `log` and `progress` lines and then one answer: `result`, `busy`, `refused`, `faults` or what the request
/// asked for.
namespace carillon {

/// One message of a single member, as a line.
template <typename Value>
std::string messageLine(const std::string& kind, const Value& value) {
    Poco::JSON::Object object;
    object.set(kind, value);
    return toLine(object);
}

/// The callbacks of the ask do not travel.
Poco::JSON::Object::Ptr toJson(const RunRequest& ask);
RunRequest askFromJson(const JsonValue& json);

Poco::JSON::Object::Ptr toJson(const RunResult& result);
RunResult resultFromJson(const JsonValue& json);

Poco::JSON::Object::Ptr toJson(const Holder& holder);
Holder holderFromJson(const JsonValue& json);

Poco::JSON::Object::Ptr toJson(const SchedulerState& state);
Poco::JSON::Object::Ptr toJson(const JobState& state);

Poco::JSON::Object::Ptr toJson(const StopResult& result);
StopResult stopResultFromJson(const JsonValue& json);

Poco::JSON::Array::Ptr toJson(const std::vector<std::string>& texts);
std::vector<std::string> textsFromJson(const JsonValue& json);

}  // namespace carillon
