#include "SmallAnswer.h"

#include "BacklogReader.h"
#include "JsonObjectText.h"

#include "Poco/Exception.h"
#include "Poco/JSON/Parser.h"

#include <string_view>

namespace passerelle {
namespace {

using Poco::JSON::Object;

/// Each is parsed: a page may hold many.
constexpr int kMostAnswers = 20;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// A byte order mark has no look of its own.
std::string describe(std::string_view text) {
    constexpr std::string_view kMark = "\xef\xbb\xbf";
    if (isBlank(text)) return "";
    if (!text.starts_with(kMark)) return excerpt(std::string(text));
    text.remove_prefix(kMark.size());
    return std::string("a byte order mark") + (isBlank(text) ? "" : " and " + excerpt(std::string(text)));
}

Object::Ptr parseObject(std::string_view text) {
    try {
        Poco::JSON::Parser parser;
        return parser.parse(std::string(text)).extract<Object::Ptr>();
    } catch (const Poco::Exception&) {
        return {};
    }
}

}  // namespace

SmallAnswer readSmallAnswer(const std::string& text) {
    auto found = findJsonObject(text);
    for (int objects = 0; found && objects < kMostAnswers; ++objects) {
        const auto json = parseObject(found->object);
        const bool isAlone = isBlank(found->before) && isBlank(found->after);
        if (json && (isAlone || json->has("success"))) return {json, describe(found->before), describe(found->after)};
        const std::size_t begin = found->before.size();
        found = findJsonObject(text, json ? begin + found->object.size() : begin + 1);
    }
    return {};
}

std::string errorTextOf(const std::string& text) {
    const auto found = findJsonObject(text);
    try {
        if (const auto json = found ? parseObject(found->object) : Object::Ptr()) {
            const std::string message = json->optValue<std::string>("message", "");
            return excerpt(message.empty() ? json->optValue<std::string>("error", "") : message);
        }
    } catch (const Poco::Exception&) {  // they are no texts
    }
    return excerpt(text);
}

}  // namespace passerelle
