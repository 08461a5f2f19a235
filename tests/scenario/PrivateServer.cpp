#include "PrivateServer.h"

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

#include "Poco/TemporaryFile.h"
#include "support/Scene.h"

PrivateServer::PrivateServer() : _folder(Poco::TemporaryFile::tempName()) {
    requireEnvironment("CARILLON_TEST_MYSQL_PORT");
    start();
}

PrivateServer::~PrivateServer() {
    Command({"sh", CARILLON_TEST_SERVER_SCRIPT, "stop", _folder}).run();
    std::filesystem::remove_all(_folder);
    for (const auto& [name, value] : _before) {
        if (value)
            ::setenv(name.c_str(), value->c_str(), 1);
        else
            ::unsetenv(name.c_str());
    }
}

void PrivateServer::start() {
    const auto result =
        Command({"sh", CARILLON_TEST_SERVER_SCRIPT, "start", _folder}).limit(std::chrono::seconds(90)).run();
    assertExit(0, result);
    std::istringstream assignments(result.out);
    for (std::string line; std::getline(assignments, line);) {
        const auto equals = line.find('=');
        const std::string name = line.substr(0, equals);
        std::string value = line.substr(equals + 1);
        if (value.starts_with("'")) value = value.substr(1, value.size() - 2);
        if (!_before.contains(name)) {
            const char* old = std::getenv(name.c_str());
            _before[name] = old == nullptr ? std::nullopt : std::optional<std::string>(old);
        }
        ::setenv(name.c_str(), value.c_str(), 1);
    }
}

void PrivateServer::kill() {
    const pid_t server = std::stoi(requireEnvironment("CARILLON_TEST_MYSQL_PID"));
    ::kill(server, SIGKILL);
    waitUntil([server] { return ::kill(server, 0) != 0; });
}
