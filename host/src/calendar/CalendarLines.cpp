#include "calendar/CalendarLines.h"

#include "base/TextFile.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <cctype>

namespace carillon {
namespace {

constexpr std::size_t kShown = 40;

bool isOfName(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

/// So that a message stays a line.
std::string beginningOf(const std::string& text) {
    return text.size() <= kShown ? text : text.substr(0, kShown) + "...";
}

/// Up to the first of the signs that stands outside quotation marks.
std::size_t findUnquoted(std::string_view text, std::string_view signs, std::size_t from) {
    bool quoted = false;
    for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == '"') quoted = !quoted;
        if (!quoted && signs.find(text[at]) != std::string_view::npos) return at;
    }
    return std::string_view::npos;
}

std::string withoutQuotes(std::string_view text) {
    std::string plain(text);
    std::erase(plain, '"');
    return plain;
}

}  // namespace

std::string inCapitals(std::string_view text) {
    std::string capitals(text);
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return capitals;
}

std::vector<std::string> commaParts(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        parts.emplace_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return parts;
}

std::string plainText(std::string_view value) {
    std::string text;
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (value[at] != '\\' || at + 1 == value.size()) {
            text += value[at];
            continue;
        }
        const char escaped = value[++at];
        text += escaped == 'n' || escaped == 'N' ? ' ' : escaped;
    }
    const auto first = text.find_first_not_of(' ');
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

void CalendarLine::refuse(const std::string& key, Message::Values values) const {
    values.emplace_back("name", name);
    values.emplace_back("value", value);
    throw CalendarError(sayHost(key, std::move(values)), number);
}

std::string_view CalendarLine::parameter(std::string_view wanted) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [wanted](const auto& parameter) { return parameter.first == wanted; });
    return found == parameters.end() ? std::string_view() : found->second;
}

/// A line that begins with a blank goes on with the one before.
std::string CalendarLines::unfold() {
    std::string line(takeLine(_text, _at));
    _number = ++_lines;
    while (_at < _text.size() && (_text[_at] == ' ' || _text[_at] == '\t')) {
        ++_at;
        line += takeLine(_text, _at);
        ++_lines;
    }
    return line;
}

std::optional<CalendarLine> CalendarLines::take() {
    std::string text;
    while (text.empty()) {
        if (_at >= _text.size()) return std::nullopt;
        text = unfold();
    }
    CalendarLine line;
    line.number = _number;
    std::size_t at = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isOfName) - text.begin());
    const std::size_t colon = findUnquoted(text, ":", at);
    if (at == 0 || at == text.size() || (text[at] != ':' && text[at] != ';') || colon == std::string::npos)
        throw CalendarError(sayHost("ics.noline", {{"text", beginningOf(text)}}), _number);
    line.name = inCapitals(text.substr(0, at));
    while (at < colon) {
        const std::size_t end = std::min(findUnquoted(text, ";", at + 1), colon);
        const std::string parameter = text.substr(at + 1, end - at - 1);
        const std::size_t sign = parameter.find('=');
        if (sign == std::string::npos || sign == 0) line.refuse("ics.parameter", {{"text", beginningOf(parameter)}});
        line.parameters.emplace_back(inCapitals(parameter.substr(0, sign)), withoutQuotes(parameter.substr(sign + 1)));
        at = end;
    }
    line.value = text.substr(colon + 1);
    return line;
}

}  // namespace carillon
