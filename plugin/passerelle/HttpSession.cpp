#include "HttpSession.h"

#include "Encoding.h"

#include "shared/CrashPoint.h"

#include <utility>

namespace passerelle {
namespace {

using Who = HttpFault::Who;

}  // namespace

HttpSession::HttpSession(GatewayAddress address, std::optional<carillon::Proxy> proxy, TlsFiles tls,
                         std::chrono::milliseconds limit, const carillon::StopToken& stop)
    : _address(std::move(address)), _proxy(std::move(proxy)), _limit(limit), _tlsFiles(std::move(tls)), _stop(stop) {}

void HttpSession::disconnect() {
    _answer.reset();
    _connection.reset();
}

void HttpSession::release() {
    if (!_answer) return;
    bool isKept = false;
    try {
        isKept = _answer->reachEnd();
    } catch (const HttpFault&) {  // the answer was read; only its end is late
    }
    _answer.reset();
    // What comes after the end of an answer belongs to none.
    if (!isKept || _connection->size() > 0) disconnect();
}

HttpAnswer& HttpSession::exchange(const HttpRequest& request) {
    const std::string text = write(request);
    const bool wasOpen = _connection != nullptr;
    try {
        return attempt(text);
    } catch (const HttpFault& e) {
        // The other side closes an idle connection when it likes; that is no failure.
        const bool wasStale = wasOpen && e.who() == Who::Silent && !_connection->ending().empty();
        disconnect();
        if (!wasStale) throw;
    } catch (...) {
        disconnect();
        throw;
    }
    try {
        return attempt(text);
    } catch (...) {
        disconnect();
        throw;
    }
}

HttpAnswer& HttpSession::attempt(const std::string& request) {
    _answer.reset();
    if (!_connection) open();
    try {
        carillon::crashPoint("request.before");
        _connection->grantTime(HttpConnection::Phase::Head);
        _connection->send(request);
        carillon::crashPoint("request.sent");
        HttpHead head = readHead(*_connection);
        if (_tls) _tls->noteAnswer();
        carillon::crashPoint("answer.begun");
        return _answer.emplace(*_connection, std::move(head));
    } catch (const HttpFault&) {
        // With TLS 1.3 the other side looks at our certificate when the handshake is over.
        const std::string why = _tls ? _tls->explainFailure() : "";
        if (!why.empty()) throw HttpFault(Who::Answered, why);
        throw;
    }
}

void HttpSession::open() {
    if (_address.isEncrypted() && !_tls) _tls = std::make_unique<GatewayTls>(_tlsFiles, _address.host());
    _connection = std::make_unique<HttpConnection>(_stop, _limit);
    if (!_proxy) {
        _connection->connect(_address.host(), _address.port());
    } else {
        try {
            _connection->connect(_proxy->host, _proxy->port);
            if (_tls) openTunnel();
        } catch (const HttpFault& e) {
            const char* const code = e.who() == Who::Unreached ? "proxy.unreached"
                                     : e.who() == Who::Silent  ? "proxy.silent"
                                                               : "proxy.answered";
            throw HttpFault(Who::Unreached, say(code, {{"proxy", _proxy->name()}, {"what", e.said()}}));
        }
    }
    if (_tls) _connection->encrypt(*_tls, _address.host());
}

void HttpSession::openTunnel() {
    const bool isAddress6 = _address.host().find(':') != std::string::npos;
    const std::string target =
        (isAddress6 ? '[' + _address.host() + ']' : _address.host()) + ':' + std::to_string(_address.port());
    _connection->grantTime(HttpConnection::Phase::Head);
    _connection->send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: carillon\r\n" +
                      proxyAuthorization() + "\r\n");
    const int status = readHead(*_connection).status;
    if (status / 100 == 2) return;
    throw HttpFault(Who::Answered,
                    say(status == 407 ? "proxy.login" : "proxy.refused", {{"status", status}, {"target", target}}));
}

std::string HttpSession::proxyAuthorization() const {
    if (_proxy->user.empty()) return "";
    return "Proxy-Authorization: Basic " + toBase64(_proxy->user + ':' + _proxy->password) + "\r\n";
}

std::string HttpSession::write(const HttpRequest& request) const {
    // Through a tunnel the gateway is spoken to as if there were none.
    const bool isProxied = _proxy && !_address.isEncrypted();
    std::string text = request.method + ' ' + (isProxied ? _address.scheme() + "://" + _address.authority() : "") +
                       _address.path() + request.target + " HTTP/1.1\r\n";
    text += "Host: " + _address.authority() + "\r\n";
    text += "User-Agent: carillon\r\n";
    if (!request.authorization.empty()) text += "Authorization: " + request.authorization + "\r\n";
    text += "Content-Type: application/json\r\nAccept: application/json\r\nConnection: Keep-Alive\r\n";
    if (isProxied) text += proxyAuthorization();
    if (!request.body.empty()) text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return text + "\r\n" + request.body;
}

}  // namespace passerelle
