#include "http/HttpServer.h"

#include "config/SourceReader.h"
#include "config/TrustedProxies.h"
#include "http/HttpConnection.h"
#include "http/HttpConnections.h"
#include "platform/ProcessLimits.h"
#include "platform/Sockets.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

#include "Poco/Net/Context.h"
#include "Poco/Net/NetException.h"
#include "Poco/Net/SSLException.h"
#include "Poco/Net/SSLManager.h"
#include "Poco/Net/SecureServerSocket.h"
#include "Poco/Net/SocketDefs.h"
#include "Poco/Net/TCPServerParams.h"
#include "Poco/String.h"
#include "Poco/StringTokenizer.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon {
namespace {

using Poco::Net::Context;

// Of TLS 1.2; all that 1.3 has is of this kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384:P-521:X448";

Context::Ptr contextOf(const HttpConfig& config) {
    Context::Params params;
    params.certificateFile = config.certificate;
    params.privateKeyFile = config.key;
    params.verificationMode = Context::VERIFY_NONE;
    params.cipherList = kCiphers;
    params.ecdhCurve = kGroups;
    Context::Ptr context = new Context(Context::TLS_SERVER_USE, params);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    // A client that asks for ever new keys would cost the host more than itself; a ticket is sealed by a key that lives
    // as long as the host.
    ::SSL_CTX_set_options(context->sslContext(),
                          SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    return context;
}

/// How a host speaks TLS: 1.2 or newer, each connection with a key of its own (ECDHE) and authenticated encryption,
/// so that who records it and gets the host's key later reads nothing. Throws Poco::IOException: a sentence on
/// `http.tls.certificate`.
Context::Ptr serverTls(const HttpConfig& config, const ConfigSource& source) {
    try {
        Poco::Net::initializeSSL();
        Context::Ptr context = contextOf(config);
        // OpenSSL drops a key that the certificate does not fit, says nothing, and then fails each handshake.
        if (::SSL_CTX_check_private_key(context->sslContext()) != 1)
            throw Poco::Net::SSLContextException("the key is that of another certificate");
        return context;
    } catch (const Poco::Exception& e) {
        const std::string reason = e.message().empty() ? e.displayText() : e.message();
        throwWorded<Poco::IOException>(
            source.faultOf("http.tls.certificate", sayHost("server.nocertificate", {{"why", reason}})).message());
    }
}

using Poco::Net::IPAddress;

/// What proxies add, each its own choice of these.
bool isAddedByProxies(const std::string& name) {
    constexpr const char* kPrefix = "X-Forwarded-";
    constexpr const char* kNames[] = {"Forwarded",           "Via",
                                      "X-Real-IP",           "X-Client-IP",
                                      "X-Cluster-Client-IP", "X-Original-Forwarded-For",
                                      "True-Client-IP",      "CF-Connecting-IP",
                                      "Fastly-Client-IP"};
    const auto isName = [&name](const char* known) { return Poco::icompare(name, known) == 0; };
    return Poco::icompare(name.substr(0, std::string(kPrefix).size()), kPrefix) == 0 ||
           std::any_of(std::begin(kNames), std::end(kNames), isName);
}

/// The values of all headers of that name, which together are one list.
std::vector<std::string> listOf(const HttpRequest& request, const char* name) {
    std::vector<std::string> values;
    for (const auto& [key, value] : request.headers) {
        if (Poco::icompare(key, name) != 0) continue;
        const Poco::StringTokenizer parts(value, ",", Poco::StringTokenizer::TOK_TRIM);
        values.insert(values.end(), parts.begin(), parts.end());
    }
    return values;
}

constexpr int kBacklog = 1024;
constexpr int kStackSize = 512 * 1024;

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    explicit Factory(HttpService service) : _service(service) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return new HttpConnection(socket, _service);
    }

private:
    HttpService _service;
};

class Room final : public Poco::Net::TCPServerConnectionFilter {
public:
    explicit Room(HttpConnections& connections) : _connections(connections) {}
    void serve(const Poco::Net::TCPServer& server) { _server = &server; }
    bool accept(const Poco::Net::StreamSocket&) override {
        yieldToFiring();
        _connections.makeRoom(_server->queuedConnections() + 1);
        return true;
    }

private:
    HttpConnections& _connections;
    const Poco::Net::TCPServer* _server = nullptr;
};

/// Clients leave enough of the process's descriptors to the runs, however few it may have: half of them at least, and
/// 1,024 before there is a long queue.
HttpLimits fitting(HttpLimits limits) {
    constexpr std::uint64_t kForRuns = 1'024;
    constexpr std::uint64_t kUsualQueue = 64;
    const std::uint64_t files = openFileLimit();
    const auto atMost = [](int usual, std::uint64_t most) {
        return static_cast<int>(std::min(static_cast<std::uint64_t>(usual), most));
    };
    limits.connections = atMost(limits.connections, files / 8 * 3);
    limits.streams = atMost(limits.streams, static_cast<std::uint64_t>(limits.connections) / 2);
    const std::uint64_t taken = kForRuns + static_cast<std::uint64_t>(limits.connections);
    const std::uint64_t room = files > taken ? files - taken : 0;
    limits.queue = atMost(limits.queue, std::max(room, std::min(kUsualQueue, files / 8)));
    return limits;
}

std::string reasonOf(const Poco::Exception& e) {
    return e.message().empty() ? e.displayText() : e.message();
}

std::vector<Network> trustedOf(const ConfigSource& source) {
    SourceReader in(source, "");
    return readTrustedProxies(in);
}

Poco::Net::ServerSocket listenAt(const HttpConfig& config, const ConfigSource& source) {
    const Poco::Net::SocketAddress address(config.host, config.port);
    const auto context = config.hasTls() ? serverTls(config, source) : nullptr;
    try {
        Poco::Net::ServerSocket socket;
        if (context) socket = Poco::Net::SecureServerSocket(context);
        // Poco's constructors that bind let another process share the port: two hosts would answer by turns.
        constexpr bool kReusePort = false;
        socket.bind(address, isAddressReuseSafe(), kReusePort);
        socket.listen(kBacklog);
        return socket;
    } catch (const Poco::Exception& e) {
        const Message why = e.code() == POCO_EADDRINUSE ? sayHost("server.portinuse")
                            : e.code() != 0             ? sayError({e.code(), std::generic_category()})
                                                        : Message(reasonOf(e));
        throwWorded<Poco::IOException>(
            source.faultOf("http.address", sayHost("server.address", {{"address", address.toString()}, {"why", why}}))
                .message());
    }
}

}  // namespace

void Forwarding::settle(HttpRequest& request) const {
    request.peer = plainAddress(request.peer);
    const auto& headers = request.headers;
    // A proxy that adds nothing speaks HTTP/1.0, as nginx does unless it is told; people's browsers and programs do
    // not.
    request.isForwarded = !request.isHttp11 || std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return isAddedByProxies(header.first);
    });
    if (!trusts(request.peer)) return;
    request.isForwarded = true;
    request.peer = clientOf(request);
    if (const auto schemes = listOf(request, "X-Forwarded-Proto"); !schemes.empty())
        request.secure = Poco::icompare(schemes.back(), "https") == 0;
}

bool Forwarding::trusts(const IPAddress& address) const {
    return std::any_of(_trusted.begin(), _trusted.end(),
                       [&address](const auto& network) { return network.contains(address); });
}

// Each proxy adds on the right whom it was asked by: what stands left of an address that is not trusted is that one's
// own word.
IPAddress Forwarding::clientOf(const HttpRequest& request) const {
    IPAddress client = request.peer;
    const auto chain = listOf(request, "X-Forwarded-For");
    for (auto entry = chain.rbegin(); entry != chain.rend() && trusts(client); ++entry) {
        const auto address = parseAddress(*entry);
        if (!address) break;
        client = *address;
    }
    return client;
}

HttpServer::HttpServer(const HttpConfig& config, const ConfigSource& source, Poco::Logger& log, HttpLimits limits)
    : _limits(fitting(limits)),
      _log(log),
      _socket(listenAt(config, source)),
      _secure(config.hasTls()),
      _forwarding(trustedOf(source)),
      _connections(_limits),
      _threads("http", 1, _limits.connections, 60, kStackSize) {}

HttpServer::~HttpServer() {
    if (!_server) return;
    _connections.watchQueue({});
    _connections.end();
    _server->stop();
    _threads.joinAll();
}

void HttpServer::start(Answerer answerer) {
    _answerer = std::move(answerer);
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(_limits.connections);
    params->setMaxQueued(_limits.queue);
    const HttpService service{_limits, _connections, _answerer, _forwarding, _log, _secure};
    _server = std::make_unique<Poco::Net::TCPServer>(new Factory(service), _threads, _socket, params);
    Poco::AutoPtr<Room> room = new Room(_connections);
    room->serve(*_server);
    _server->setConnectionFilter(room);
    _connections.watchQueue([this] { return _server->queuedConnections(); });
    _server->start();
}

std::string HttpServer::address() const {
    return _socket.address().toString();
}

int HttpServer::refused() const {
    return _server ? _server->refusedConnections() : 0;
}

}  // namespace carillon
