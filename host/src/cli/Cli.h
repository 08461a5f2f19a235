#pragma once

#include "cli/Verb.h"
#include "config/Configuration.h"

#include "Poco/Exception.h"

#include <string>
#include <string_view>

namespace carillon {

class MessageTeller;

enum class ExitCode : int {
    Ok = 0,
    Failed = 1,
    Usage = 2,  ///< Wrong usage or an unreadable configuration.
    Busy = 75,  ///< The job is running already: try again later.
};

/// The configuration or the words of the command are wrong: exit code 2.
class UsageError : public Poco::RuntimeException {
public:
    using Poco::RuntimeException::RuntimeException;
    const char* name() const noexcept override { return "Usage"; }
    Poco::Exception* clone() const override { return new UsageError(*this); }
    void rethrow() const override { throw *this; }
};

/// What the verbs share.
struct Cli {
    Verb root;             ///< The command itself.
    std::string config{};  ///< --config as given
    int exitCode = 0;      ///< What the verb that ran leaves.

    void exit(ExitCode code) { exitCode = static_cast<int>(code); }
};

/// Each adds its verbs to the command.
void addRunVerb(Cli& cli);
void addJobsVerb(Cli& cli);
void addCheckVerb(Cli& cli);
void addValidateVerb(Cli& cli);
void addPluginsVerb(Cli& cli);
void addHistoryVerbs(Cli& cli);
void addRejectVerbs(Cli& cli);
void addItemVerbs(Cli& cli);
void addLogsVerb(Cli& cli);
void addInitVerb(Cli& cli);
void addNextVerb(Cli& cli);
void addExplainVerb(Cli& cli);
void addWhyVerb(Cli& cli);
void addBackfillVerb(Cli& cli);
void addServeVerb(Cli& cli);
void addStatusVerb(Cli& cli);
void addPauseVerbs(Cli& cli);
void addStopVerb(Cli& cli);
void addReloadVerb(Cli& cli);
void addAccountVerbs(Cli& cli);
void addAlertVerbs(Cli& cli);
void addActivityVerb(Cli& cli);

/// The host's file; throws UsageError after printing every fault of it.
HostConfig requireHost(const Cli& cli);

/// That no job has such a name, with the nearest that there is.
std::string noJobLike(const Configuration& configuration, const std::string& pattern);

/// Throws UsageError: the option takes one of these only.
[[noreturn]] void refuseWord(const char* option, const std::string& word, const std::string& names);

/// The named job of the host, JOB or JOB@instance; throws UsageError with the jobs there are.
JobRef requireKnownJob(const HostConfig& host, const std::string& name);

/// The same, which must have no fault; throws UsageError after printing every one.
JobConfig requireJob(const HostConfig& host, const std::string& name, const Overrides& overrides = {});

/// The same for a job that was read already.
JobConfig requireFaultless(const HostConfig& host, JobConfig job);

/// What an option was given, if anything, is one of these; throws UsageError.
template <class Names>
void requireOneOf(const char* option, const std::string& word, const Names& names) {
    std::string all;
    for (const std::string_view name : names) {
        if (word.empty() || word == name) return;
        all.append(all.empty() ? "" : ", ").append(name);
    }
    refuseWord(option, word, all);
}

/// Prints each fault as a line on stderr. Returns how many.
std::size_t printFaults(const std::vector<ConfigFault>& faults);
/// The same where plugins may have found them.
std::size_t printFaults(const std::vector<ConfigFault>& faults, const MessageTeller& teller);

}  // namespace carillon
