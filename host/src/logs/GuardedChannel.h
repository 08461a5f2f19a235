#pragma once

#include "logs/LostLines.h"

#include "Poco/Channel.h"

#include <mutex>

namespace carillon {

/// The end of a chain: nothing is thrown out of here, and after a failure the next line finds the channel closed.
/// Safe from any thread, whatever the target is.
class GuardedChannel final : public Poco::Channel {
public:
    /// Borrows `lost`.
    GuardedChannel(Poco::Channel::Ptr target, LostLines& lost);

    void log(const Poco::Message& message) override;
    void close() override;

private:
    void closeQuietly() noexcept;

    Poco::Channel::Ptr _target;
    LostLines& _lost;
    std::mutex _mutex;
};

}  // namespace carillon
