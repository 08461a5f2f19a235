#include "BrokenItem.h"

#include "Encoding.h"

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"
#include "Poco/SHA2Engine.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <streambuf>
#include <utility>

namespace passerelle {
namespace {

/// So far is looked ahead for a form: the spaces and a name of a member.
constexpr std::size_t kForm = 256;

bool isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isBetweenItems(char c) {
    return isSpace(c) || c == ',';
}

bool isNameCharacter(char c) {
    const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
    return letter < 26 || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

void dropSpaces(std::string_view& text) {
    while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
}

bool dropCharacter(std::string_view& text, char c) {
    dropSpaces(text);
    const bool there = !text.empty() && text.front() == c;
    if (there) text.remove_prefix(1);
    return there;
}

/// `"name" :`, and gives the name.
std::optional<std::string_view> dropMemberName(std::string_view& text) {
    if (!dropCharacter(text, '"')) return std::nullopt;
    const auto length =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isNameCharacter) - text.begin());
    const std::string_view name = text.substr(0, length);
    text.remove_prefix(length);
    if (name.empty() || !dropCharacter(text, '"') || !dropCharacter(text, ':')) return std::nullopt;
    return name;
}

/// A text of which the next bytes can be looked at before they are taken.
class Lookahead {
public:
    explicit Lookahead(std::streambuf& source) : _source(source) {}

    /// The next bytes, fewer at the end of the text. Good until the next call.
    std::string_view peek(std::size_t bytes) {
        if (_at > kForm * 16) _text.erase(0, std::exchange(_at, 0));
        while (_text.size() < _at + bytes) {
            const auto c = _source.sbumpc();
            if (c == std::streambuf::traits_type::eof()) break;
            _text += std::streambuf::traits_type::to_char_type(c);
        }
        return std::string_view(_text).substr(_at, bytes);
    }
    void take() { ++_at; }
    std::string rest() const { return _text.substr(_at); }

private:
    std::streambuf& _source;
    std::string _text;
    std::size_t _at = 0;
};

/// What quotes and brackets tell of a place in a list, if they are to be believed.
class Place {
public:
    explicit Place(bool insideItem) : _depth(insideItem ? 1 : 0) {}

    void pass(char c) {
        if (!isSpace(c)) _last = c;
        if (_inString) {
            if (!std::exchange(_escaped, c == '\\' && !_escaped)) _inString = c != '"';
            return;
        }
        if (c == '"') _inString = true;
        if (c == '{' || c == '[') ++_depth;
        if ((c == '}' || c == ']') && _depth > 0) --_depth;
    }

    /// For what looks like the beginning of an item with a member of this name first.
    bool mayBeginItem(std::string_view name) const {
        if (_inString) return _last == ',';  // no sound string holds such a form, with its quotes
        // No object holds `,{`: the one before was not closed. A list in an item may, but none that begins with an id.
        return _depth == 0 || (_last == ',' && (_depth == 1 || name == "id"));
    }
    /// For what looks like the end of the list.
    bool mayEndList() const { return _inString ? _last == '}' : _depth == 0; }

private:
    int _depth;
    bool _inString = false;
    bool _escaped = false;
    char _last = 0;  // but for spaces
};

bool beginsItem(std::string_view text, const Place& place) {
    if (text.substr(0, 2) == "{}") return place.mayBeginItem("");
    if (!dropCharacter(text, '{')) return false;
    const auto name = dropMemberName(text);
    return name && place.mayBeginItem(*name);
}

/// `] , "name" :` or `] }`, and no `,`, `]` or `}` behind that.
bool endsList(std::string_view text, const Place& place) {
    if (!place.mayEndList() || !dropCharacter(text, ']')) return false;
    if (dropCharacter(text, ',')) return dropMemberName(text).has_value();
    if (!dropCharacter(text, '}')) return false;
    dropSpaces(text);
    return text.empty() || (text.front() != ',' && text.front() != ']' && text.front() != '}');
}

/// As the parser reads it; nothing where that fails.
std::optional<std::string> decode(std::string_view string) {
    try {
        Poco::JSON::Parser parser;
        return parser.parse("[" + std::string(string) + "]")
            .extract<Poco::JSON::Array::Ptr>()
            ->getElement<std::string>(0);
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

/// The value behind the first such name, as it is written; a string with its quotes.
std::optional<std::string_view> findValue(std::string_view item, std::string_view wanted) {
    for (auto at = item.find('"'); at != std::string_view::npos; at = item.find('"', at + 1)) {
        std::string_view text = item.substr(at);
        const auto name = dropMemberName(text);
        if (name != wanted) continue;
        dropSpaces(text);
        if (text.empty() || text.front() != '"') return text.substr(0, text.find_first_of(",}] \t\r\n"));
        for (std::size_t end = 1; end < text.size(); ++end) {
            if (text[end] == '\\')
                ++end;
            else if (text[end] == '"')
                return text.substr(0, end + 1);
        }
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::string> findText(std::string_view item, std::string_view name) {
    const auto value = findValue(item, name);
    return value && value->starts_with('"') ? decode(*value) : std::nullopt;
}

}  // namespace

Skipped skipBrokenItem(BoundedStringBuffer& json, bool inside, std::size_t mostText) {
    Lookahead text(json);
    Place place(inside);
    Skipped skipped;
    const auto take = [&](char c) {
        text.take();
        if (skipped.text.size() < mostText) skipped.text += c;
    };
    while (!text.peek(1).empty() && isBetweenItems(text.peek(1).front())) text.take();
    if (inside && !text.peek(1).empty()) take(text.peek(1).front());  // its own bracket begins no further item
    for (;;) {
        const std::string_view next = text.peek(1);
        if (next.empty()) break;
        const char c = next.front();
        if (c == '{' && beginsItem(text.peek(kForm), place)) {
            skipped.next = Skipped::Next::Item;
            break;
        }
        if (c == ']' && endsList(text.peek(kForm), place)) {
            skipped.next = Skipped::Next::EndOfList;
            break;
        }
        take(c);
        place.pass(c);
    }
    json.pushBack(text.rest());
    while (!skipped.text.empty() && isBetweenItems(skipped.text.back())) skipped.text.pop_back();
    return skipped;
}

Validation salvageItem(const std::string& raw, const std::string& why) {
    Validation item;
    item.defect = why;
    std::string id(findValue(raw, "id").value_or(""));
    if (id.starts_with('"')) id = decode(id).value_or("");
    item.gatewayId = parseId(id);
    item.token = findText(raw, "token").value_or("");
    item.action = findText(raw, "action").value_or("");
    item.comment = findText(raw, "commentaire");
    item.validatedAt = findText(raw, "validated_at").value_or("");
    std::string& json = item.payload;
    json = "{";
    if (item.gatewayId > 0) json += "\"id\":" + std::to_string(item.gatewayId) + ",";
    const auto add = [&json](std::string_view name, const std::string& text) {
        json.append("\"").append(name).append("\":");
        appendJson(json, text);
        json += ',';
    };
    if (!item.token.empty()) add("token", item.token);
    if (!item.action.empty()) add("action", item.action);
    if (item.comment) add("commentaire", *item.comment);
    if (!item.validatedAt.empty()) add("validated_at", item.validatedAt);
    add(kRawMember, toBase64(raw));
    json.back() = '}';
    if (item.token.empty()) item.fingerprint = fingerprintOf(raw);
    return item;
}

std::int64_t parseId(std::string_view text) {
    while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
    dropSpaces(text);
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc{} && read.ptr == end)
        return std::max<std::int64_t>(whole, 0);
    constexpr double kExact = 9'007'199'254'740'992;  // whole numbers up to here
    double number = 0;
    const auto read = std::from_chars(text.data(), end, number);
    const bool sound = read.ec == std::errc{} && read.ptr == end && number >= 1 && number <= kExact;
    return sound && number == std::floor(number) ? static_cast<std::int64_t>(number) : 0;
}

std::string fingerprintOf(std::string item) {
    if (const auto at = item.find("\"id\":"); at != std::string::npos)
        item.erase(at, item.find_first_of(",}", at) - at);
    Poco::SHA2Engine engine;
    engine.update(item);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

}  // namespace passerelle
