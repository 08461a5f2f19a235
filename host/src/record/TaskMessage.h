#pragma once

#include "base/ConfigSource.h"
#include "base/Fields.h"
#include "carillon/Check.h"
#include "carillon/Items.h"
#include "carillon/MailAccount.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"
#include "carillon/RunReport.h"
#include "record/Words.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace carillon {

/// A line for the job's log.
struct LogMessage {
    int level = 0;        ///< A Poco::Message::Priority.
    std::int64_t at = 0;  ///< In microseconds since 1970, as Poco::Timestamp has them.
    std::string text{};
};

/// How far a run is; total 0: that is not known.
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    Message what{};
};

/// What nobody is to be shown from now on.
struct Secret {
    std::string text{};
};

/// What is known of a library in the plugins folder.
struct PluginDescription {
    std::string path{};
    std::string name{};
    std::string version{};
    int sdkVersion = 0;
    std::string abi{};
    std::vector<std::string> tasks{};
    std::string fingerprint{};  ///< SHA-256 of the file, lower-case hex.
    std::string refusal{};      ///< Why it cannot be used; empty: it can.
};

/// What a task keeps for people beside its runs.
struct TaskAbilities {
    bool keepsRejects = true;  ///< It lists what it put aside, and decides it anew.
    bool keepsItems = true;    ///< It tells what became of all that it was given, and lets rejects go.
};

/// What the task threw, or why it could not be called.
struct TaskFailure {
    Message text{};
};

/// A call without a report has returned.
struct TaskReturned {};

/// All that a task can say to its host. The last word is a RunReport, a TaskFailure or TaskReturned.
using TaskMessage = std::variant<LogMessage, Progress, Secret, ConfigFault, Check, Reject, PlannedItem, MailAccount,
                                 PluginDescription, TaskAbilities, Item, RunReport, TaskFailure, TaskReturned>;

/// What each is called on its way, in the order above.
inline constexpr std::array<std::string_view, 14> kTaskMessageNames{
    "log",          "progress", "conceal",   "fault", "check",  "reject", "planned",
    "mail_account", "plugin",   "abilities", "item",  "report", "error",  "done"};
static_assert(kTaskMessageNames.size() == std::variant_size_v<TaskMessage>);

/// `{"check":{…}}`. A byte that is not UTF-8 becomes the four characters \xNN.
std::string lineOf(const TaskMessage& message);
/// Throws Poco::DataFormatException when no message has that name, or the value is not of its form.
TaskMessage taskMessageOf(std::string_view name, const JsonValue& value);

/// Where a task's messages go. LogMessage and Secret come on any thread, the others on the one that calls the task.
class TaskOutput {
public:
    virtual ~TaskOutput() = default;
    virtual void say(TaskMessage message) = 0;
};

/// Hands a message to the one of the handlers that takes it, and passes over what none of them takes.
template <class... Handlers>
class Hearing {
public:
    explicit Hearing(Handlers... handlers) : _all{std::move(handlers)...} {}
    void operator()(const TaskMessage& message) {
        const auto handle = [this]<class Message>(const Message& said) {
            if constexpr (std::is_invocable_v<All&, const Message&>) _all(said);
        };
        std::visit(handle, message);
    }

private:
    struct All : Handlers... {
        using Handlers::operator()...;
    };
    All _all;
};

template <class Archive>
void fields(Archive& archive, LogMessage& message) {
    archive("level", message.level);
    archive("at", message.at);
    archive("text", message.text);
}

template <class Archive>
void fields(Archive& archive, Progress& progress) {
    archive("done", progress.done);
    archive("total", progress.total);
    archive.said("what", progress.what);
}

template <class Archive>
void fields(Archive& archive, Secret& secret) {
    archive("text", secret.text);
}

template <class Archive>
void fields(Archive& archive, ConfigFault& fault) {
    archive("file", fault.file);
    archive("line", fault.line);
    archive("key", fault.key);
    archive.said("problem", fault.problem);
}

template <class Archive>
void fields(Archive& archive, Check& check) {
    archive("name", check.name);
    archive("state", check.state);
    archive.said("message", check.message);
    archive("details", check.details);
    archive.said("recommendation", check.recommendation);
}

template <class Archive>
void fields(Archive& archive, Reject& reject) {
    archive("id", reject.id);
    archive("received_at", reject.receivedAt);
    archive("item", reject.what);
    archive("reason", reject.reason);
    archive.said("detail", reject.detail);
    archive.orNull("run", reject.run);
}

template <class Archive>
void fields(Archive& archive, Dismissal& dismissal) {
    archive("reason", dismissal.reason);
    archive("by", dismissal.by);
    archive("at", dismissal.at);
}

template <class Archive>
void fields(Archive& archive, Item& item) {
    archive("id", item.id);
    archive("state", item.state);
    archive("received_at", item.receivedAt);
    archive("item", item.what);
    archive.orNull("reason", item.reason);
    archive.orNull("detail", item.detail);
    archive.orNull("run", item.run);
    archive.orNull("stored_as", item.storedAs);
    archive("acknowledged", item.acknowledged);
    archive("about", item.about);
    archive("people", item.people);
    archive("dismissal", item.dismissal);
}

template <class Archive>
void fields(Archive& archive, PlannedItem& item) {
    archive("item", item.what);
    archive("effect", item.effect);
    archive("reason", item.reason);
    archive.said("detail", item.detail);
    archive.inside("role", item.role);
}

template <class Archive>
void fields(Archive& archive, MailAccount& account) {
    archive("host", account.host);
    archive("port", account.port);
    archive("security", account.security);
    archive("user", account.user);
    archive("password", account.password);
    archive("from", account.from);
    archive("name", account.name);
}

template <class Archive>
void fields(Archive& archive, PluginDescription& plugin) {
    archive("path", plugin.path);
    archive("name", plugin.name);
    archive("version", plugin.version);
    archive("sdk", plugin.sdkVersion);
    archive("abi", plugin.abi);
    archive("tasks", plugin.tasks);
    archive("fingerprint", plugin.fingerprint);
    archive("refusal", plugin.refusal);
}

template <class Archive>
void fields(Archive& archive, TaskAbilities& abilities) {
    archive("keeps_rejects", abilities.keepsRejects);
    archive("keeps_items", abilities.keepsItems);
}

template <class Archive>
void fields(Archive& archive, Figure& figure) {
    archive("name", figure.name);
    archive("value", figure.value);
    archive("kind", figure.kind);
    archive("role", figure.role);
    archive.ifAny("labels", figure.labels);
}

/// For people each figure is a number with a name, and what some of them mean stands apart.
std::vector<std::pair<std::string, std::int64_t>> countersOf(const RunReport& report);
std::vector<std::pair<std::string, std::string>> rolesOf(const RunReport& report);

/// What a report tells beside its outcome and message.
template <class Archive>
void moreFields(Archive& archive, RunReport& report) {
    if constexpr (Archive::kIsPublic)
        archive("counters", countersOf(report));
    else
        archive("figures", report.figures);
    archive.said("warnings", report.warnings);
    archive.ifAny("warnings_omitted", report.warningsOmitted);
    if constexpr (Archive::kIsPublic) archive.ifAny("roles", rolesOf(report));
    archive.ifAny("retry_after_s", report.retryAfter);
    archive.ifAny("given_up", report.givenUp);
}

template <class Archive>
void fields(Archive& archive, RunReport& report) {
    archive("outcome", report.outcome);
    archive.said("message", report.message);
    moreFields(archive, report);
}

template <class Archive>
void fields(Archive& archive, TaskFailure& failure) {
    archive("text", failure.text);
}

template <class Archive>
void fields(Archive&, TaskReturned&) {}

}  // namespace carillon
