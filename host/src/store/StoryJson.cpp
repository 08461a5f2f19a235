#include "store/StoryJson.h"

#include "base/Fields.h"

namespace carillon {
namespace {

template <class Row>
void writeOrNull(JsonWriter& json, const char* name, const std::optional<Row>& row) {
    json.key(name);
    if (row)
        writePublic(json, *row);
    else
        json.raw("null");
}

void writeTime(JsonWriter& json, const char* name, const std::optional<TimePoint>& time) {
    json.key(name);
    if (time)
        json.value(std::string_view(toRfc3339(*time)));
    else
        json.raw("null");
}

void write(JsonWriter& json, const SlotStory& story) {
    json.beginObject().key("due");
    writePublic(json, story.slot);
    json.key("attempts").beginArray();
    for (const auto& run : story.attempts) writePublic(json, run);
    json.endArray();
    writeOrNull(json, "other", story.other);
    const bool hasTrace = story.isLate() && story.quietSince != TimePoint{};
    writeTime(json, "quiet_since", hasTrace ? std::optional(story.quietSince) : std::nullopt);
    writeTime(json, "quiet_until", story.isLate() ? std::optional(story.quietUntil) : std::nullopt);
    json.endObject();
}

}  // namespace

void writePublic(JsonWriter& json, const DueStory& story, const TypedTime& asked) {
    json.beginObject().member("from", toRfc3339(asked.from)).member("until", toRfc3339(asked.until));
    json.member("slots_due", story.due).member("slots_run", story.ran).key("slots").beginArray();
    for (const auto& slot : story.slots) write(json, slot);
    json.endArray();
    writeOrNull(json, "before", story.before);
    writeOrNull(json, "after", story.after);
    writeTime(json, "undecided", story.undecided);
    json.member("paused", story.isPaused).endObject();
}

}  // namespace carillon
