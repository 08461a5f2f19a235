#pragma once

#include "base/Fields.h"
#include "carillon/Items.h"
#include "carillon/Rejects.h"
#include "carillon/RunContext.h"
#include "config/JobConfig.h"
#include "record/Run.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What the host sends to a worker process, a line each: a request, then `begin` or `drop`, and so on.
namespace carillon {

/// What a task is asked to do.
struct WorkerRequest {
    enum class Verb : std::uint8_t {
        Describe,
        Configure,
        Run,
        Check,
        Rejects,
        Replay,
        Preview,
        MailAccount,
        Items,
        Dismiss,
        Verify
    };

    Verb verb = Verb::Run;
    std::string library{};  ///< Path of the plugin.
    std::string task{};     ///< For Describe: that tells of its abilities, too; empty: none does.
    ConfigSource config{};
    RejectQuery query{};
    ReplayRequest replay{};
    ItemQuery items{};
    DismissRequest dismissal{};
    std::size_t memory = 0;  ///< Bytes that the task may take beyond what its process has; 0: no limit (job.memory).
};
template <>
inline constexpr std::array<std::string_view, 11> kEnumNames<WorkerRequest::Verb>{
    "describe", "configure",    "run",   "check",   "rejects", "replay",
    "preview",  "mail_account", "items", "dismiss", "verify"};

/// Lets the run begin.
struct RunBegin {
    RunIdentity identity{};
    std::chrono::milliseconds timeout{0};  ///< From the arrival on; 0: none.
    int logLevel = 0;                      ///< A Poco::Message::Priority.
};

/// The request that a job's file makes.
WorkerRequest requestFor(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb);

/// What was expanded differs from what was written; that is seldom so.
template <class Archive>
void fields(Archive& archive, ConfigSource::Entry& entry) {
    archive("raw", entry.raw);
    archive.unless(entry.raw, "value", entry.value);
    archive("line", entry.line);
    archive.ifAny("row_file", entry.rowFile);
}

template <class Archive>
void fields(Archive& archive, ConfigSource& source) {
    if constexpr (Archive::kReads) {
        std::string file;
        std::map<std::string, ConfigSource::Entry> entries;
        archive("file", file);
        archive("entries", entries);
        source = {std::move(file), std::move(entries)};
    } else {
        archive("file", source.file());
        archive("entries", source.entries());
    }
}

template <class Archive>
void fields(Archive& archive, RejectQuery& query) {
    archive("after", query.after);
    archive("limit", query.limit);
    archive("reason", query.reason);
    archive("received_before", query.receivedBefore);
}

template <class Archive>
void fields(Archive& archive, ReplayRequest& replay) {
    archive("ids", replay.ids);
    archive("corrections", replay.corrections);
    archive("by", replay.by);
}

template <class Archive>
void fields(Archive& archive, ItemQuery& query) {
    archive("id", query.id);
    archive("before", query.before);
    archive("limit", query.limit);
    archive("state", query.state);
    archive("since", query.since);
    archive("campaign", query.campaign);
    archive("person", query.person);
    archive("token", query.token);
    archive("people", query.people);
}

template <class Archive>
void fields(Archive& archive, DismissRequest& request) {
    archive("ids", request.ids);
    archive("reason", request.reason);
    archive("by", request.by);
}

template <class Archive>
void fields(Archive& archive, WorkerRequest& request) {
    archive("verb", request.verb);
    archive("library", request.library);
    archive("task", request.task);
    archive("config", request.config);
    archive("query", request.query);
    archive("replay", request.replay);
    archive("items", request.items);
    archive("dismissal", request.dismissal);
    archive("memory", request.memory);
}

template <class Archive>
void fields(Archive& archive, RunBegin& begin) {
    archive("identity", begin.identity);
    archive("timeout_ms", begin.timeout);
    archive("log_level", begin.logLevel);
}

}  // namespace carillon
