#pragma once

#include "carillon/Interface.h"

#include <cstdint>
#include <string>

namespace carillon {

class RunContext;

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

/// A task whose application sends mail of its own: it derives from this beside SyncTask.
class CARILLON_INTERFACE HasMailAccount {
public:
    virtual ~HasMailAccount() = default;

    /// The account with which the application does so, for the host's alerts (alerts.mail.account_of). The task
    /// conceals the password.
    virtual MailAccount mailAccount(RunContext& context) = 0;
};

}  // namespace carillon
