#pragma once

#include "alerts/AlertPolicy.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace carillon {

/// With which account mail is sent: the host's own or, with alerts.mail.account_of, that of a job's application, for
/// which its task is asked in a worker process. An answer is good for an hour, and beyond it while there is no other:
/// what alerts tell may be that the application's database is down. It is in memory only. One thread.
class MailAccounts {
public:
    /// Whether to wait on for a task; asked again and again meanwhile. Empty: always.
    using MayWait = std::function<bool()>;

    explicit MailAccounts(MayWait mayWait = {}) : _mayWait(std::move(mayWait)) {}

    /// What to send with. Throws Undelivered: there is no account, and the task says none now.
    MailSettings settings(const std::shared_ptr<const AlertPolicy>& policy);
    /// Why the task said none when it was asked last; empty: it did, or was not.
    const std::string& problem() const { return _problem; }
    /// Mail was not taken: the account may be another one by now.
    void askAgain() { _nextAsk = {}; }

private:
    using Steady = std::chrono::steady_clock;

    MailAccount ask(const AlertPolicy& policy) const;

    const MayWait _mayWait;
    std::shared_ptr<const AlertPolicy> _policy;  // of what follows
    std::optional<MailAccount> _account;
    std::string _problem;
    Steady::time_point _nextAsk{};
};

}  // namespace carillon
