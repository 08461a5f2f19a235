#pragma once

#include <cstdint>
#include <string>

namespace carillon {

/// How a mail server is spoken to. Plain data.
struct MailAccount {
    enum class Security : std::uint8_t { StartTls, Tls, None };

    std::string host{};
    std::uint16_t port = 0;
    Security security = Security::StartTls;
    std::string user{};      ///< Empty: it is not asked who sends.
    std::string password{};  ///< A secret.
    std::string from{};      ///< The sender's address.
    std::string name{};      ///< The sender's name; may be empty.
};

/// The port that mail servers have for it.
constexpr std::uint16_t usualPort(MailAccount::Security security) {
    switch (security) {
        case MailAccount::Security::StartTls:
            return 587;
        case MailAccount::Security::Tls:
            return 465;
        case MailAccount::Security::None:
            break;
    }
    return 25;
}

}  // namespace carillon
