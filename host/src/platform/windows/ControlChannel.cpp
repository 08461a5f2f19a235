#include "platform/ControlChannel.h"

#include "platform/FileRights.h"
#include "windows/ControlKey.h"
#include "windows/FileStatus.h"

#include "Poco/Exception.h"
#include "Poco/Net/ServerSocketImpl.h"
#include "Poco/Net/SocketAddress.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace carillon {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr const char* kLoopback = "127.0.0.1";
constexpr std::chrono::seconds kPatience{5};

std::string fileIn(const std::string& stateDir) {
    return stateDir + "\\carillon.port";
}

/// Nobody else gets the port while this process listens there, which is not so by itself.
class ExclusiveSocket final : public Poco::Net::ServerSocket {
public:
    ExclusiveSocket() : ServerSocket(new Exclusive, true) {
        bind(SocketAddress(kLoopback, 0), false);
        listen();
    }

private:
    struct Exclusive final : Poco::Net::ServerSocketImpl {
        Exclusive() {
            init(AF_INET);
            setOption(SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
        }
    };
};

/// The port and the key, as they stand in the file of a host.
struct Door {
    std::uint16_t port = 0;
    std::string key{};
};

std::optional<Door> readDoor(const std::string& path) {
    TrustedPath trusted = trustedPath(path, Opening::Read, TrustRole::Secret);
    if (!trusted.refusal().empty()) throw Poco::FileException(path + ": " + trusted.refusal().text);
    std::string text;
    std::error_code error;
    if (!trusted || !trusted.file().readAll(text, error)) return std::nullopt;
    Door door;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), door.port);
    if (bad != std::errc() || *end != ' ' || text.back() != '\n') return std::nullopt;
    door.key = text.substr(static_cast<std::size_t>(end + 1 - text.data()));
    door.key.pop_back();
    return door;
}

/// Up to the end of a line, and nothing of what follows it.
std::optional<std::string> readLine(StreamSocket& socket, std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::string line;
    while (line.size() < kLongestProof) {
        const auto left = deadline - std::chrono::steady_clock::now();
        const auto wait = std::chrono::duration_cast<std::chrono::microseconds>(left);
        char c = 0;
        if (wait.count() <= 0 || !socket.poll(Poco::Timespan(wait.count()), Poco::Net::Socket::SELECT_READ) ||
            socket.receiveBytes(&c, 1) != 1)
            return std::nullopt;
        if (c == '\n') return line;
        line += c;
    }
    return std::nullopt;
}

void sendLine(StreamSocket& socket, const std::string& line) {
    const std::string bytes = line + '\n';
    socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
}

/// Each side has the other one prove that it knows the key, which itself is not sent: another program may have got the
/// port of a host that is gone. The client is the first to speak and the last.
bool provesToHost(StreamSocket& socket, const std::string& key) {
    const std::string asked = freshKey();
    sendLine(socket, asked);
    const auto proof = readLine(socket, kPatience);
    const auto question = readLine(socket, kPatience);
    if (!proof || !question || !isSame(*proof, proofOf(key, "host", asked))) return false;
    sendLine(socket, proofOf(key, "client", *question));
    return true;
}

}  // namespace

ControlChannel::ControlChannel(const std::string& stateDir)
    : _path(fileIn(stateDir)), _key(freshKey()), _socket(ExclusiveSocket()) {
    ::DeleteFileW(wide(_path).c_str());
    TrustedPath made = trustedPath(_path, Opening::WriteNew, TrustRole::Secret);
    if (!made) throw Poco::FileException(_path + ": " + made.reason());
    std::error_code error;
    if (!made.file().write(std::to_string(_socket.address().port()) + ' ' + _key + '\n', error))
        throw Poco::FileException(_path + ": " + error.message());
    if (const auto facts = made.file().facts(error)) _file = facts->identity;
}

/// Anybody on this machine can connect, and shall not keep others out by that: who may is here, and answers at once.
bool ControlChannel::admits(StreamSocket& connection, std::chrono::milliseconds most) const {
    constexpr std::chrono::milliseconds kProofTime{500};
    const auto limit = std::min(most, kProofTime);
    try {
        const auto asked = readLine(connection, limit);
        if (!asked) return false;
        const std::string question = freshKey();
        sendLine(connection, proofOf(_key, "host", *asked) + '\n' + question);
        const auto proof = readLine(connection, limit);
        return proof && isSame(*proof, proofOf(_key, "client", question));
    } catch (const Poco::Exception&) {
        return false;
    }
}

void ControlChannel::leave() {
    const auto found = factsOf(_path);
    if (found && _file == found->identity) ::DeleteFileW(wide(_path).c_str());
}

std::optional<StreamSocket> connectToControl(const std::string& stateDir) {
    if (const TrustedPath folder = trustedPath(stateDir, Opening::LookFolder); !folder.refusal().empty())
        throw Poco::FileException(stateDir + ": " + folder.refusal().text);
    const auto door = readDoor(fileIn(stateDir));
    if (!door) return std::nullopt;
    try {
        StreamSocket socket(SocketAddress(kLoopback, door->port));
        socket.setNoDelay(true);
        return provesToHost(socket, door->key) ? std::optional(socket) : std::nullopt;
    } catch (const Poco::Exception&) {  // one that a host left behind
        return std::nullopt;
    }
}

}  // namespace carillon
