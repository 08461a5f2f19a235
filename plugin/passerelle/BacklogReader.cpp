#include "BacklogReader.h"

#include "BoundedStringBuffer.h"
#include "BrokenItem.h"
#include "HttpConnection.h"
#include "ItemHandler.h"

#include "carillon/VisibleText.h"
#include "shared/Userinfo.h"

#include "Poco/JSON/JSONException.h"
#include "Poco/JSON/Parser.h"
#include "Poco/Net/NetException.h"
#include "Poco/SharedPtr.h"

#include <algorithm>
#include <array>
#include <streambuf>
#include <utility>

namespace passerelle {
namespace {

using HandlerPtr = Poco::SharedPtr<ItemHandler>;

constexpr auto kEof = std::streambuf::traits_type::eof();
constexpr std::array<int, 3> kByteOrderMark{0xef, 0xbb, 0xbf};
/// Of text around the JSON so much is looked at for a message, and so much of it read to keep the connection.
constexpr std::size_t kExcerptBytes = 400;
constexpr std::size_t kMostTrailer = 64 << 10;
/// So many that are none may come before the document: a text of braces alone must not take for ever.
constexpr int kMostObjects = 100;
constexpr std::size_t kMostExcerpt = 100;

bool isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Up to the end of the document. Returns the fault that ended it before; empty: none did.
std::string parse(std::istream& json, HandlerPtr handler) {
    try {
        Poco::JSON::Parser(handler).parse(json);
        return "";
    } catch (const Poco::JSON::JSONException& e) {
        return e.message();
    } catch (const Poco::SyntaxException&) {  // whose message is the number
        return say("json.number").text;
    }
}

std::string withoutSpaces(std::string text) {
    while (!text.empty() && isSpace(text.back())) text.pop_back();
    return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

}  // namespace

void BacklogReader::skipMark(BoundedStringBuffer& buffer) {
    std::size_t mark = 0;
    for (; mark < kByteOrderMark.size() && buffer.sgetc() == kByteOrderMark[mark]; ++mark) buffer.sbumpc();
    if (mark == kByteOrderMark.size()) _remarks.push_back(say("answer.mark"));
}

/// Stops before the next object. It begins with a bracket and, behind spaces, a quote or its end; where nothing stands
/// before it with any bracket, whose fault the parser then tells. False: none comes.
bool BacklogReader::skipToObject(BoundedStringBuffer& buffer) {
    while (isSpace(buffer.sgetc())) buffer.sbumpc();
    if (_around.empty() && (buffer.sgetc() == '{' || buffer.sgetc() == '[')) return true;
    std::string bracket;  // and the spaces behind it
    for (auto c = buffer.sgetc(); c != kEof; c = buffer.snextc()) {
        if (!bracket.empty() && (c == '"' || c == '}')) {
            if (_around.ends_with(bracket)) _around.resize(_around.size() - bracket.size());
            buffer.pushBack(bracket);
            return true;
        }
        if (c == '{' || (!bracket.empty() && isSpace(c)))
            bracket = c == '{' ? "{" : bracket + static_cast<char>(c);
        else
            bracket.clear();
        if (_around.size() < kExcerptBytes) _around += static_cast<char>(c);
    }
    return false;
}

/// Text around the JSON may hold brackets and objects of its own. The document is the first that lists items or reports
/// an error; without one, the first that lists none.
void BacklogReader::readDocument(BoundedStringBuffer& buffer, HandlerPtr handler) {
    bool listsNone = false;
    Message fault;  // of the first object that is no document
    for (int objects = 0; objects < kMostObjects && skipToObject(buffer); ++objects) {
        buffer.setMark();
        handler->begin();
        try {
            parseDocument(buffer, handler);
            _lost = handler->finish(_exact);
            if (!listsNone) remarkPreamble();
            if (_items > 0 && listsNone) _remarks.emplace_back(say("answer.twolists"));
            if (_items > 0) return readTrailer(buffer);
            listsNone = true;
        } catch (const MalformedAnswer& e) {
            if (handler->hasBegunList() || handler->reportsError()) throw;
            if (fault.empty()) fault = e.said();
            if (handler->atEnd())
                _around += "{…}";
            else if (buffer.goBack())
                _around += static_cast<char>(buffer.sbumpc());
            else
                break;
        }
    }
    if (listsNone) return;  // and what stands behind it is in _around
    if (!fault.empty()) throw MalformedAnswer(fault);
    if (_around.empty()) throw MalformedAnswer(say("answer.empty"));
    throw MalformedAnswer(say("answer.nojson", {{"text", excerpt(_around)}}));
}

/// A parser sees the document up to its end or a fault; behind a broken item the next one begins anew.
void BacklogReader::parseDocument(BoundedStringBuffer& buffer, HandlerPtr handler) {
    std::istream json(&buffer);
    json.exceptions(std::ios::badbit);  // else the stream swallows what a read of the network throws
    for (;;) {
        std::string fault;
        try {
            fault = parse(json, handler);
        } catch (const BrokenItem& e) {
            fault = e.message();
        }
        if (fault.empty() || handler->atEnd()) return;
        if (!passOver(buffer, *handler, fault)) throw MalformedAnswer(describeFault(fault, buffer));
        json.clear();
    }
}

/// After a fault. False: it is none of an item, or no other item comes behind it.
bool BacklogReader::passOver(BoundedStringBuffer& buffer, ItemHandler& handler, const std::string& why) {
    if (!handler.inList() || !buffer.goBack()) return false;
    Skipped skipped = skipBrokenItem(buffer, handler.inItem(), _limits.stringBytes);
    if (skipped.next == Skipped::Next::EndOfText) {
        // Nothing is missing, and so it is the last item whose brackets tell nothing.
        const bool whole = _announced >= 0 && static_cast<std::uint64_t>(_announced) == buffer.bytesRead();
        if (!whole || !skipped.text.ends_with("]}")) return false;
        skipped.text.resize(skipped.text.size() - 2);
        buffer.pushBack("]}");
    }
    _exact = false;
    const std::string number = std::to_string(_items + 1);
    if (skipped.text.empty())
        _remarks.push_back(say("answer.beforeitem", {{"item", number}, {"why", excerpt(why)}}));
    else
        handler.addBroken(salvageItem(skipped.text, say("reject.nojson", {{"why", excerpt(why)}}).text));
    buffer.pushBack(ItemHandler::kResumed);
    buffer.setMark();
    handler.resume();
    return true;
}

void BacklogReader::readTrailer(BoundedStringBuffer& buffer) {
    if (!buffer.goBack()) return;
    std::size_t bytes = 0;
    for (auto c = buffer.sgetc(); c != kEof && bytes < kMostTrailer; c = buffer.snextc(), ++bytes)
        if (_around.size() < kExcerptBytes) _around += static_cast<char>(c);
}

void BacklogReader::remarkPreamble() {
    const std::string text = withoutSpaces(std::exchange(_around, ""));
    if (!text.empty()) _remarks.push_back(say("answer.before", {{"text", excerpt(text)}}));
}

void BacklogReader::remarkTrailer() {
    const std::string text = withoutSpaces(std::exchange(_around, ""));
    if (text.find("\"token\"") != std::string::npos) throw MalformedAnswer(say("answer.itemsbehind"));
    if (!text.empty()) _remarks.push_back(say("answer.behind", {{"text", excerpt(text)}}));
}

Message BacklogReader::describeFault(const std::string& fault, const BoundedStringBuffer& buffer) const {
    if (buffer.reachedEnd())
        return say(_announced >= 0 ? "answer.endsof" : "answer.ends",
                   {{"bytes", buffer.bytesRead()}, {"of", _announced}});
    if (const std::string text = withoutSpaces(_around); !text.empty())
        return say("answer.nojson", {{"text", excerpt(text)}});
    return say("answer.invalid", {{"items", _items}, {"why", excerpt(fault)}});
}

void BacklogReader::read(std::istream& answer, std::int64_t announcedBytes, const Consumer& consume) {
    BoundedStringBuffer buffer(answer, _limits.stringBytes, _stop);
    struct NoteBytes {  // however it ends
        const BoundedStringBuffer& from;
        std::uint64_t& to;
        ~NoteBytes() { to = from.bytesRead(); }
    } const note{buffer, _bytes};
    HandlerPtr handler(new ItemHandler(_limits, buffer, consume, _items));
    _announced = announcedBytes;
    try {
        skipMark(buffer);
        readDocument(buffer, handler);
        remarkTrailer();
    } catch (const MalformedAnswer&) {
        handler->handOver();
        throw;
    } catch (const HttpFault&) {
        handler->handOver();
        throw;
    } catch (const Poco::Net::NetException&) {
        handler->handOver();
        throw;
    } catch (const Poco::TimeoutException&) {
        handler->handOver();
        throw;
    }
}

namespace {

/// Where the word begins that ends behind `most`, or `most` when that is long: half of a word may be half of a secret,
/// which nobody would know for one.
std::size_t wholeWords(std::string_view line, std::size_t most) {
    constexpr std::size_t kLongestWord = 64;
    const auto end = line.find_last_of(" \",;:=&?(){}[]", most);
    return end == std::string_view::npos || most - end > kLongestWord ? most : end;
}

}  // namespace

std::string excerpt(const std::string& text) {
    // Before anything is cut away that tells a password from other text.
    const std::string all = carillon::withoutUserinfo(text);
    std::string line;
    bool inTag = false;
    for (std::string_view rest = all; !rest.empty() && line.size() <= kMostExcerpt;) {
        const char c = rest.front();
        if (c == '<') inTag = true;
        const bool space = c == '<' || c == '>' || (c >= 0 && c <= ' ') || c == 0x7f;
        if (c == '>') inTag = false;
        std::string shown;
        rest.remove_prefix(space ? 1 : carillon::appendVisible(shown, rest));
        if (inTag && !space) continue;
        if (!space)
            line += shown;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (line.size() > kMostExcerpt) line = beginningOf(line, wholeWords(line, kMostExcerpt)) + "…";
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line.empty() ? "(no text)" : line;
}

}  // namespace passerelle
