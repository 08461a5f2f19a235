#include "ItemHandler.h"

#include "BoundedStringBuffer.h"
#include "BrokenItem.h"
#include "Encoding.h"

#include <charconv>

using namespace std::string_view_literals;

namespace passerelle {
namespace {

bool isListName(const std::string& name) {
    return name == "data" || name == "validations";
}

}  // namespace

void ItemHandler::startObject() {
    if (_depth == kRoot && isListName(_root.key)) throw MalformedAnswer(say("answer.object", {{"name", _root.key}}));
    _begun = true;
    open('{');
    if (_inList && _depth == kItem) beginItem();
}

void ItemHandler::endObject() {
    close('}');
    if (_depth == kList && _inList) endItem();
    if (_depth == 0) _buffer.setMark();
}

void ItemHandler::startArray() {
    if (_depth == 0) throw MalformedAnswer(say("answer.list"));
    if (_depth == kRoot && isListName(_root.key)) {
        _inList = _sawList = true;
        _buffer.setMark();
    }
    if (_inList && _depth == kList) throwNoObject("a list");
    open('[');
}

void ItemHandler::endArray() {
    close(']');
    if (_depth == kRoot) _inList = false;
}

void ItemHandler::key(const std::string& name) {
    if (_depth == kRoot) {
        _root.key = name;
    } else if (_inList) {
        _key = jsonKey(name);
        if (_depth == kItem) _itemKey = name;
    }
}

void ItemHandler::begin() {
    _root = {};
    _depth = 0;
    _begun = _inList = _sawList = false;
}

void ItemHandler::resume() {
    _depth = 0;
    _inList = false;
    _key = {};
}

std::uint64_t ItemHandler::finish(bool exact) {
    if (reportsError())
        throw MalformedAnswer(say("answer.error", {{"text", excerpt(_root.error + " " + _root.message)}}));
    if (!_sawList) throw MalformedAnswer(say("answer.nolist"));
    handOver();
    const auto announced = static_cast<std::uint64_t>(_root.count);
    if (_root.count < 0 || announced == _items) return 0;
    if (!exact) return announced > _items ? announced - _items : 0;
    throw MalformedAnswer(say("answer.announced", {{"announced", _root.count}, {"listed", _items}}));
}

void ItemHandler::handOver() {
    if (_batch.items.empty()) return;
    _consume(_batch);
    _batch.items.clear();
    _batch.bytes = 0;
}

void ItemHandler::open(char bracket) {
    if (_inList && _depth >= kItem) {
        noteMember(Kind::Other, "", nullptr);
        append([this, bracket] { _payload += bracket; });
    }
    ++_depth;
    _first = true;
}

void ItemHandler::close(char bracket) {
    if (_inList && _depth >= kItem && (!_full || _depth <= _openInPayload)) {
        _payload += bracket;
        _openInPayload = _depth - 1;
    }
    --_depth;
    _first = false;
}

/// One value, or the beginning of one, with its key. Leaves it out where the payload is as large as it may be.
template <typename Write>
void ItemHandler::append(const Write& write) {
    if (!_full) {
        const std::size_t before = _payload.size();
        if (!_first) _payload += ',';
        _payload += _key;
        write();
        _full = _payload.size() > _limits.itemBytes;
        if (_full) {
            _payload.resize(before);
            _openInPayload = _depth;
        }
    }
    _first = false;
    _key = {};
}

/// `"name":`. The items of a list have the same few.
std::string_view ItemHandler::jsonKey(const std::string& name) {
    for (const auto& [known, json] : _keys)
        if (known == name) return json;
    const bool kept = _keys.size() < kMostKeys && name.size() <= kLongestKey;
    std::string& json = kept ? _keys.emplace_back(name, "").second : _rareKey;
    json.clear();
    appendJson(json, name);
    return json += ':';
}

void ItemHandler::throwNoObject(std::string_view found) const {
    throw BrokenItem(say("json.noobject", {{"item", _items + 1}, {"found", found}}).text);
}

template <typename Number>
void ItemHandler::number(Number v) {
    char text[32];
    const char* const end = std::to_chars(text, text + sizeof text, v).ptr;
    scalar({text, static_cast<std::size_t>(end - text)}, nullptr, Kind::Number);
}

void ItemHandler::scalar(std::string_view text, const std::string* string, Kind kind) {
    if (_depth <= kRoot) {
        if (_depth == kRoot) rootMember(string != nullptr ? *string : std::string(text), kind);
        return;
    }
    if (!_inList) return;
    if (_depth == kList) throwNoObject(string != nullptr ? "a text" : kind == Kind::Number ? "a number" : text);
    append([this, text, string] {
        if (string != nullptr)
            appendJson(_payload, *string);
        else
            _payload += text;
    });
    if (_depth == kItem) noteMember(kind, text, string);
}

void ItemHandler::rootMember(const std::string& text, Kind kind) {
    if (isListName(_root.key))
        throw MalformedAnswer(
            say("answer.scalar",
                {{"name", _root.key}, {"found", kind == Kind::String ? say("answer.text") : Message(text)}}));
    if (_root.key == "success") {
        _root.sawSuccess = true;
        _root.success = text;
    } else if (_root.key == "count") {
        std::from_chars(text.data(), text.data() + text.size(), _root.count);
    } else if (_root.key == "error") {
        _root.error = text;
    } else if (_root.key == "message") {
        _root.message = text;
    }
}

void ItemHandler::beginItem() {
    _item = Validation{};
    _payload = "{";
    _seen = 0;
    _full = false;
    _buffer.takeCut();
}

/// One member of the item itself, by its JSON type. What is no text and can only mean one is that.
void ItemHandler::noteMember(Kind kind, std::string_view text, const std::string* string) {
    if (_depth != kItem) return;
    if (_itemKey == "token"sv) noteText(_item.token, 1, kind, string);
    if (_itemKey == "action"sv) noteText(_item.action, 2, kind, string);
    if (_itemKey == "validated_at"sv) noteText(_item.validatedAt, 4, kind, string);
    if (_itemKey == "commentaire"sv && !seenBefore(8)) {
        if (kind == Kind::String)
            _item.comment = *string;
        else if (kind == Kind::Number || kind == Kind::Flag)
            _item.comment = text;
        else if (kind == Kind::Other)
            defect(say("reject.notext", {{"member", "commentaire"}}));
    }
    if (_itemKey == "id"sv && !seenBefore(16) && (kind == Kind::Number || kind == Kind::String))
        _item.gatewayId = parseId(string != nullptr ? std::string_view(*string) : text);
    if (_itemKey == kRawMember) defect(say("reject.brokenjson"));
}

bool ItemHandler::seenBefore(unsigned bit) {
    const bool seen = (_seen & bit) != 0;
    if (seen) defect(say("reject.twice", {{"member", _itemKey}}));
    _seen |= bit;
    return seen;
}

void ItemHandler::noteText(std::string& into, unsigned bit, Kind kind, const std::string* string) {
    if (seenBefore(bit)) return;
    if (string != nullptr)
        into = *string;
    else if (kind != Kind::Null)
        defect(say("reject.notext", {{"member", _itemKey}}));
}

void ItemHandler::defect(const Message& what) {
    if (_item.defect.empty()) _item.defect = what.text;
}

void ItemHandler::endItem() {
    _item.payload = _payload;  // a copy has no room to spare
    _item.cut = _buffer.takeCut() || _full;
    // Only items without a token need one: their identity in the inbox. The gateway's id is no part of it.
    if (_item.token.empty()) _item.fingerprint = fingerprintOf(_item.payload);
    _buffer.setMark();
    add(std::move(_item));
}

void ItemHandler::addBroken(Validation item) {
    _buffer.takeCut();
    add(std::move(item));
}

void ItemHandler::add(Validation item) {
    ++_items;
    _batch.bytes += item.payload.size();
    _batch.items.push_back(std::move(item));
    if (_batch.items.size() >= _limits.batchItems || _batch.bytes >= _limits.batchBytes) handOver();
}

}  // namespace passerelle
