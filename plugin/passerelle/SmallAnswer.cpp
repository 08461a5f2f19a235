#include "SmallAnswer.h"

#include "BacklogReader.h"

#include "Poco/Exception.h"
#include "Poco/JSON/Parser.h"

namespace passerelle {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// Each goes through all of the text: a text of braces alone must not take for ever.
constexpr int kMostTries = 100;

/// Behind the brace that closes the one at `begin`; npos: none does.
std::size_t findEnd(std::string_view text, std::size_t begin) {
    int depth = 0;
    bool inString = false;
    for (std::size_t at = begin; at < text.size(); ++at) {
        const char c = text[at];
        if (inString && c == '\\')
            ++at;
        else if (c == '"')
            inString = !inString;
        else if (!inString && c == '{')
            ++depth;
        else if (!inString && c == '}' && --depth == 0)
            return at + 1;
    }
    return std::string_view::npos;
}

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

std::size_t findJsonObjectBegin(std::string_view text, std::size_t from) {
    for (auto begin = text.find('{', from); begin != std::string_view::npos; begin = text.find('{', begin + 1)) {
        const auto next = text.find_first_not_of(kWhiteSpace, begin + 1);
        if (next != std::string_view::npos && (text[next] == '"' || text[next] == '}')) return begin;
    }
    return std::string_view::npos;
}

std::optional<JsonObjectText> findJsonObject(std::string_view text, std::size_t from) {
    auto begin = findJsonObjectBegin(text, from);
    for (int tries = 0; begin != std::string_view::npos && tries < kMostTries; ++tries) {
        const auto end = findEnd(text, begin);
        if (end != std::string_view::npos)
            return JsonObjectText{text.substr(0, begin), text.substr(begin, end - begin), text.substr(end)};
        begin = findJsonObjectBegin(text, begin + 1);
    }
    return std::nullopt;
}

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
