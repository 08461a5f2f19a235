#include "RequestInput.h"

#include "Http.h"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <string_view>
#include "Poco/DateTimeParser.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "Poco/NumberParser.h"

namespace testgateway {

namespace {

constexpr std::int64_t kMostItems = 100'000'000;
constexpr std::int64_t kMostBytes = 4'000'000'000;
constexpr std::int64_t kLongestDelay = 3'600'000;

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

[[noreturn]] void refuse(const std::string& message) {
    throw BadRequest(message, 400);
}

bool isWholeNumber(const Var& value) {
    return !value.isEmpty() && !value.isBoolean() && value.isInteger();
}

Object::Ptr readObject(const std::string& body) {
    try {
        const Var top = Poco::JSON::Parser().parse(body);
        if (top.type() == typeid(Object::Ptr)) return top.extract<Object::Ptr>();
    } catch (const Poco::Exception& e) {
        refuse("the body is not JSON: " + e.displayText());
    }
    refuse("the body must be a JSON object");
}

Array::Ptr readArray(const Object& object, const std::string& key) {
    Array::Ptr array = object.getArray(key);
    if (!array) refuse(key + " must be a list");
    return array;
}

void requireKnown(const Object& object, std::initializer_list<std::string_view> known) {
    for (const std::string& name : object.getNames()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) refuse("unknown member " + name);
    }
}

std::int64_t readNumber(const Object& object, const std::string& key, std::int64_t fallback, std::int64_t least,
                        std::int64_t most) {
    if (!object.has(key)) return fallback;
    const Var value = object.get(key);
    if (!isWholeNumber(value)) refuse(key + " must be a whole number");
    const auto number = value.convert<Poco::Int64>();
    if (number < least || number > most) {
        refuse(key + " must be " + std::to_string(least) + " to " + std::to_string(most));
    }
    return number;
}

std::string readText(const Object& object, const std::string& key, const std::string& fallback) {
    if (!object.has(key)) return fallback;
    const Var value = object.get(key);
    if (!value.isString()) refuse(key + " must be a text");
    return value.extract<std::string>();
}

bool readFlag(const Object& object, const std::string& key) {
    if (!object.has(key)) return false;
    const Var value = object.get(key);
    if (!value.isBoolean()) refuse(key + " must be true or false");
    return value.extract<bool>();
}

Cell readCell(const Object& object, const std::string& key) {
    if (!object.has(key)) return Absent{};
    const Var value = object.get(key);
    if (value.isEmpty()) return nullptr;
    if (value.isString()) return value.extract<std::string>();
    if (isWholeNumber(value)) return static_cast<std::int64_t>(value.convert<Poco::Int64>());
    refuse(key + " must be a text, a whole number or null");
}

Item readItem(const Object& object) {
    requireKnown(object, {"id", "token", "action", "commentaire", "validated_at"});
    Item item{.token = readCell(object, "token"),
              .action = readCell(object, "action"),
              .commentaire = readCell(object, "commentaire"),
              .validatedAt = readCell(object, "validated_at")};
    if (object.has("id")) {
        using Limits = std::numeric_limits<std::int64_t>;
        item.id = readNumber(object, "id", 0, Limits::min(), Limits::max());
    }
    return item;
}

std::int64_t readId(const Var& value) {
    Poco::Int64 id = 0;
    if (isWholeNumber(value)) return value.convert<Poco::Int64>();
    if (value.isString() && Poco::NumberParser::tryParse64(value.extract<std::string>(), id)) return id;
    refuse("each of ids must be a whole number");
}

std::optional<Call> readCall(const Object& object) {
    const std::string name = readText(object, "call", "any");
    if (name == "any") return std::nullopt;
    const std::optional<Call> call = callOf(name);
    if (!call) refuse("call must be pending, acknowledge, stats, health or any");
    return call;
}

std::string readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) refuse("file " + path + " cannot be read");
    return bytes;
}

bool readVariant(const Object& object) {
    const std::string variant = readText(object, "variant", "object");
    if (variant != "object" && variant != "array") refuse("variant must be object or array");
    return variant == "array";
}

}  // namespace

std::vector<std::int64_t> readIds(const std::string& body) {
    const Object::Ptr object = readObject(body);
    const Array::Ptr array = readArray(*object, "ids");
    if (array->empty()) refuse("ids must not be empty");
    std::vector<std::int64_t> ids;
    ids.reserve(array->size());
    for (const Var& id : *array) ids.push_back(readId(id));
    return ids;
}

std::vector<Item> readItems(const std::string& body) {
    const Object::Ptr object = readObject(body);
    requireKnown(*object, {"items"});
    const Array::Ptr array = readArray(*object, "items");
    std::vector<Item> items;
    items.reserve(array->size());
    for (unsigned index = 0; index < array->size(); ++index) {
        const Object::Ptr item = array->getObject(index);
        if (!item) refuse("each of items must be an object");
        items.push_back(readItem(*item));
    }
    return items;
}

RawAnswer readRawAnswer(const std::string& body) {
    const Object::Ptr object = readObject(body);
    requireKnown(*object, {"body", "file", "status", "contentType", "times"});
    RawAnswer answer;
    answer.body = readText(*object, "body", answer.body);
    // JSON carries no other bytes than those of texts.
    if (const std::string file = readText(*object, "file", ""); !file.empty()) answer.body = readFile(file);
    answer.status = static_cast<int>(readNumber(*object, "status", answer.status, 100, 599));
    answer.contentType = readText(*object, "contentType", answer.contentType);
    answer.times = static_cast<long>(readNumber(*object, "times", answer.times, -1, kMostItems));
    return answer;
}

BacklogSpec readBacklog(const std::string& body) {
    const Object::Ptr object = readObject(body);
    requireKnown(*object, {"count", "first", "refusals", "start"});
    BacklogSpec spec;
    spec.count = readNumber(*object, "count", spec.count, 0, kMostItems);
    spec.first = readNumber(*object, "first", spec.first, 0, kMostItems);
    spec.refusals = readNumber(*object, "refusals", spec.refusals, 0, kMostItems);
    const std::string start = readText(*object, "start", "2026-01-05 08:00:00");
    int timezone = 0;
    if (!Poco::DateTimeParser::tryParse("%Y-%m-%d %H:%M:%S", start, spec.start, timezone)) {
        refuse("start must be YYYY-MM-DD HH:MM:SS");
    }
    return spec;
}

Fault readFault(const std::string& body) {
    const Object::Ptr object = readObject(body);
    requireKnown(*object, {"name", "call", "times", "status", "retryAfter", "milliseconds", "bytes", "afterBytes",
                           "chunked", "reset", "variant", "location"});
    const std::string name = readText(*object, "name", "");
    const std::optional<FaultKind> kind = faultKindOf(name);
    if (!kind) refuse("unknown fault " + name);

    Fault fault{.kind = *kind, .call = readCall(*object)};
    fault.times = static_cast<long>(readNumber(*object, "times", fault.times, -1, kMostItems));
    fault.status = static_cast<int>(readNumber(*object, "status", fault.status, 100, 599));
    fault.retryAfter = std::chrono::seconds(readNumber(*object, "retryAfter", fault.retryAfter.count(), 0, 86'400));
    fault.delay = std::chrono::milliseconds(readNumber(*object, "milliseconds", fault.delay.count(), 0, kLongestDelay));
    fault.bytes = static_cast<std::size_t>(readNumber(*object, "bytes", 1'024, 1, kMostBytes));
    fault.afterBytes = static_cast<std::size_t>(readNumber(*object, "afterBytes", 0, 0, kMostBytes));
    fault.chunked = readFlag(*object, "chunked");
    fault.reset = readFlag(*object, "reset");
    fault.topArray = readVariant(*object);
    fault.location = readText(*object, "location", "https://127.0.0.1/");
    return fault;
}

}  // namespace testgateway
