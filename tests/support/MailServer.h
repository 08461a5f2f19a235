#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/Certificate.h"
#include "support/Command.h"

/// A real mail server with a certificate for localhost, which keeps what it takes as files: `1.mail`, `2.mail`, …, with
/// headers X-Test-… of how each came. It knows the user `carillon` with the password `pass word`. Needs
/// CARILLON_TEST_SMTP, its program.
class MailServer {
public:
    /// `mode`: starttls, tls. Its files are in a folder of its own below this one.
    MailServer(const std::filesystem::path& folder, const std::string& mode);

    const std::string& certificate() const { return _certificate.file; }
    int port() const { return _port; }
    std::vector<std::string> mails() const;

    /// From now on it is so: `refuse`, `hang`.
    void set(const std::string& manner) const;
    void unset(const std::string& manner) const;

private:
    std::string at(const std::string& name) const { return (_folder / name).string(); }

    std::filesystem::path _folder;
    Certificate _certificate{};
    std::optional<RunningCommand> _process{};
    int _port = 0;
};
