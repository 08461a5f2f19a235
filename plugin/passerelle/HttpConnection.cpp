#include "HttpConnection.h"

#include "BacklogReader.h"

#include "carillon/Duration.h"

#include "Poco/Net/DNS.h"
#include "Poco/Net/HostEntry.h"
#include "Poco/Net/IPAddress.h"
#include "Poco/Net/SecureStreamSocket.h"

#include <algorithm>
#include <cstring>
#include <system_error>

namespace passerelle {
namespace {

using carillon::SocketWish;
using Poco::Net::SecureStreamSocket;
using Who = HttpFault::Who;

/// One read of the system: large enough that a long list costs few of them.
constexpr std::size_t kBufferBytes = 64 << 10;
/// So soon a request to stop ends a wait.
constexpr std::chrono::milliseconds kLook{100};

Poco::Net::HostEntry::AddressList addressesOf(const std::string& host) {
    Poco::Net::IPAddress address;
    if (Poco::Net::IPAddress::tryParse(host, address)) return {address};
    try {
        auto addresses = Poco::Net::DNS::hostByName(host).addresses();
        if (!addresses.empty()) return addresses;
    } catch (const Poco::Net::HostNotFoundException&) {
    } catch (const Poco::Net::NoAddressFoundException&) {
    } catch (const Poco::Exception& e) {
        throw HttpFault(Who::Unreached, say("http.unresolved", {{"host", host}, {"why", excerpt(e.displayText())}}));
    }
    throw HttpFault(Who::Unreached, say("http.unknownname", {{"host", host}}));
}

/// What the system says of a failed call, by words of our own where people meet it.
Message textOf(int error) {
    const auto condition = std::system_category().default_error_condition(error);
    if (condition == std::errc::connection_refused) return say("system.refused");
    if (condition == std::errc::connection_reset) return say("system.reset");
    if (condition == std::errc::broken_pipe) return say("system.brokenpipe");
    if (condition == std::errc::timed_out) return say("system.timedout");
    if (condition == std::errc::host_unreachable) return say("system.noroute");
    if (condition == std::errc::network_unreachable) return say("system.nonetwork");
    return std::system_category().message(error);
}

/// Poco's own text of a failed call to the system names the address alone.
Message textOf(const Poco::Exception& e) {
    return e.code() > 0 ? textOf(e.code()) : Message(excerpt(e.displayText()));
}

}  // namespace

HttpConnection::HttpConnection(const carillon::StopToken& stop, std::chrono::milliseconds limit)
    : _stop(stop),
      _limit(limit),
      _end(Steady::now() + limit),
      _buffer(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

void HttpConnection::grantTime(Phase phase, std::chrono::milliseconds most) {
    _phase = phase;
    _end = Steady::now() + std::min(_limit, most);
    _hasHeard = false;
}

/// False: it is late.
bool HttpConnection::await(SocketWish wish, Steady::time_point end) {
    for (;;) {
        _stop.throwIfRequested();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
        if (left <= left.zero()) return false;
        if (carillon::awaitSocket(_socket.impl()->sockfd(), wish, std::min({left, kLook, _stop.remaining()})))
            return true;
    }
}

void HttpConnection::awaitGranted(SocketWish wish) {
    if (!await(wish, _end)) throwLate();
}

void HttpConnection::throwLate() const {
    const std::string limit = carillon::formatDuration(_limit);
    if (_phase == Phase::Connect) throw HttpFault(Who::Unreached, say("http.noconnection", {{"limit", limit}}));
    if (_phase == Phase::Body)
        throw HttpFault(Who::Answered, say(_hasHeard ? "http.incomplete" : "http.nomore", {{"limit", limit}}));
    if (_hasHeard) throw HttpFault(Who::Answered, say("http.headincomplete", {{"limit", limit}}));
    throw HttpFault(Who::Silent, say("http.noanswer", {{"limit", limit}}));
}

void HttpConnection::connect(const std::string& host, std::uint16_t port) {
    const auto addresses = addressesOf(host);
    auto left = static_cast<int>(addresses.size());
    for (const auto& address : addresses) {
        // An address that swallows everything leaves the others their share of the time.
        const auto now = Steady::now();
        if (connectTo({address, port}, now + (_end - now) / left--)) return;
    }
    if (_ending.empty()) throwLate();
    throw HttpFault(Who::Unreached, _ending);
}

bool HttpConnection::connectTo(const Poco::Net::SocketAddress& address, Steady::time_point end) {
    _socket = Poco::Net::StreamSocket();
    try {
        _socket.connectNB(address);
        if (!await(SocketWish::Write, end)) return false;
        const int error = _socket.impl()->socketError();
        if (error == 0) _socket.setNoDelay(true);
        _ending = error == 0 ? Message() : textOf(error);
        return error == 0;
    } catch (const Poco::Net::NetException& e) {
        _ending = textOf(e);
    } catch (const Poco::IOException& e) {
        _ending = textOf(e);
    }
    return false;
}

void HttpConnection::encrypt(GatewayTls& tls, const std::string& host) {
    grantTime(Phase::Handshake);
    try {
        auto secure = SecureStreamSocket::attach(_socket, host, tls.contextOfNextConnection());
        _socket = secure;
        int result = 0;
        while ((result = secure.completeHandshake()) < 0)
            awaitGranted(result == SecureStreamSocket::ERR_SSL_WANT_WRITE ? SocketWish::Write : SocketWish::Read);
        if (result == 0) throw Poco::Net::ConnectionResetException();
        secure.verifyPeerCertificate();
    } catch (const HttpFault&) {
        throw;
    } catch (const Poco::IOException& e) {
        const Message why = tls.explainFailure();
        if (!why.empty()) throw HttpFault(Who::Answered, why);
        throw HttpFault(Who::Silent, say("http.handshake", {{"why", textOf(e)}}));
    }
}

void HttpConnection::send(std::string_view bytes) {
    try {
        while (!bytes.empty()) {
            const int sent = _socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
            if (sent > 0)
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            else
                awaitGranted(sent == SecureStreamSocket::ERR_SSL_WANT_WRITE || !_socket.secure() ? SocketWish::Write
                                                                                                 : SocketWish::Read);
        }
    } catch (const HttpFault&) {
        throw;
    } catch (const Poco::IOException& e) {
        _ending = say("http.ended", {{"why", textOf(e)}});
        throw HttpFault(Who::Silent, _ending);
    }
}

bool HttpConnection::receive() {
    if (!_ending.empty()) return false;
    try {
        for (;;) {
            // Also while bytes come in abundance.
            _stop.throwIfRequested();
            const int count = _socket.receiveBytes(_buffer.get(), static_cast<int>(kBufferBytes));
            if (count > 0) {
                if (_phase != Phase::Body && Steady::now() >= _end) throwLate();
                _hasHeard = true;
                _taken = 0;
                _filled = static_cast<std::size_t>(count);
                return true;
            }
            if (count == 0) break;
            awaitGranted(_socket.secure() && count == SecureStreamSocket::ERR_SSL_WANT_WRITE ? SocketWish::Write
                                                                                             : SocketWish::Read);
        }
        _ending = say("http.closed");
    } catch (const HttpFault&) {
        throw;
    } catch (const Poco::IOException& e) {
        _ending = say("http.ended", {{"why", textOf(e)}});
    }
    _taken = _filled = 0;
    return false;
}

bool HttpConnection::takeLine(std::string& line, std::size_t most) {
    line.clear();
    while (line.size() <= most) {
        if (size() == 0 && !receive()) return false;
        const auto* const end = static_cast<const char*>(std::memchr(begin(), '\n', size()));
        const std::size_t count = end == nullptr ? size() : static_cast<std::size_t>(end - begin());
        line.append(begin(), count);
        take(count);
        if (end == nullptr) continue;
        take(1);
        if (line.ends_with('\r')) line.pop_back();
        return line.size() <= most;
    }
    return false;
}

}  // namespace passerelle
