#pragma once

#include "carillon/Check.h"
#include "carillon/ConfigReader.h"
#include "carillon/RunReport.h"
#include "carillon/SyncTask.h"
#include "plugins/PluginLibrary.h"

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace carillon {

/// Everything that a task can say to its host. log() and conceal() are called on any thread, the others on the one that
/// calls the task.
class TaskOutput {
public:
    virtual ~TaskOutput() = default;

    virtual void log(Poco::Message::Priority level, Poco::Timestamp at, const std::string& text) = 0;
    virtual void progress(std::uint64_t done, std::uint64_t total, std::string_view what) = 0;
    virtual void conceal(const std::string& secret) = 0;
    virtual void fault(const ConfigFault& fault) = 0;
    virtual void check(const Check& check) = 0;
    virtual void reject(const Reject& reject) = 0;
    virtual void planned(const PlannedItem& item) = 0;
    virtual void mailAccount(const MailAccount& account) = 0;
    virtual void plugin(const PluginDescription& plugin) = 0;
    /// The last word is one of these three.
    virtual void report(RunReport report) = 0;
    virtual void error(const std::string& text) = 0;
    virtual void done() = 0;
};

}  // namespace carillon
