#include "HttpFixture.h"

#include <cppunit/TestAssert.h>

void HttpFixture::setUp() {
    _host = std::make_unique<ServedHost>("http.address = 127.0.0.1:0\n");
    _host->addJob("job", "succeed");
    _host->addJob("other", "succeed");
}

void HttpFixture::start() {
    _host->start();
    readAddress();
}

void HttpFixture::readAddress() {
    const std::string log = _host->log();
    const std::string before = "http.listening address=http://";
    const auto at = log.find(before) + before.size();
    _address = log.substr(at, log.find('\n', at) - at);
}

std::string HttpFixture::token(const std::string& name, std::vector<std::string> more) const {
    more.insert(more.begin(), {"token", "add", name});
    const auto made = _host->carillon(more).run();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
    return "Authorization: Bearer " + made.out.substr(0, made.out.find('\n')) + "\r\n";
}

Poco::Net::StreamSocket HttpFixture::connect() const {
    Poco::Net::StreamSocket socket{Poco::Net::SocketAddress(_address)};
    socket.setReceiveTimeout(Poco::Timespan(20, 0));
    return socket;
}

std::string HttpFixture::exchange(Poco::Net::StreamSocket socket, const std::string& bytes) {
    socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    std::string answer;
    char buffer[4096];
    for (int got = 0; (got = socket.receiveBytes(buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(got));
    return answer;
}

std::string HttpFixture::requestOf(const std::string& method, const std::string& path, const std::string& headers,
                                   const std::string& body) {
    const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return method + ' ' + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + length + "\r\n" +
           body;
}

std::string HttpFixture::ask(const std::string& method, const std::string& path, const std::string& headers,
                             const std::string& body) const {
    return send(requestOf(method, path, headers, body));
}

void HttpFixture::expect(const std::string& status, const std::string& answer) {
    CPPUNIT_ASSERT_MESSAGE(status + " was expected, found " + answer, answer.starts_with("HTTP/1.1 " + status));
}
