#pragma once

#include "http/HttpConnections.h"
#include "http/HttpReader.h"
#include "http/HttpServer.h"

#include "Poco/Net/StreamSocket.h"
#include "Poco/Net/TCPServerConnection.h"

#include <string>
#include <string_view>

namespace carillon {

/// What all connections of a server share.
struct HttpService {
    const HttpLimits& limits;
    HttpConnections& connections;
    const HttpServer::Answerer& answerer;
    const Forwarding& forwarding;
    Poco::Logger& log;
    bool secure;
};

/// One client: reads its requests one after the other and sends it the answers.
class HttpConnection final : public Poco::Net::TCPServerConnection, private HttpStream {
public:
    HttpConnection(const Poco::Net::StreamSocket& socket, const HttpService& service);

    void run() override;

private:
    bool write(std::string_view text) override;
    bool wait(std::chrono::milliseconds limit) override;

    bool serveOne(HttpConnections::Member& member, int served);
    HttpResponse answerOf(const HttpRequest& request);
    void logFailure(const HttpRequest& request, const std::string& error);
    void stream(const HttpRequest& request, const HttpResponse& answer);
    void send(std::string_view bytes);
    void refuse(const HttpResponse& answer);

    const HttpService& _service;
    HttpReader _reader;
    HttpConnections::Member* _member = nullptr;
    bool _isStream = false;  ///< Has one of the places for streams.
};

}  // namespace carillon
