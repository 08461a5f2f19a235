#pragma once

#include "alerts/AlertPolicy.h"
#include "alerts/AlertStore.h"
#include "alerts/MailAccounts.h"
#include "alerts/RemoteCall.h"
#include "words/PluginTexts.h"

#include "Poco/Logger.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// Words alerts and takes them to where they go by one channel. One thread, but for cancel().
class AlertDelivery {
public:
    /// Whether there is time left; asked again and again meanwhile. Any thread.
    using MayGoOn = std::function<bool()>;

    /// Borrows clock and log.
    AlertDelivery(AlertChannel channel, MayGoOn mayGoOn, const Clock& clock, Poco::Logger& log);
    AlertDelivery(const AlertDelivery&) = delete;
    AlertDelivery& operator=(const AlertDelivery&) = delete;

    /// False: what there is waits, for the end of quiet hours or for an account to send mail with.
    bool isReady(const std::shared_ptr<const AlertPolicy>& policy);
    /// Once isReady(). One try.
    AlertAttempt attempt(const ClaimedAlerts& alerts, const std::shared_ptr<const AlertPolicy>& policy);
    /// Channel Ping: that a run of the job has begun. Best effort: a monitor that does not hear of a start learns of
    /// the end.
    void tellStart(const std::string& job, const AlertPolicy& policy);
    /// What is being sent now is given up, unless there is time left. Any thread.
    void cancel();

    /// When a message that was tried so often is tried again.
    static std::chrono::milliseconds delayAfter(std::int64_t attempts);

private:
    void findAccount(const std::shared_ptr<const AlertPolicy>& policy);
    bool isQuiet(const AlertPolicy& policy) const;
    template <typename Action>
    void withCall(std::chrono::milliseconds limit, Action action);
    std::chrono::milliseconds limitOf(const AlertSettings& settings) const;
    const PluginTexts& pluginTexts(const std::shared_ptr<const AlertPolicy>& policy);
    void send(const ClaimedAlerts& alerts, const std::shared_ptr<const AlertPolicy>& policy, RemoteCall& call);

    const AlertChannel _channel;
    const MayGoOn _mayGoOn;
    const Clock& _clock;
    Poco::Logger& _log;
    MailAccounts _accounts;
    std::string _accountProblem{};                 // as it was logged
    std::optional<MailSettings> _mail{};           // nothing: the account is not known
    std::shared_ptr<const AlertPolicy> _worded{};  // of which _plugins are
    PluginTexts _plugins{};
    std::mutex _mutex;  // of what follows
    RemoteCall* _call = nullptr;
};

}  // namespace carillon
