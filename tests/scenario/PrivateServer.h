#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

/// A MariaDB server of the test's own, to be ended and set as it likes. While the object lives the environment names it
/// as the server of all tests. Where tests have no MariaDB the test is skipped.
class PrivateServer {
public:
    PrivateServer();
    ~PrivateServer();
    PrivateServer(const PrivateServer&) = delete;
    PrivateServer& operator=(const PrivateServer&) = delete;

    /// SIGKILL, as a machine that fails.
    void kill();
    /// On the same port, with the same data. Returns when it answers.
    void start();

private:
    std::filesystem::path _folder;
    std::map<std::string, std::optional<std::string>> _before{};
};
