#include "http/HttpReader.h"

#include "http/HttpResponse.h"
#include "words/HostTexts.h"

#include "Poco/String.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

/// `key`: of what is said.
[[noreturn]] void refuse(int status, const char* key) {
    throw HttpRefusal(problem(status, "", sayHost(key)));
}

bool isToken(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kTokenMarks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool hasControl(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < ' ' && c != '\t') || c == 127; });
}

void parseField(const std::string& line, HttpRequest& request) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || !isToken(std::string_view(line).substr(0, colon)) || hasControl(line))
        refuse(400, "request.noheader");
    request.headers.add(line.substr(0, colon), Poco::trim(line.substr(colon + 1)));
}

std::size_t count(const HttpRequest& request, const char* name) {
    std::size_t found = 0;
    for (const auto& header : request.headers) found += Poco::icompare(header.first, name) == 0 ? 1U : 0U;
    return found;
}

}  // namespace

HttpReader::HttpReader(const HttpLimits& limits, Receive receive, Send send)
    : _limits(limits), _receive(std::move(receive)), _send(std::move(send)) {}

bool HttpReader::receive() {
    char buffer[4096];
    const int got = _receive(buffer, sizeof buffer);
    if (got <= 0) return false;
    _bytes.append(buffer, static_cast<std::size_t>(got));
    return true;
}

std::optional<HttpRequest> HttpReader::read() {
    std::size_t end = 0;
    while ((end = _bytes.find(kHeadEnd)) == std::string::npos) {
        if (_bytes.size() > _limits.head) refuse(431, "request.largehead");
        if (!receive()) return std::nullopt;
    }
    if (end > _limits.head) refuse(431, "request.largehead");
    HttpRequest request = parseHead(_bytes.substr(0, end));
    const std::size_t size = bodySize(request);
    _bytes.erase(0, end + kHeadEnd.size());
    if (_bytes.size() < size && Poco::icompare(request.header("Expect"), "100-continue") == 0)
        _send("HTTP/1.1 100 Continue\r\n\r\n");
    while (_bytes.size() < size)
        if (!receive()) return std::nullopt;
    request.body = _bytes.substr(0, size);
    _bytes.erase(0, size);
    return request;
}

HttpRequest HttpReader::parseHead(const std::string& head) const {
    HttpRequest request;
    std::size_t at = std::min(head.find("\r\n"), head.size());
    parseLine(head.substr(0, at), request);
    while (at < head.size()) {
        const auto end = std::min(head.find("\r\n", at + 2), head.size());
        if (request.headers.size() == _limits.fields) refuse(431, "request.manyheaders");
        parseField(head.substr(at + 2, end - at - 2), request);
        at = end;
    }
    if (count(request, "Host") > 1 || (request.keepAlive && count(request, "Host") == 0)) refuse(400, "request.nohost");
    const std::string& connection = request.header("Connection");
    if (Poco::icompare(connection, "close") == 0) request.keepAlive = false;
    return request;
}

void HttpReader::parseLine(const std::string& line, HttpRequest& request) const {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string::npos || last == first || hasControl(line)) refuse(400, "request.nohttp");
    request.method = line.substr(0, first);
    const std::string target = line.substr(first + 1, last - first - 1);
    const std::string version = line.substr(last + 1);
    if (target.size() > _limits.target) refuse(414, "request.longaddress");
    if (!isToken(request.method) || !target.starts_with('/') || target.find(' ') != std::string::npos)
        refuse(400, "request.nohttp");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") refuse(505, "request.version");
    request.isHttp11 = version == "HTTP/1.1";
    request.keepAlive = request.isHttp11;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos) request.query = parseQuery(target.substr(question + 1));
}

std::size_t HttpReader::bodySize(const HttpRequest& request) const {
    if (count(request, "Transfer-Encoding") > 0) refuse(411, "request.nolength");
    const auto lengths = count(request, "Content-Length");
    if (lengths == 0) return 0;
    const std::string& text = request.header("Content-Length");
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error == std::errc::result_out_of_range) refuse(413, "request.large");
    if (lengths > 1 || error != std::errc{} || end != text.data() + text.size()) refuse(400, "request.badlength");
    if (size > _limits.body) refuse(413, "request.large");
    return size;
}

}  // namespace carillon
