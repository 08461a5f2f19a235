#include "PrivateServer.h"

#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <sstream>

#include "Poco/TemporaryFile.h"
#include "support/Scene.h"

PrivateServer::PrivateServer(std::vector<std::string> options)
    : PrivateServer(Poco::TemporaryFile::tempName(), std::move(options)) {}

PrivateServer::PrivateServer(std::filesystem::path folder, std::vector<std::string> options)
    : _folder(std::move(folder)), _options(std::move(options)) {
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
    std::vector<std::string> words{"sh", CARILLON_TEST_SERVER_SCRIPT, "start", _folder};
    words.insert(words.end(), _options.begin(), _options.end());
    const auto result = Command(std::move(words)).limit(std::chrono::seconds(90)).run();
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
