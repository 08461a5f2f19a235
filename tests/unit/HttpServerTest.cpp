#include "http/HttpServer.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "Poco/Net/NetException.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/NullChannel.h"
#include "support/WaitUntil.h"

using namespace carillon;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

/// One connection, byte by byte.
class Client {
public:
    explicit Client(const std::string& address) : _socket(Poco::Net::SocketAddress(address)) {
        _socket.setReceiveTimeout(Poco::Timespan(20, 0));
    }
    void send(const std::string& bytes) { _socket.sendBytes(bytes.data(), static_cast<int>(bytes.size())); }
    /// All until the server has said so much that `until` is in it; empty: until it ends the connection.
    std::string receive(const std::string& until = "") {
        std::string text;
        char buffer[4096];
        while (until.empty() || text.find(until) == std::string::npos) {
            int got = 0;
            try {
                got = _socket.receiveBytes(buffer, sizeof buffer);
            } catch (const Poco::Net::ConnectionResetException&) {
            }
            if (got <= 0) return text;
            text.append(buffer, static_cast<std::size_t>(got));
        }
        return text;
    }
    std::string ask(const std::string& bytes) {
        send(bytes);
        return receive();
    }
    void close() { _socket.close(); }

private:
    Poco::Net::StreamSocket _socket;
};

std::size_t countOf(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

const std::string kGet = "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kLast = "GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

}  // namespace

/// The server in this process, over real sockets on loopback.
class HttpServerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpServerTest);
    CPPUNIT_TEST(requestsOfOneConnectionAreAnsweredInTheirOrder);
    CPPUNIT_TEST(aConnectionEndsWhenTheClientWantsIt);
    CPPUNIT_TEST(aConnectionEndsAfterItsRequests);
    CPPUNIT_TEST(headGetsTheHeadAlone);
    CPPUNIT_TEST(bodiesAreReadWhole);
    CPPUNIT_TEST(aBodyIsAskedForWhenTheClientWaits);
    CPPUNIT_TEST(whatIsTooLargeIsRefused);
    CPPUNIT_TEST(whatIsNoRequestIsRefused);
    CPPUNIT_TEST(aClientThatDripsIsCutOff);
    CPPUNIT_TEST(aClientThatSaysNothingMoreIsCutOff);
    CPPUNIT_TEST(aClientThatDoesNotReadIsCutOff);
    CPPUNIT_TEST(theOneThatWaitsLongestMakesRoom);
    CPPUNIT_TEST(handlersThatThrowAreAnswered);
    CPPUNIT_TEST(streamsGoOnUntilTheClientIsGone);
    CPPUNIT_TEST(streamsHaveTheirPlaces);
    CPPUNIT_TEST(theEndCutsEverybodyOff);
    CPPUNIT_TEST(aTakenPortIsToldByItsKey);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::signal(SIGPIPE, SIG_IGN); }
    void tearDown() override { _server.reset(); }

    void requestsOfOneConnectionAreAnsweredInTheirOrder() {
        start();
        Client client(_server->address());

        client.send("GET /echo?n=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const std::string first = client.receive("n=1");
        client.send(
            "GET /echo?n=2 HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /echo?n=3 HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Length: 4\r\n\r\nbody" +
            kLast);
        const std::string others = client.receive();

        CPPUNIT_ASSERT_MESSAGE(first, first.starts_with("HTTP/1.1 200 OK\r\n"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(others, std::size_t{3}, countOf(others, "HTTP/1.1 200 OK\r\n"));
        CPPUNIT_ASSERT_MESSAGE(others, others.find("n=2") < others.find("n=3 body"));
        CPPUNIT_ASSERT_MESSAGE(others, others.find("n=3 body") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(4, _answered.load());
    }

    void aConnectionEndsWhenTheClientWantsIt() {
        start();

        for (const std::string& last : {kLast, std::string("GET /echo HTTP/1.0\r\n\r\n")}) {
            const std::string answer = Client(_server->address()).ask(last + kGet);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer, std::size_t{1}, countOf(answer, " 200 OK\r\n"));
            CPPUNIT_ASSERT_MESSAGE(answer, answer.find("Connection: close\r\n") != std::string::npos);
        }
    }

    void aConnectionEndsAfterItsRequests() {
        HttpLimits limits;
        limits.requests = 3;
        start(limits);

        const std::string answers = Client(_server->address()).ask(kGet + kGet + kGet + kGet);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(answers, std::size_t{3}, countOf(answers, " 200 OK\r\n"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answers, std::size_t{1}, countOf(answers, "Connection: close\r\n"));
    }

    void headGetsTheHeadAlone() {
        start();

        const std::string answer = Client(_server->address()).ask("HEAD /echo HTTP/1.1\r\nHost: x\r\n\r\n" + kLast);

        const std::string head = answer.substr(0, answer.find("\r\n\r\n") + 4);
        CPPUNIT_ASSERT_MESSAGE(answer, head.find("Content-Length: 5\r\n") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(answer, answer.substr(head.size()).starts_with("HTTP/1.1 200 OK"));
    }

    void bodiesAreReadWhole() {
        start();
        Client client(_server->address());

        client.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\n\r\n01234");
        CPPUNIT_ASSERT_EQUAL(0, _answered.load());
        const std::string answer = client.ask("56789");

        CPPUNIT_ASSERT_MESSAGE(answer, answer.ends_with("/echo 0123456789"));
    }

    void aBodyIsAskedForWhenTheClientWaits() {
        start();
        Client client(_server->address());

        client.send(
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
            "Connection: close\r\n\r\n");
        CPPUNIT_ASSERT_EQUAL(std::string("HTTP/1.1 100 Continue\r\n\r\n"), client.receive("\r\n\r\n"));
        CPPUNIT_ASSERT(client.ask("ok").ends_with("/echo ok"));
    }

    void whatIsTooLargeIsRefused() {
        HttpLimits limits;
        limits.head = 2'000;
        limits.target = 500;
        limits.fields = 20;
        limits.body = 1'000;
        start(limits);
        std::string manyFields;
        for (int i = 0; i < 20; ++i) manyFields += "X-" + std::to_string(i) + ": x\r\n";

        requireStatus("200",
                      "GET /echo?" + std::string(490, 'x') + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        requireStatus("414", "GET /echo?" + std::string(500, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n");
        requireStatus("431", "GET /echo HTTP/1.1\r\nHost: x\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n");
        requireStatus("431", "GET /echo HTTP/1.1\r\nHost: x\r\nX: " + std::string(10'000, 'x'));  // without an end
        requireStatus("431", "GET /echo HTTP/1.1\r\nHost: x\r\n" + manyFields + "\r\n");
        requireStatus("200", "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" +
                                 std::string(1'000, 'x'));
        requireStatus("413",
                      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n" + std::string(1'001, 'x'));
        requireStatus("413", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n");
        CPPUNIT_ASSERT_EQUAL(2, _answered.load());
    }

    void whatIsNoRequestIsRefused() {
        start();

        requireStatus("400", "nonsense\r\n\r\n");
        requireStatus("400", "GET /echo HTTP/1.1\r\n\r\n");
        requireStatus("400", "GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
        requireStatus("400", "GET echo HTTP/1.1\r\nHost: x\r\n\r\n");
        requireStatus("400", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
        requireStatus("411", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        requireStatus("505", "GET /echo HTTP/2.0\r\nHost: x\r\n\r\n");
        CPPUNIT_ASSERT_EQUAL(0, _answered.load());
    }

    void aClientThatDripsIsCutOff() {
        HttpLimits limits;
        limits.arrival = 500ms;
        start(limits);
        Client client(_server->address());
        std::atomic<bool> ended{false};

        const auto began = Steady::now();
        std::thread dripping([&] {
            try {
                for (int i = 0; i < 200 && !ended; ++i) {
                    client.send(i == 0 ? "GET /" : "x");
                    std::this_thread::sleep_for(50ms);
                }
            } catch (const Poco::Exception&) {  // it was cut off
            }
        });
        const std::string answer = client.receive();
        const auto took = Steady::now() - began;
        ended = true;
        dripping.join();

        CPPUNIT_ASSERT_EQUAL(std::string(), answer);
        CPPUNIT_ASSERT(took >= 500ms && took < 8s);
        requireStatus("200", kLast);
    }

    void aClientThatSaysNothingMoreIsCutOff() {
        HttpLimits limits;
        limits.idle = 300ms;
        start(limits);
        Client client(_server->address());
        client.send(kGet);
        client.receive("/echo");

        const auto began = Steady::now();
        CPPUNIT_ASSERT_EQUAL(std::string(), client.receive());

        CPPUNIT_ASSERT(Steady::now() - began < 8s);
    }

    void aClientThatDoesNotReadIsCutOff() {
        HttpLimits limits;
        limits.departure = 1s;
        start(limits);
        Client client(_server->address());

        client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
        CPPUNIT_ASSERT(waitUntil([this] { return _answered == 1; }));
        std::this_thread::sleep_for(3s);
        const std::string answer = client.receive();

        CPPUNIT_ASSERT_EQUAL(std::string("HTTP/1.1 200 OK"), answer.substr(0, 15));
        CPPUNIT_ASSERT_MESSAGE(std::to_string(answer.size()), answer.size() < kLarge);
        requireStatus("200", kLast);
    }

    void theOneThatWaitsLongestMakesRoom() {
        HttpLimits limits;
        limits.connections = 3;
        start(limits);
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<Client>(_server->address()));
            clients.back()->send(kGet);
            clients.back()->receive("/echo");
            std::this_thread::sleep_for(20ms);
        }

        requireStatus("200", kLast);

        CPPUNIT_ASSERT_EQUAL(std::string(), clients[0]->receive());
        for (int i = 1; i < 3; ++i) {
            clients[static_cast<std::size_t>(i)]->send(kGet);
            CPPUNIT_ASSERT(!clients[static_cast<std::size_t>(i)]->receive("/echo").empty());
        }
        CPPUNIT_ASSERT_EQUAL(0, _server->refused());
    }

    void handlersThatThrowAreAnswered() {
        start();

        const std::string answer =
            Client(_server->address())
                .ask(
                    "GET /throw HTTP/1.1\r\nHost: x\r\n\r\nGET /throw-std HTTP/1.1\r\nHost: x\r\n"
                    "\r\n" +
                    kLast);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer, std::size_t{2}, countOf(answer, "HTTP/1.1 500 "));
        CPPUNIT_ASSERT_MESSAGE(answer, answer.find("secret of the disk") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(answer, answer.ends_with("/echo"));
    }

    void streamsGoOnUntilTheClientIsGone() {
        start();
        {
            Client client(_server->address());
            client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
            const std::string begin = client.receive("beat 3\n");
            CPPUNIT_ASSERT_MESSAGE(begin, begin.find("Content-Length") == std::string::npos);
            CPPUNIT_ASSERT_EQUAL(1, _streaming.load());
        }

        CPPUNIT_ASSERT(waitUntil([this] { return _streaming == 0; }));
    }

    void streamsHaveTheirPlaces() {
        HttpLimits limits;
        limits.streams = 2;
        start(limits);
        const std::string stream = "GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        Client first(_server->address());
        Client second(_server->address());
        first.send(stream);
        first.receive("beat 1\n");
        second.send(stream);
        second.receive("beat 1\n");

        requireStatus("503", stream);
        requireStatus("200", kLast);
        requireStatus("200", "HEAD /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");  // needs none

        first.close();
        CPPUNIT_ASSERT(waitUntil([this] { return _streaming == 1; }));
        Client third(_server->address());
        third.send(stream);
        CPPUNIT_ASSERT(third.receive("beat 1\n").starts_with("HTTP/1.1 200 OK"));
    }

    void theEndCutsEverybodyOff() {
        start();
        Client idle(_server->address());
        Client stream(_server->address());
        stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.receive("beat 1\n");

        const auto began = Steady::now();
        _server.reset();

        CPPUNIT_ASSERT(Steady::now() - began < 8s);
        CPPUNIT_ASSERT_EQUAL(std::string(), idle.receive());
        CPPUNIT_ASSERT_EQUAL(0, _streaming.load());
    }

    void aTakenPortIsToldByItsKey() {
        start();
        HttpConfig config;
        config.host = "127.0.0.1";
        config.port = Poco::Net::SocketAddress(_server->address()).port();

        try {
            HttpServer(config, {}, _log);
            CPPUNIT_FAIL("two servers have one port");
        } catch (const Poco::Exception& e) {
            CPPUNIT_ASSERT_MESSAGE(e.message(), e.message().find("http.address = 127.0.0.1:") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(e.message(), e.message().find("another program listens there") != std::string::npos);
        }
    }

private:
    static constexpr std::size_t kLarge = 24 << 20;  // more than the sockets hold

    void start(HttpLimits limits = {}) {
        HttpConfig config;
        config.host = "127.0.0.1";
        _server = std::make_unique<HttpServer>(config, ConfigSource{}, _log, limits);
        _server->start([this](const HttpRequest& request) { return answer(request); });
    }
    HttpResponse answer(const HttpRequest& request) {
        if (request.path == "/throw") throw Poco::IOException("secret of the disk");
        if (request.path == "/throw-std") throw std::runtime_error("secret of the disk");
        if (request.path == "/stream") return stream();
        ++_answered;
        if (request.path == "/large") return plainText(200, std::string(kLarge, 'x'));
        std::string text = request.path;
        for (const auto& [name, value] : request.query) text += '?' + name + '=' + value;
        return plainText(200, text + (request.body.empty() ? "" : ' ' + request.body));
    }
    HttpResponse stream() {
        HttpResponse answer = plainText(200, "");
        answer.stream = [this](HttpStream& out) {
            ++_streaming;
            for (int i = 1; out.write("beat " + std::to_string(i) + "\n") && out.wait(20ms); ++i) {
            }
            --_streaming;
        };
        return answer;
    }
    void requireStatus(const std::string& status, const std::string& request) {
        const std::string answer = Client(_server->address()).ask(request);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(request.substr(0, 60), "HTTP/1.1 " + status, answer.substr(0, 12));
    }

    Poco::Logger& _log = Poco::Logger::create("http-server-test-" + std::to_string(++_made), new Poco::NullChannel);
    std::unique_ptr<HttpServer> _server{};
    std::atomic<int> _answered{0};
    std::atomic<int> _streaming{0};
    static inline int _made = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(HttpServerTest);
