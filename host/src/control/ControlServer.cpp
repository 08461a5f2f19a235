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

Poco::JSON::Object::Ptr toJson(const HostState& state) {
    auto json = carillon::toJson(state.scheduler);
    Poco::JSON::Object::Ptr all = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    all->set("state", state.state);
    all->set("host", state.host);
    all->set("pid", state.pid);
    all->set("since", toRfc3339(state.since));
    all->set("version", state.version);
    all->set("config", state.config);
    all->set("http", state.http);
    all->set("workers", state.workersMax);
    all->set("counts", json);
    all->set("problems", carillon::toJson(state.problems));
    return all;
}

Poco::JSON::Array::Ptr toJson(const std::vector<ConfigFault>& faults) {
    Poco::JSON::Array::Ptr array = new Poco::JSON::Array;
    for (const auto& fault : faults) array->add(carillon::toJson(fault));
    return array;
}

Poco::JSON::Object::Ptr toJson(const ReloadResult& result) {
    Poco::JSON::Object::Ptr json = new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
    json->set("swapped", result.swapped);
    json->set("reason", result.reason);
    json->set("difference", carillon::toJson(result.difference));
    json->set("faults", toJson(result.faults));
    json->set("warnings", toJson(result.warnings));
    return json;
}

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
            _lines.send(messageLine("refused", e.message().empty() ? e.displayText() : e.message()));
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

    void answer(const JsonValue& request) {
        const std::string& verb = request["verb"].text();
        if (verb == "run" || verb == "replay") {
            RunConversation(_lines, _actions, _ending).hold(askFromJson(request));
        } else if (verb == "status") {
            status(request);
        } else if (verb == "pause" || verb == "resume") {
            const auto changed = _actions.setPaused(request["jobs"].text(), verb == "pause");
            _lines.send(messageLine("changed", carillon::toJson(changed)));
        } else if (verb == "stop") {
            stop(request);
        } else if (verb == "reload") {
            _lines.send(messageLine("reload", toJson(_actions.reload())));
        } else {
            _lines.send(messageLine("refused", "this host does not know the verb " + verb));
        }
    }

    void stop(const JsonValue& request) {
        const auto result = _actions.stop(request["what"].text(), request["by"].text());
        Poco::JSON::Object answer(Poco::JSON_PRESERVE_KEY_ORDER);
        answer.set("stop", carillon::toJson(result));
        answer.set("pid", ::getpid());
        _lines.send(toLine(answer));
    }

    void status(const JsonValue& request) {
        auto state = toJson(_actions.state());
        Poco::JSON::Array::Ptr jobs = new Poco::JSON::Array;
        for (const auto& job : _actions.jobStates(request["jobs"].text(), request["most"].number<std::size_t>()))
            jobs->add(carillon::toJson(job));
        state->set("jobs", jobs);
        _lines.send(toLine(*state));
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
