#include "control/ControlServer.h"

#include "base/BoundedText.h"
#include "control/ControlMessages.h"
#include "control/LineSocket.h"
#include "control/RunConversation.h"
#include "platform/PeerUser.h"
#include "platform/ProcessFacts.h"

#include "Poco/Net/TCPServerConnection.h"
#include "Poco/Net/TCPServerConnectionFactory.h"
#include "Poco/Net/TCPServerParams.h"

#include <utility>

namespace carillon {
namespace {

constexpr int kMostConnections = 64;
constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kRequestLook{100};
constexpr std::size_t kLongestName = 64;

class Connection final : public Poco::Net::TCPServerConnection {
public:
    Connection(const Poco::Net::StreamSocket& socket, const ControlChannel& channel, HostActions& actions,
               const std::atomic<bool>& ending)
        : TCPServerConnection(socket), _channel(channel), _lines(socket), _actions(actions), _ending(ending) {}

    void run() override {
        std::string line;
        if (!_channel.admits(socket(), kPatience) || !receive(line)) return;
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
        if (verb == nameOf(WorkerRequest::Verb::Run) || verb == nameOf(WorkerRequest::Verb::Replay) ||
            verb == nameOf(WorkerRequest::Verb::Dismiss))
            hold(fromJson<RunRequest>(json));
        else if (enumOf<HostVerb>(verb))
            _lines.send(answerOf(fromJson<HostRequest>(json)));
        else
            _lines.send(toJson("refused", "this host does not know the verb " + verb));
    }

    void hold(RunRequest request) {
        request.actor = actorBehind(request.actor.behind);
        RunConversation(_lines, _actions, _ending).hold(std::move(request));
    }

    /// Invariant: who acts is whom the system says the other process to be; what that says of itself stands beside it,
    /// and never in place of it.
    Actor actorBehind(const std::string& told) {
        const std::string name = userOfPeer(socket()).value_or(userOfThisProcess()).name();
        return {ActorKind::SystemUser, name, told == name ? "" : boundedText(told, kLongestName), ActVia::CommandLine,
                ""};
    }

    std::string answerOf(const HostRequest& request) {
        const auto& [verb, what, most, by, pause] = request;
        const auto name = nameOf(verb);
        switch (verb) {
            case HostVerb::Status:
                return toJson(name, HostStatus{_actions.state(), _actions.jobStates(what, most)});
            case HostVerb::Pause:
                return toJson(name, _actions.setPaused(what, pause.value_or(Pause{}), actorBehind(by)));
            case HostVerb::Resume:
                return toJson(name, _actions.setPaused(what, std::nullopt, actorBehind(by)));
            case HostVerb::Stop:
                return toJson(name, StopAnswer{_actions.stop(what, actorBehind(by)), ownProcessNumber()});
            case HostVerb::Reload:
                break;
        }
        return toJson(name, _actions.reload(actorBehind(by)));
    }

    const ControlChannel& _channel;
    LineSocket _lines;
    HostActions& _actions;
    const std::atomic<bool>& _ending;
};

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    Factory(const ControlChannel& channel, HostActions& actions, const std::atomic<bool>& ending)
        : _channel(channel), _actions(actions), _ending(ending) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return new Connection(socket, _channel, _actions, _ending);
    }

private:
    const ControlChannel& _channel;
    HostActions& _actions;
    const std::atomic<bool>& _ending;
};

}  // namespace

ControlServer::ControlServer(const std::string& stateDir, HostActions& actions)
    : _channel(stateDir), _threads("control", 1, kMostConnections) {
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(kMostConnections);
    params->setMaxQueued(kMostConnections);
    _server = std::make_unique<Poco::Net::TCPServer>(new Factory(_channel, actions, _ending), _threads,
                                                     _channel.socket(), params);
    _server->start();
}

ControlServer::~ControlServer() {
    _ending.store(true);
    _server->stop();
    _channel.leave();
    _threads.joinAll();
}

}  // namespace carillon
