#pragma once

#include "config/JobConfig.h"
#include "logs/ChannelBuilder.h"
#include "logs/LostLines.h"

#include "Poco/Channel.h"
#include "Poco/Message.h"

#include <string>
#include <vector>

namespace carillon {

/// What the `logging.*` keys of a job describe, and every fault of them. Opens no file.
struct LogSetup {
    /// The channels borrow `lost`.
    LogSetup(const JobConfig& job, const std::string& logsDir, LostLines& lost);

    /// What the job's lines are written to; null after a fault.
    BuiltChannel root{};
    int level = Poco::Message::PRIO_INFORMATION;
    /// What has to be closed, each after the targets that it writes to.
    std::vector<Poco::Channel::Ptr> created{};
    std::vector<ConfigFault> faults{};
};

}  // namespace carillon
