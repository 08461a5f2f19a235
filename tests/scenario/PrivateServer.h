#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A MariaDB server of the test's own, to be ended and set as it likes. While the object lives the environment names it
/// as the server of all tests. Where tests have no MariaDB the test is skipped.
class PrivateServer {
public:
    /// In a folder of its own; `options` are the server's.
    explicit PrivateServer(std::vector<std::string> options = {});
    PrivateServer(std::filesystem::path folder, std::vector<std::string> options);
    ~PrivateServer();
    PrivateServer(const PrivateServer&) = delete;
    PrivateServer& operator=(const PrivateServer&) = delete;

    /// SIGKILL, as a machine that fails.
    void kill();
    /// Where it does not run: on the same port, with the same data. Returns when it answers.
    void start();

private:
    std::filesystem::path _folder;
    std::vector<std::string> _options;
    std::map<std::string, std::optional<std::string>> _before{};
};
