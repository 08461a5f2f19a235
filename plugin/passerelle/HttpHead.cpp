#include "HttpHead.h"

#include "BacklogReader.h"

#include "Poco/Ascii.h"
#include "Poco/DateTime.h"
#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeParser.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"
#include "Poco/StringTokenizer.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace passerelle {
namespace {

/// More than the 64 KB of a field, for its name.
constexpr std::size_t kLongestField = (64 << 10) + 1'024;
constexpr std::size_t kMostBytes = 16 << 20;
constexpr std::size_t kMostInterimBytes = 1 << 20;

[[noreturn]] void refuse(Message what) {
    throw HttpFault(HttpFault::Who::Answered, std::move(what));
}

/// The fields of one head as they are read; the last is kept back, since a folded line may go on with it.
class HeadReader {
public:
    explicit HeadReader(HttpConnection& connection) : _connection(connection) {}

    HttpHead read();
    std::size_t bytes() const { return _bytes; }

private:
    bool readLine();
    void readStatus();
    void endField();
    void noteField(const std::string& name, const std::string& value);
    void noteLength(const std::string& value);
    void notePacking(const std::string& coding);

    HttpConnection& _connection;
    HttpHead _head{};
    std::string _line{};
    std::string _field{};
    std::size_t _bytes = 0;
    bool _hasLengths = false;  // that contradict each other
};

bool HeadReader::readLine() {
    if (!_connection.takeLine(_line, kLongestField)) {
        if (_line.size() > kLongestField) refuse(say("head.longline", {{"text", excerpt(_line.substr(0, 200))}}));
        if (!_connection.hasHeard())
            throw HttpFault(HttpFault::Who::Silent, say("head.none", {{"ending", _connection.ending()}}));
        refuse(say("head.cut", {{"ending", _connection.ending()}, {"text", excerpt(_line)}}));
    }
    _bytes += _line.size() + 1;
    if (_bytes > kMostBytes) refuse(say("head.endless", {{"bytes", kMostBytes}}));
    return !_line.empty();
}

/// `HTTP/1.1 200 OK`, the reason and even the space before it left out where the server does so.
void HeadReader::readStatus() {
    constexpr std::size_t kVersion = sizeof("HTTP/1.1") - 1;
    while (!readLine()) {
    }
    const std::string code = _line.substr(std::min(_line.find_first_not_of(' ', kVersion), _line.size()), 3);
    const bool isHttp = _line.size() > kVersion && Poco::icompare(_line, 0, 5, std::string("HTTP/")) == 0 &&
                        _line[kVersion] == ' ' && code.size() == 3 &&
                        std::all_of(code.begin(), code.end(), [](char c) { return Poco::Ascii::isDigit(c); });
    if (_line.starts_with("\x15\x03")) refuse(say("head.tls"));
    if (!isHttp) refuse(say("head.nohttp", {{"text", excerpt(_line.substr(0, 200))}}));
    _head.status = Poco::NumberParser::parse(code);
    _head.isKept = !_line.substr(5, 3).starts_with("1.0");
}

HttpHead HeadReader::read() {
    _head = {};
    readStatus();
    while (readLine()) {
        if (_line.front() == ' ' || _line.front() == '\t') {
            // Folded. The length of the line bounds the field too: what is longer is of no use here.
            if (_field.size() <= kLongestField) _field += ' ' + Poco::trim(_line);
            continue;
        }
        endField();
        _field.swap(_line);
    }
    endField();
    if (_hasLengths && !_head.isChunked) refuse(say("head.lengths"));
    return _head;
}

void HeadReader::endField() {
    const auto colon = _field.find(':');
    if (colon != std::string::npos)
        noteField(Poco::toLower(Poco::trim(_field.substr(0, colon))), Poco::trim(_field.substr(colon + 1)));
    _field.clear();
}

void HeadReader::noteField(const std::string& name, const std::string& value) {
    if (name == "content-length") return noteLength(value);
    if (name == "location") _head.location = value;
    if (name == "retry-after") _head.retryAfter = value;
    if (name == "date") _head.date = value;
    if (name != "transfer-encoding" && name != "content-encoding" && name != "connection") return;
    using Poco::StringTokenizer;
    for (const auto& word :
         StringTokenizer(Poco::toLower(value), ",", StringTokenizer::TOK_TRIM | StringTokenizer::TOK_IGNORE_EMPTY)) {
        if (name != "connection")
            notePacking(word);
        else if (word == "close" || word == "keep-alive")
            _head.isKept = word == "keep-alive";
    }
}

void HeadReader::noteLength(const std::string& value) {
    // The same one twice may also stand in one field.
    for (const auto& text : Poco::StringTokenizer(value, ",", Poco::StringTokenizer::TOK_TRIM)) {
        Poco::UInt64 length = 0;
        const bool isNumber =
            !text.empty() && Poco::Ascii::isDigit(text.front()) && Poco::NumberParser::tryParseUnsigned64(text, length);
        if (!isNumber) refuse(say("head.nolength", {{"text", excerpt(value)}}));
        _hasLengths = _hasLengths || (_head.length && *_head.length != length);
        _head.length = length;
    }
}

void HeadReader::notePacking(const std::string& coding) {
    if (coding == "chunked") {
        _head.isChunked = true;
    } else if (coding != "identity" && coding != "none") {
        const bool isKnown = coding == "gzip" || coding == "x-gzip" || coding == "deflate";
        if (!isKnown || _head.packing != Packing::None) refuse(say("head.packed", {{"coding", excerpt(coding)}}));
        _head.packing = coding == "deflate" ? Packing::Deflate : Packing::Gzip;
    }
}

/// To the second.
std::optional<carillon::TimePoint> parseHttpDate(const std::string& text) {
    Poco::DateTime at;
    int zone = 0;
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, at, zone)) return std::nullopt;
    return carillon::TimePoint(std::chrono::microseconds(at.timestamp().epochMicroseconds()));
}

}  // namespace

std::optional<std::chrono::seconds> HttpHead::pause() const {
    int seconds = 0;
    if (Poco::NumberParser::tryParse(retryAfter, seconds) && seconds >= 0) return std::chrono::seconds(seconds);
    const auto until = parseHttpDate(retryAfter);
    if (!until) return std::nullopt;
    return std::max(std::chrono::floor<std::chrono::seconds>(*until - std::chrono::system_clock::now()) + 1s, 0s);
}

std::optional<carillon::TimePoint> HttpHead::sentAt() const {
    return parseHttpDate(date);
}

HttpHead readHead(HttpConnection& connection) {
    HeadReader reader(connection);
    for (;;) {
        HttpHead head = reader.read();
        if (head.status >= 200) return head;
        if (reader.bytes() > kMostInterimBytes) refuse(say("head.interim", {{"status", head.status}}));
    }
}

}  // namespace passerelle
