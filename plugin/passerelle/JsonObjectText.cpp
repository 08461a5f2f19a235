#include "JsonObjectText.h"

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

}  // namespace passerelle
