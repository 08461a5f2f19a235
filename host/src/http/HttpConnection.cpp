#include "http/HttpConnection.h"

#include "carillon/LogLine.h"
#include "http/HttpConnections.h"
#include "platform/Sockets.h"
#include "words/HostTexts.h"

#include "Poco/Net/NetException.h"

#include <algorithm>

namespace carillon {
namespace {

/// Of what a refused client still sends: it would not see the answer if the connection were closed on its bytes.
constexpr std::size_t kMostDrained = 1'000'000;
constexpr std::chrono::milliseconds kDrain{1'000};
constexpr std::chrono::milliseconds kSilence{200};  // it has sent all

}  // namespace

HttpConnection::HttpConnection(const Poco::Net::StreamSocket& socket, const HttpService& service)
    : TCPServerConnection(socket),
      _service(service),
      _reader(
          service.limits, [this](char* buffer, int size) { return this->socket().receiveBytes(buffer, size); },
          [this](const std::string& bytes) { send(bytes); }) {}

void HttpConnection::run() {
    yieldToFiring();
    HttpConnections::Member member(_service.connections, socket().impl()->sockfd());
    _member = &member;
    try {
        // An answer goes out in one piece: what it waits for would come 40 ms late.
        const auto family = socket().address().family();
        if (family == Poco::Net::SocketAddress::IPv4 || family == Poco::Net::SocketAddress::IPv6)
            socket().setNoDelay(true);
        int served = 0;
        while (serveOne(member, served)) ++served;
        // Says goodbye as TLS has it: else the client cannot tell the end from a connection that was cut.
        if (_service.secure) socket().shutdown();
    } catch (const Poco::Exception&) {  // the client is gone, or was cut off: nobody is left to tell
    }
    if (_isStream) _service.connections.giveStreamBack();
}

/// False: the connection is to end.
bool HttpConnection::serveOne(HttpConnections::Member& member, int served) {
    // The first request has to come as soon as the client is here.
    if (served > 0) {
        member.wait(_service.limits.idle);
        if (!_reader.waitForBytes()) return false;
    }
    member.wait(_service.limits.arrival);
    std::optional<HttpRequest> request;
    try {
        request = _reader.read();
    } catch (const HttpRefusal& refusal) {
        refuse(refusal.answer());
        return false;
    }
    if (!request) return false;
    request->peer = socket().peerAddress().host();
    request->secure = _service.secure;
    _service.forwarding.settle(*request);
    request->isAbandoned = [this] { return awaitEnd(socket().impl()->sockfd(), std::chrono::milliseconds(0)); };
    member.work();
    const HttpResponse answer = answerOf(*request);
    const bool keepAlive =
        request->keepAlive && served + 1 < _service.limits.requests && !_service.connections.isEnding();
    const bool headOnly = request->method == "HEAD";
    const std::string bytes = bytesOf(answer, keepAlive, headOnly);  // while the client's time does not run
    member.wait(_service.limits.departure);
    send(bytes);
    if (!answer.stream) return keepAlive;
    if (!headOnly) stream(*request, answer);
    return false;
}

HttpResponse HttpConnection::answerOf(const HttpRequest& request) {
    try {
        HttpResponse answer = _service.answerer(request);
        if (!answer.stream || request.method == "HEAD") return answer;
        _isStream = _service.connections.takeStream();
        if (_isStream) return answer;
        return problem(503, "too-many-streams", sayHost("request.manystreams")).with("Retry-After", "10");
    } catch (const Poco::Exception& e) {
        logFailure(request, e.displayText());
    } catch (const std::exception& e) {
        logFailure(request, e.what());
    }
    return problem(500, "", sayHost("request.failed"));
}

void HttpConnection::logFailure(const HttpRequest& request, const std::string& error) {
    LogLine(_service.log, "http.failed", Poco::Message::PRIO_ERROR).field("path", request.path).field("error", error);
}

void HttpConnection::stream(const HttpRequest& request, const HttpResponse& answer) {
    _member->work();
    try {
        answer.stream(*this);
    } catch (const Poco::Exception& e) {
        logFailure(request, e.displayText());
    } catch (const std::exception& e) {
        logFailure(request, e.what());
    }
}

bool HttpConnection::write(std::string_view text) {
    if (_service.connections.isEnding()) return false;
    _member->wait(_service.limits.departure);
    try {
        send(text);
    } catch (const Poco::Exception&) {
        return false;
    }
    _member->work();
    return true;
}

bool HttpConnection::wait(std::chrono::milliseconds limit) {
    // A socket that was cut off wakes up as well.
    return !awaitEnd(socket().impl()->sockfd(), limit) && !_service.connections.isEnding();
}

void HttpConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const int most = static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20));
        const int sent = socket().sendBytes(bytes.data(), most);
        if (sent <= 0) throw Poco::Net::ConnectionAbortedException();
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void HttpConnection::refuse(const HttpResponse& answer) {
    send(bytesOf(answer, false, false));
    if (!_service.secure) socket().shutdownSend();
    _member->wait(kDrain);
    char buffer[4096];
    for (std::size_t drained = 0; drained < kMostDrained;) {
        // TLS has no half of an end: such a client waits for the whole one, and would be cut off without a goodbye.
        if (_service.secure && !socket().poll(Poco::Timespan(kSilence.count() * 1000), Poco::Net::Socket::SELECT_READ))
            return;
        const int got = socket().receiveBytes(buffer, sizeof buffer);
        if (got <= 0) return;
        drained += static_cast<std::size_t>(got);
    }
}

}  // namespace carillon
