#include "alerts/RemoteCall.h"

#include "carillon/Duration.h"
#include "platform/NameLookup.h"
#include "shared/TrustedAuthorities.h"

#include "Poco/Net/IPAddress.h"
#include "Poco/Net/NetException.h"
#include "Poco/Net/SecureStreamSocket.h"
#include "Poco/Net/SocketAddress.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <system_error>
#include <vector>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// How long a cancelled call may go on where nothing wakes it.
constexpr std::chrono::milliseconds kAnswerLook{50};

using Addresses = std::vector<Poco::Net::IPAddress>;

Addresses addressesOf(const NameLookup& found) {
    Addresses addresses;
    for (const auto& text : found.addresses) addresses.emplace_back(text);
    return addresses;
}

/// What the resolver is asked, by a thread of its own: it takes its time and cannot be stopped. Who asks may give up;
/// then the answer stays with that thread.
struct Question {
    std::mutex mutex{};  // of all below
    std::condition_variable answered{};
    bool isAnswered = false;
    NameLookup found{};
};

void answer(Question& question, const std::string& host) {
    NameLookup found = lookUpName(host);
    const std::lock_guard lock(question.mutex);
    question.found = std::move(found);
    question.isAnswered = true;
    question.answered.notify_all();
}

template <typename IsOver>
Addresses resolve(const std::string& host, IsOver isOver) {
    Poco::Net::IPAddress address;
    if (Poco::Net::IPAddress::tryParse(host, address)) return {address};
    const auto question = std::make_shared<Question>();
    std::thread([question, host] { answer(*question, host); }).detach();
    std::unique_lock lock(question->mutex);
    while (!question->answered.wait_for(lock, kAnswerLook, [&] { return question->isAnswered; }))
        if (isOver()) throw Undelivered("the name " + host + " was not resolved in time");
    if (!question->found.problem.empty())
        throw Undelivered("the name " + host + " is not known: " + question->found.problem);
    return addressesOf(question->found);
}

/// Poco's own text of a failed call to the system is the address alone.
std::string textOf(const Poco::Exception& e) {
    return e.code() != 0 ? std::system_category().message(e.code()) : e.message().empty() ? e.name() : e.message();
}

/// The certificate is to name this server: that is checked while it is shown, and not by Poco afterwards.
void requireName(const Poco::Net::Context& context, const std::string& host) {
    X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(context.sslContext());
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) != 1) X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), 0);
    SSL_CTX_set_verify(context.sslContext(), SSL_VERIFY_PEER, nullptr);
}

std::string peerOf(const std::string& host, std::uint16_t port) {
    return host + " port " + std::to_string(port);
}

}  // namespace

RemoteCall::RemoteCall(std::chrono::milliseconds limit)
    : _limit(limit), _deadline(Steady::now() + limit), _watchdog([this] { watch(); }) {}

RemoteCall::~RemoteCall() {
    {
        const std::lock_guard lock(_mutex);
        _done = true;
    }
    _changed.notify_all();
    _watchdog.join();
}

void RemoteCall::watch() {
    std::unique_lock lock(_mutex);
    _changed.wait_until(lock, _deadline, [this] { return _done || _cancelled; });
    if (!_done) end();
}

/// Wakes whoever reads or writes. Holds the mutex.
void RemoteCall::end() {
    _over = true;
    _connection.end();
}

void RemoteCall::cancel() {
    const std::lock_guard lock(_mutex);
    _cancelled = true;
    end();
    _changed.notify_all();
}

bool RemoteCall::isOver() const {
    const std::lock_guard lock(_mutex);
    return _over;
}

std::string RemoteCall::reasonOf(const Poco::Exception& e) const {
    {
        const std::lock_guard lock(_mutex);
        if (_cancelled) return "was given up, since the host ends";
        if (_over) return "has not answered within " + formatDuration(_limit);
    }
    if (dynamic_cast<const Poco::TimeoutException*>(&e) != nullptr) return "does not answer";
    return "failed: " + textOf(e);
}

Poco::Net::StreamSocket RemoteCall::connect(const std::string& host, std::uint16_t port) {
    std::string problem = "it has no address";
    for (const auto& address : resolve(host, [this] { return isOver(); })) {
        try {
            Poco::Net::StreamSocket socket;
            socket.connectNB(Poco::Net::SocketAddress(address, port));
            using Poco::Net::Socket;
            while (!socket.poll(Poco::Timespan(std::chrono::microseconds(kAnswerLook).count()),
                                Socket::SELECT_WRITE | Socket::SELECT_ERROR))
                if (isOver()) throw Undelivered(peerOf(host, port) + " does not answer");
            if (const int error = socket.impl()->socketError(); error != 0) {
                problem = std::system_category().message(error);
                continue;
            }
            socket.setBlocking(true);
            socket.setReceiveTimeout(Poco::Timespan(std::chrono::microseconds(_limit).count()));
            socket.setSendTimeout(Poco::Timespan(std::chrono::microseconds(_limit).count()));
            const std::lock_guard lock(_mutex);
            _connection = ConnectionHold(socket.impl()->sockfd());
            if (_over) end();
            return socket;
        } catch (const Poco::Net::NetException& e) {
            problem = textOf(e);
        }
    }
    throw Undelivered("cannot connect to " + peerOf(host, port) + ": " + problem);
}

Poco::Net::StreamSocket RemoteCall::encrypt(Poco::Net::StreamSocket& socket, const std::string& host,
                                            const std::string& ca) {
    using Poco::Net::Context;
    try {
        Context::Ptr context = new Context(Context::CLIENT_USE, "", "", ca, Context::VERIFY_STRICT, 9, ca.empty());
        if (ca.empty()) trustSystemAuthorities(context->sslContext());
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        requireName(*context, host);
        return Poco::Net::SecureStreamSocket::attach(socket, host, context);
    } catch (const Poco::Exception& e) {
        throw Undelivered("the encrypted connection to " + host + " " + reasonOf(e) +
                          (ca.empty() ? "" : "; it must have a certificate of " + ca));
    }
}

}  // namespace carillon
