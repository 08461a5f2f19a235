#pragma once

#include "alerts/JobTroubles.h"
#include "api/StandingBook.h"
#include "base/Fields.h"
#include "record/HostState.h"

/// The forms of the API's answers, as schemas/openapi.yaml describes them. Each appends one value.
namespace carillon {

/// `{"items":[…],"next":…}`: `next` is a cursor, or null at the end.
class JsonPage {
public:
    JsonPage() { _json.beginObject().key("items").beginArray(); }
    JsonWriter& item() { return _json; }
    /// Empty: this is the end.
    std::string end(const std::string& next);

private:
    JsonWriter _json{};
};

/// The members of a job's state, with what the store knows of it, inside an object that is open.
void writeMembers(JsonWriter& json, const JobState& job, const KnownStandings& standings);
/// With what the host says of itself to who may look, and of these jobs.
void write(JsonWriter& json, const HostState& state, const std::vector<JobTrouble>& troubles);

}  // namespace carillon
