#include "control/ControlServer.h"

#include "control/ControlMessages.h"
#include "control/ControlSocket.h"
#include "control/RunConversation.h"

#include "Poco/Net/TCPServerConnection.h"
#include "Poco/Net/TCPServerConnectionFactory.h"
#include "Poco/Net/TCPServerParams.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace carillon {
namespace {

constexpr int kMostConnections = 64;
constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kRequestLook{100};

std::pair<std::uint64_t, std::uint64_t> fileOf(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino)
                                             : std::pair<std::uint64_t, std::uint64_t>();
}

class Connection final : public Poco::Net::TCPServerConnection {
public:
    Connection(const Poco::Net::StreamSocket& socket, HostActions& actions, const std::atomic<bool>& ending)
        : TCPServerConnection(socket), _lines(socket), _actions(actions), _ending(ending) {}

    void run() override {
        std::string line;
        if (!receive(line)) return;
        try {
            answer(JsonValue::parse(line));
        } catch (const Poco::Exception& e) {
            _lines.send(toJson("refused", e.message().empty() ? e.displayText() : e.message()));
        }
    }

private:
    /// A long request comes in pieces.
    bool receive(std::string& line) {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (!_ending.load() && std::chrono::steady_clock::now() < deadline) {
            const auto received = _lines.receive(line, kRequestLook);
            if (received != LineSocket::Received::Nothing) return received == LineSocket::Received::Line;
        }
        return false;
    }

    void answer(const JsonValue& json) {
        const std::string& verb = json["verb"].text();
        if (verb == nameOf(WorkerRequest::Verb::Run) || verb == nameOf(WorkerRequest::Verb::Replay))
            RunConversation(_lines, _actions, _ending).hold(fromJson<RunRequest>(json));
        else
            _lines.send(answerOf(fromJson<HostRequest>(json)));
    }

    std::string answerOf(const HostRequest& request) {
        const auto& [verb, what, most, by] = request;
        if (verb == "status") return toJson(verb, HostStatus{_actions.state(), _actions.jobStates(what, most)});
        if (verb == "pause" || verb == "resume") return toJson(verb, _actions.setPaused(what, verb == "pause"));
        if (verb == "stop") return toJson(verb, StopAnswer{_actions.stop(what, by), ::getpid()});
        if (verb == "reload") return toJson(verb, _actions.reload());
        return toJson("refused", "this host does not know the verb " + verb);
    }

    LineSocket _lines;
    HostActions& _actions;
    const std::atomic<bool>& _ending;
};

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    Factory(HostActions& actions, const std::atomic<bool>& ending) : _actions(actions), _ending(ending) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return new Connection(socket, _actions, _ending);
    }

private:
    HostActions& _actions;
    const std::atomic<bool>& _ending;
};

}  // namespace

ControlServer::ControlServer(const std::string& stateDir, HostActions& actions)
    : _path(controlPath(stateDir)), _threads("control", 1, kMostConnections) {
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(kMostConnections);
    params->setMaxQueued(kMostConnections);
    _server = std::make_unique<Poco::Net::TCPServer>(new Factory(actions, _ending), _threads,
                                                     listenForControl(stateDir), params);
    _socket = fileOf(_path);
    _server->start();
}

ControlServer::~ControlServer() {
    _ending.store(true);
    _server->stop();
    // Another host that took the folder over has made one of its own.
    if (fileOf(_path) == _socket) ::unlink(_path.c_str());
    _threads.joinAll();
}

}  // namespace carillon
