#include "conceal/DecodedText.h"

#include "base/LogText.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace carillon {
namespace {

/// So many hexadecimal digits from `at` on; -1: there are others.
int readHex(std::string_view text, std::size_t at, std::size_t digits) {
    if (text.size() < at + digits) return -1;
    int value = 0;
    const char* const end = text.data() + at + digits;
    const auto [stop, error] = std::from_chars(end - digits, end, value, 16);
    return error == std::errc{} && stop == end ? value : -1;
}

LogEscape readPercent(std::string_view text) {
    const int value = readHex(text, 1, 2);
    return value < 0 ? LogEscape{} : LogEscape{std::string(1, static_cast<char>(value)), 3};
}

/// Those that PHP and browsers make of the five characters, and any by its number.
LogEscape readEntity(std::string_view text) {
    constexpr std::pair<std::string_view, char> kNames[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (const auto& [name, meaning] : kNames)
        if (text.starts_with(name)) return {std::string(1, meaning), name.size()};
    if (!text.starts_with("&#")) return {};
    const bool isHex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    const char* const begin = text.data() + (isHex ? 3 : 2);
    const char* const last = text.data() + text.size();
    int code = 0;
    const auto [end, error] = std::from_chars(std::min(begin, last), last, code, isHex ? 16 : 10);
    const bool isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code >= 0xe000);
    if (error != std::errc{} || end == last || *end != ';' || !isCharacter) return {};
    return {utf8Of(code), static_cast<std::size_t>(end + 1 - text.data())};
}

/// Of JSON, or of a log.
LogEscape readBackslash(std::string_view text) {
    constexpr std::string_view kLetters = "/bf";
    constexpr std::string_view kMeanings = "/\b\f";
    if (text.size() < 2) return {};
    if (const auto letter = kLetters.find(text[1]); letter != std::string_view::npos)
        return {std::string(1, kMeanings[letter]), 2};
    const int first = text[1] == 'u' ? readHex(text, 2, 4) : -1;
    const int second = text.substr(std::min<std::size_t>(6, text.size())).starts_with("\\u") ? readHex(text, 8, 4) : -1;
    const bool isPair = first >= 0xd800 && first < 0xdc00 && second >= 0xdc00 && second < 0xe000;
    if (isPair) return {utf8Of(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), 12};
    return readEscape(text);
}

}  // namespace

DecodedText::DecodedText(std::string_view text) : _text(text), _places(text.size() + 1) {
    std::iota(_places.begin(), _places.end(), 0U);
}

template <typename ReadUnit>
DecodedText DecodedText::decoded(char mark, ReadUnit readUnit) const {
    DecodedText decoded;
    decoded._text.reserve(_text.size());
    decoded._places.reserve(_places.size());
    for (std::size_t at = 0; at < _text.size();) {
        const LogEscape unit = _text[at] == mark ? readUnit(std::string_view(_text).substr(at)) : LogEscape{};
        const std::size_t run = unit.length > 0 ? 0 : std::min(_text.find(mark, at + 1), _text.size()) - at;
        decoded._text.append(_text, at, run).append(unit.meaning);
        const auto places = _places.begin() + static_cast<std::ptrdiff_t>(at);
        decoded._places.insert(decoded._places.end(), places, places + static_cast<std::ptrdiff_t>(run));
        decoded._places.insert(decoded._places.end(), unit.meaning.size(), _places[at]);
        at += run + unit.length;
    }
    decoded._places.push_back(_places.back());
    return decoded;
}

DecodedText DecodedText::withoutEscapes() const {
    return decoded('\\', readBackslash);
}

DecodedText DecodedText::withoutPercents() const {
    return decoded('%', readPercent);
}

DecodedText DecodedText::withoutEntities() const {
    return decoded('&', readEntity);
}

std::pair<std::size_t, std::size_t> DecodedText::placeOf(std::size_t begin, std::size_t end) const {
    // Bytes of one character share their place.
    while (end + 1 < _places.size() && end > 0 && _places[end] == _places[end - 1]) ++end;
    return {_places[begin], _places[end]};
}

}  // namespace carillon
