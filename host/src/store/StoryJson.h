#pragma once

#include "base/JsonWriter.h"
#include "schedule/TypedTime.h"
#include "store/SlotStory.h"

namespace carillon {

/// What was due, in the public form that schemas/openapi.yaml describes. Appends one object.
void writePublic(JsonWriter& json, const DueStory& story, const TypedTime& asked);

}  // namespace carillon
