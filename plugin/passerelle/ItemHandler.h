#pragma once

#include "BacklogReader.h"
#include "BoundedStringBuffer.h"
#include "Validation.h"

#include "Poco/JSON/Handler.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

namespace passerelle {

/// Takes a parser's events, builds items from them, and hands them on in batches. Throws MalformedAnswer where the
/// answer as a whole is not what the protocol promises, and BrokenItem where one of its items is not.
class ItemHandler final : public Poco::JSON::Handler {
public:
    /// Borrows all.
    ItemHandler(const BacklogLimits& limits, BoundedStringBuffer& buffer, const BacklogReader::Consumer& consume,
                std::uint64_t& items)
        : _limits(limits), _buffer(buffer), _consume(consume), _items(items) {}

    void reset() override {}
    void startObject() override;
    void endObject() override;
    void startArray() override;
    void endArray() override;
    void key(const std::string& name) override;
    void null() override { scalar("null", nullptr, Kind::Null); }
    void value(int v) override { number(v); }
    void value(unsigned v) override { number(v); }
    void value(Poco::Int64 v) override { number(v); }
    /// Poco's parser gives a wrong number for what no UInt64 holds, and a rounded one for a fraction.
    void value(Poco::UInt64) override { scalar(_buffer.lastNumber(), nullptr, Kind::Number); }
    void value(double) override { scalar(_buffer.lastNumber(), nullptr, Kind::Number); }
    void value(bool v) override { scalar(v ? "true" : "false", nullptr, Kind::Flag); }
    void value(const std::string& v) override { scalar("", &v, Kind::String); }

    bool inList() const { return _inList; }
    bool inItem() const { return _inList && _depth >= kItem; }
    bool hasBegunList() const { return _sawList; }
    /// The document says that the call failed.
    bool reportsError() const { return _root.sawSuccess && _root.success != "true" && _root.success != "1"; }
    /// The document was read to its end.
    bool atEnd() const { return _begun && _depth == 0; }

    /// A document. What those before it said of themselves is forgotten.
    void begin();
    /// A parser begins anew at an item of the list, or at its end, with what kResumed says first.
    void resume();
    static constexpr const char* kResumed = R"({"data":[)";

    /// An item that no parser could read.
    void addBroken(Validation item);
    /// To be called at the end of the document. `exact`: no part of the list was passed over. Returns how many items
    /// the gateway announced beyond those that it listed: none but where it is not exact.
    std::uint64_t finish(bool exact);
    /// What was complete before a fault is good: hands it over too.
    void handOver();

private:
    static constexpr int kRoot = 1;
    static constexpr int kList = 2;
    static constexpr int kItem = 3;
    static constexpr std::size_t kMostKeys = 16;
    static constexpr std::size_t kLongestKey = 64;

    /// What a document says of itself.
    struct Root {
        std::string key{};  // of the member that comes next
        std::string success{};
        std::string error{};
        std::string message{};
        std::int64_t count = -1;
        bool sawSuccess = false;
    };

    enum class Kind : std::uint8_t { Null, Number, Flag, String, Other };

    void open(char bracket);
    void close(char bracket);
    template <typename Write>
    void append(const Write& write);
    std::string_view jsonKey(const std::string& name);
    [[noreturn]] void throwNoObject(std::string_view found) const;
    template <typename Number>
    void number(Number v);
    void scalar(std::string_view text, const std::string* string, Kind kind);
    void rootMember(const std::string& text, Kind kind);
    void beginItem();
    void noteMember(Kind kind, std::string_view text, const std::string* string);
    bool seenBefore(unsigned bit);
    void noteText(std::string& into, unsigned bit, Kind kind, const std::string* string);
    void defect(const Message& what);
    void endItem();
    void add(Validation item);

    const BacklogLimits& _limits;
    BoundedStringBuffer& _buffer;
    const BacklogReader::Consumer& _consume;
    std::uint64_t& _items;
    Batch _batch;
    Validation _item;
    Root _root;
    std::string _itemKey;
    std::deque<std::pair<std::string, std::string>> _keys;  // names of members of items, and the same as JSON
    std::string _rareKey;                                   // one more, as JSON
    std::string_view _key;                                  // one of these, of the value that comes next
    std::string _payload;                                   // of the item so far
    int _depth = 0;
    int _openInPayload = 0;  // once it is full: how deep
    unsigned _seen = 0;
    bool _begun = false;
    bool _inList = false;
    bool _sawList = false;
    bool _first = true;
    bool _full = false;
};

}  // namespace passerelle
