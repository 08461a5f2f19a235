#include "Fuzz.h"

#include "base/JsonValue.h"
#include "base/JsonWriter.h"
#include "base/LogText.h"

using namespace carillon;

namespace {

void write(JsonWriter& json, const JsonValue& value) {
    if (value.isNull()) {
        json.raw("null");
    } else if (value.isText()) {
        json.value(value.text());
    } else if (value.isArray()) {
        json.beginArray();
        for (const auto& item : value.members()) write(json, item.value);
        json.endArray();
    } else if (value.isObject()) {
        json.beginObject();
        for (const auto& member : value.members()) write(json.key(member.name), member.value);
        json.endObject();
    } else {
        try {
            json.value(value.flag());
        } catch (const Poco::DataFormatException&) {
            json.raw("0");
        }
    }
}

std::string written(const JsonValue& value) {
    JsonWriter json;
    write(json, value);
    return json.text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::textOf(data, size);
    JsonWriter json;
    json.value(text);
    fuzz::require(JsonValue::parse(json.text()).text() == toUtf8(text), "a text that is written is read again");
    fuzz::require(json.text().find('\n') == std::string::npos, "JSON stays on its line");
    try {
        const std::string once = written(JsonValue::parse(text));
        fuzz::require(written(JsonValue::parse(once)) == once, "what was read and written is read again");
    } catch (const Poco::DataFormatException&) {
    }
    return 0;
}
