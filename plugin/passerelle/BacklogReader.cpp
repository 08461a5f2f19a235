#include "BacklogReader.h"

#include "BoundedStringBuffer.h"
#include "FindByte.h"

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/JSON/Handler.h"
#include "Poco/JSON/JSONException.h"
#include "Poco/JSON/Parser.h"
#include "Poco/JSONString.h"
#include "Poco/Net/NetException.h"
#include "Poco/SHA2Engine.h"
#include "Poco/SharedPtr.h"

#include <charconv>
#include <deque>
#include <string_view>

using namespace std::string_view_literals;

namespace passerelle {
namespace {

/// Where in the document the parser is.
enum class Level : int { Outside = 0, Root = 1, List = 2, Item = 3 };

bool isListName(const std::string& name) {
    return name == "data" || name == "validations";
}

/// As Poco::toJSON does, which goes character by character: only where something has to be escaped.
void appendJson(std::string& json, const std::string& text) {
    const char* const end = text.data() + text.size();
    const auto isEscaped = [](char c) { return (static_cast<unsigned char>(c) < 0x20) | (c == '"') | (c == '\\'); };
    if (findByte(text.data(), end, isEscaped) != end) {
        json += Poco::toJSON(text);
        return;
    }
    json += '"';
    json += text;
    json += '"';
}

/// Takes the parser's events, builds items from them, and hands them on in batches.
class ItemHandler final : public Poco::JSON::Handler {
public:
    ItemHandler(const BacklogLimits& limits, BoundedStringBuffer& buffer, const BacklogReader::Consumer& consume,
                std::uint64_t& items)
        : _limits(limits), _buffer(buffer), _consume(consume), _items(items) {}

    void reset() override {}

    void startObject() override {
        if (_depth == 1 && isListName(_rootKey))
            throw MalformedAnswer("'" + _rootKey + "' is an object, expected a list");
        open('{');
        if (inItemStart()) beginItem();
    }
    void endObject() override {
        close('}');
        if (_depth == static_cast<int>(Level::List) && _inList) endItem();
    }
    void startArray() override {
        if (_depth == 0) throw MalformedAnswer("the answer is a list, expected an object");
        if (_depth == 1 && isListName(_rootKey)) _inList = _sawList = true;
        if (_inList && _depth == 2) throwNoObject("a list");
        open('[');
    }
    void endArray() override {
        close(']');
        if (_depth == 1) _inList = false;
    }
    void key(const std::string& name) override {
        if (_depth == 1) {
            _rootKey = name;
        } else if (_inList) {
            _key = jsonKey(name);
            if (_depth == static_cast<int>(Level::Item)) _itemKey = name;
        }
    }
    void null() override { scalar("null", nullptr, Kind::Null); }
    void value(int v) override { number(v, Kind::Integer); }
    void value(unsigned v) override { number(v, Kind::Integer); }
    void value(Poco::Int64 v) override { number(v, Kind::Integer); }
    /// Only what no Int64 holds comes here, and of larger ones Poco's parser gives a wrong number: never an id.
    void value(Poco::UInt64 v) override { number(v, Kind::Other); }
    void value(double v) override { number(v, Kind::Other); }
    void value(bool v) override { scalar(v ? "true" : "false", nullptr, Kind::Other); }
    void value(const std::string& v) override { scalar("", &v, Kind::String); }

    /// To be called at the end of the document.
    void finish() {
        if (_sawSuccess && _success != "true" && _success != "1")
            throw MalformedAnswer("the gateway reports an error: " + excerpt(_error + " " + _message));
        if (!_sawList) throw MalformedAnswer("the answer has no list 'data' or 'validations'");
        handOver();
        if (_count >= 0 && static_cast<std::uint64_t>(_count) != _items)
            throw MalformedAnswer("the gateway announces " + std::to_string(_count) + " items and lists " +
                                  std::to_string(_items));
    }

    /// What was complete before a fault is good: hands it over too.
    void handOver() {
        if (_batch.items.empty()) return;
        _consume(_batch);
        _batch.items.clear();
        _batch.bytes = 0;
    }

private:
    static constexpr std::size_t kMostKeys = 16;
    static constexpr std::size_t kLongestKey = 64;

    enum class Kind { Null, Integer, String, Other };

    bool inItemStart() const { return _inList && _depth == static_cast<int>(Level::Item); }

    void open(char bracket) {
        if (_inList && _depth >= static_cast<int>(Level::Item)) {
            noteKind(Kind::Other, "", nullptr);
            append([this, bracket] { _payload += bracket; });
        }
        ++_depth;
        _first = true;
    }
    void close(char bracket) {
        if (_inList && _depth >= static_cast<int>(Level::Item) && (!_full || _depth <= _openInPayload)) {
            _payload += bracket;
            _openInPayload = _depth - 1;
        }
        --_depth;
        _first = false;
    }
    /// One value, or the beginning of one, with its key. Leaves it out where the payload is as large as it may be.
    template <typename Write>
    void append(const Write& write) {
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
    std::string_view jsonKey(const std::string& name) {
        for (const auto& [known, json] : _keys)
            if (known == name) return json;
        const bool kept = _keys.size() < kMostKeys && name.size() <= kLongestKey;
        std::string& json = kept ? _keys.emplace_back(name, "").second : _rareKey;
        json.clear();
        appendJson(json, name);
        return json += ':';
    }
    [[noreturn]] void throwNoObject(std::string_view found) const {
        throw MalformedAnswer("item " + std::to_string(_items + 1) + " of the list is " + std::string(found) +
                              ", expected an object");
    }

    template <typename Number>
    void number(Number v, Kind kind) {
        char text[32];
        const char* const end = std::to_chars(text, text + sizeof text, v).ptr;
        scalar({text, static_cast<std::size_t>(end - text)}, nullptr, kind);
    }
    void scalar(std::string_view text, const std::string* string, Kind kind) {
        if (_depth <= 1) {
            if (_depth == 1) rootMember(string != nullptr ? *string : std::string(text), kind);
            return;
        }
        if (!_inList) return;
        if (_depth == static_cast<int>(Level::List)) throwNoObject(string != nullptr ? "a text" : text);
        append([this, text, string] {
            if (string != nullptr)
                appendJson(_payload, *string);
            else
                _payload += text;
        });
        if (_depth == static_cast<int>(Level::Item)) noteKind(kind, text, string);
    }

    void rootMember(const std::string& text, Kind kind) {
        if (isListName(_rootKey))
            throw MalformedAnswer("'" + _rootKey + "' is " + (kind == Kind::String ? "a text" : text) +
                                  ", expected a list");
        if (_rootKey == "success") {
            _sawSuccess = true;
            _success = text;
        } else if (_rootKey == "count") {
            std::from_chars(text.data(), text.data() + text.size(), _count);
        } else if (_rootKey == "error") {
            _error = text;
        } else if (_rootKey == "message") {
            _message = text;
        }
    }

    void beginItem() {
        _item = Validation{};
        _payload = "{";
        _seen = 0;
        _full = false;
        _buffer.takeCut();
    }

    /// One member of the item itself, by its JSON type.
    void noteKind(Kind kind, std::string_view text, const std::string* string) {
        if (_depth != static_cast<int>(Level::Item)) return;
        const auto take = [&](unsigned bit, std::string& into) {
            if ((_seen & bit) != 0) return defect(_itemKey + " is given twice");
            _seen |= bit;
            if (string != nullptr)
                into = *string;
            else if (kind != Kind::Null)
                defect(_itemKey + " is no text");
        };
        if (_itemKey == "token"sv) take(1, _item.token);
        if (_itemKey == "action"sv) take(2, _item.action);
        if (_itemKey == "validated_at"sv) take(4, _item.validatedAt);
        if (_itemKey == "commentaire"sv) {
            std::string comment;
            take(8, comment);
            if (kind != Kind::Null) _item.comment = std::move(comment);
        }
        if (_itemKey == "id"sv) noteId(kind, string != nullptr ? std::string_view(*string) : text);
    }

    void noteId(Kind kind, std::string_view text) {
        if ((_seen & 16U) != 0) return defect("id is given twice");
        _seen |= 16U;
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        const bool whole = error == std::errc{} && end == text.data() + text.size() && id > 0;
        if (whole && (kind == Kind::Integer || kind == Kind::String)) _item.gatewayId = id;
    }

    void defect(const std::string& text) {
        if (_item.defect.empty()) _item.defect = text;
    }

    void endItem() {
        _item.payload = _payload;  // a copy has no room to spare
        _item.cut = _buffer.takeCut() || _full;
        _item.fingerprint = fingerprint();
        ++_items;
        _batch.bytes += _item.payload.size();
        _batch.items.push_back(std::move(_item));
        if (_batch.items.size() >= _limits.batchItems || _batch.bytes >= _limits.batchBytes) handOver();
    }

    /// Only items without a token need one: their identity in the inbox. The gateway's id is no part of it.
    std::string fingerprint() const {
        if (!_item.token.empty()) return "";
        Poco::SHA2Engine engine;
        std::string text = _item.payload;
        if (const auto at = text.find("\"id\":"); at != std::string::npos)
            text.erase(at, text.find_first_of(",}", at) - at);
        engine.update(text);
        return Poco::DigestEngine::digestToHex(engine.digest());
    }

    const BacklogLimits& _limits;
    BoundedStringBuffer& _buffer;
    const BacklogReader::Consumer& _consume;
    std::uint64_t& _items;
    Batch _batch;
    Validation _item;
    std::string _rootKey;
    std::string _itemKey;
    std::deque<std::pair<std::string, std::string>> _keys;  // names of members of items, and the same as JSON
    std::string _rareKey;                                   // one more, as JSON
    std::string_view _key;                                  // one of these, of the value that comes next
    std::string _payload;                                   // of the item so far
    std::string _success;
    std::string _error;
    std::string _message;
    std::int64_t _count = -1;
    int _depth = 0;
    int _openInPayload = 0;  // once it is full: how deep
    unsigned _seen = 0;
    bool _inList = false;
    bool _sawList = false;
    bool _sawSuccess = false;
    bool _first = true;
    bool _full = false;
};

/// Fails early, and readably, on what is not JSON at all: a maintenance page, a PHP warning, nothing.
void requireObject(std::istream& json) {
    json >> std::ws;
    if (json.peek() == '{' || json.peek() == '[') return;
    std::string beginning(200, '\0');
    json.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<std::size_t>(json.gcount()));
    if (beginning.empty()) throw MalformedAnswer("the answer is empty, expected JSON");
    throw MalformedAnswer("the answer is not JSON but begins: " + excerpt(beginning));
}

}  // namespace

std::string BacklogReader::describeFault(const Poco::Exception& e, const BoundedStringBuffer& buffer,
                                         std::int64_t announced) const {
    if (!buffer.reachedEnd())
        return "the answer is not valid JSON after " + std::to_string(_items) + " items: " + excerpt(e.message());
    return "the answer ends in the middle, after " + std::to_string(buffer.bytesRead()) + " bytes" +
           (announced >= 0 ? " of " + std::to_string(announced) : "");
}

void BacklogReader::read(std::istream& answer, std::int64_t announcedBytes, const Consumer& consume) {
    BoundedStringBuffer buffer(answer, _limits.stringBytes, _stop);
    struct NoteBytes {  // however it ends
        const BoundedStringBuffer& from;
        std::uint64_t& to;
        ~NoteBytes() { to = from.bytesRead(); }
    } const note{buffer, _bytes};
    std::istream json(&buffer);
    json.exceptions(std::ios::badbit);  // else the stream swallows what a read of the network throws
    Poco::SharedPtr<ItemHandler> handler(new ItemHandler(_limits, buffer, consume, _items));
    const auto giveUp = [&](const std::string& why) {
        handler->handOver();
        throw MalformedAnswer(why);
    };
    try {
        requireObject(json);
        Poco::JSON::Parser parser(handler);
        parser.parse(json);
        handler->finish();
    } catch (const Poco::JSON::JSONException& e) {
        giveUp(describeFault(e, buffer, announcedBytes));
    } catch (const Poco::SyntaxException& e) {  // a number that no type holds
        giveUp(describeFault(e, buffer, announcedBytes));
    } catch (const MalformedAnswer& e) {
        giveUp(e.message());
    } catch (const Poco::Net::NetException&) {
        handler->handOver();
        throw;
    } catch (const Poco::TimeoutException&) {
        handler->handOver();
        throw;
    }
}

std::string excerpt(const std::string& text) {
    std::string line;
    bool inTag = false;
    for (const char c : text) {
        if (c == '<') inTag = true;
        const bool space = c == '<' || c == '>' || (c >= 0 && c <= ' ') || c == 0x7f;
        if (c == '>') inTag = false;
        if (inTag && !space) continue;
        if (!space)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (line.size() > 100) line = beginningOf(line, 100) + "…";
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line.empty() ? "(no text)" : line;
}

}  // namespace passerelle
