#include "alerts/MailAccounts.h"

#include "alerts/RemoteCall.h"
#include "runner/TaskQuery.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

constexpr std::chrono::hours kGood{1};
constexpr std::chrono::seconds kAgain{15};  // after a task that said none

/// The application's mistakes are not the host's: nothing is sent by what would harm.
void requireUsable(const MailAccount& account) {
    if (account.host.empty() || account.port == 0) throw Undelivered("it names no mail server");
    if (!isMailAddress(account.from)) throw Undelivered("its sender is no address");
    if (tellsPassword(account)) throw Undelivered("its password would go over the network in clear; encrypt it there");
}

}  // namespace

MailSettings MailAccounts::settings(const std::shared_ptr<const AlertPolicy>& policy) {
    MailSettings mail = policy->settings().mail;
    if (mail.accountOf.empty()) {
        _problem.clear();
        return mail;
    }
    if (_policy != policy) {
        if (!_policy || _policy->settings().mail.accountOf != mail.accountOf) _account.reset();
        _policy = policy;
        _nextAsk = {};
    }
    if (Steady::now() >= _nextAsk) {
        _nextAsk = Steady::now() + kAgain;
        try {
            _account = ask(*policy);
            _problem.clear();
            _nextAsk = Steady::now() + kGood;
        } catch (const Poco::Exception& e) {
            const std::string why = e.message().empty() ? e.displayText() : e.message();
            _problem = "the mail account of " + mail.accountOf + " is not known: " + why;
        }
    }
    if (!_account) throw Undelivered(_problem);
    mail.account = *_account;
    return mail;
}

MailAccount MailAccounts::ask(const AlertPolicy& policy) const {
    const auto& mail = policy.settings().mail;
    const auto ref = policy.configuration().find(mail.accountOf);
    if (!ref) throw Undelivered("there is no such job");
    JobConfig job = ref->config();
    if (!job.faults.empty()) throw Undelivered(job.faults.front().sentence());
    const auto shorter = job.timeout == std::chrono::milliseconds(0) ? mail.timeout : job.timeout;
    job.timeout = std::min(shorter, mail.timeout);
    std::optional<MailAccount> account;
    std::string problem;
    WorkerListener listener;
    listener.onMessage = Hearing([&account](const MailAccount& told) { account = told; },
                                 [&problem](const ConfigFault& fault) { problem = fault.sentence(); });
    listener.onTick = [this] {
        if (_mayWait && !_mayWait()) throw Undelivered("the host ends");
    };
    const auto end =
        askTask(policy.configuration().host, job, WorkerRequest::Verb::MailAccount, {}, listener, Launch::Spawn);
    if (!account) throw Undelivered(!end.error.empty() ? end.error.text : problem);
    requireUsable(*account);
    return std::move(*account);
}

}  // namespace carillon
