#pragma once

#include "base/Fields.h"
#include "record/HostState.h"
#include "scheduler/RunRequest.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a command and the host of its machine say to each other: JSON, one line a message. The command sends a
/// RunRequest or a HostRequest, and may send `{"stop":"SIGTERM"}` or `{"stop_by":"anna"}` while its run goes on. The
/// host sends `log` and `progress` lines and then one answer: `result`, `busy`, `refused`, `faults`, or what the
/// request asked for under its own name.
namespace carillon {

enum class HostVerb : std::uint8_t { Status, Pause, Resume, Stop, Reload };
template <>
inline constexpr std::array kEnumNames<HostVerb>{std::string_view("status"), std::string_view("pause"),
                                                 std::string_view("resume"), std::string_view("stop"),
                                                 std::string_view("reload")};

/// Everything but a run.
struct HostRequest {
    HostVerb verb = HostVerb::Status;
    std::string what{};            ///< The jobs that are meant, or a run.
    std::size_t most = 0;          ///< status: so many jobs.
    std::string by{};              ///< Who asks, as sudo tells it; the host asks the system whose process that is.
    std::optional<Pause> pause{};  ///< pause: until when and why.
};

/// The answer to status.
struct HostStatus {
    HostState host{};
    std::vector<JobState> jobs{};
};

/// The answer to stop.
struct StopAnswer {
    StopResult result{};
    int pid = 0;  ///< Of the host.
};

template <class Archive>
void fields(Archive& archive, HostRequest& request) {
    archive("verb", request.verb);
    archive.ifAny("what", request.what);
    archive.ifAny("most", request.most);
    archive.ifAny("by", request.by);
    archive.ifAny("pause", request.pause);
}

template <class Archive>
void fields(Archive& archive, HostStatus& status) {
    archive("host", status.host);
    archive("jobs", status.jobs);
}

template <class Archive>
void fields(Archive& archive, StopAnswer& answer) {
    archive("result", answer.result);
    archive("pid", answer.pid);
}

}  // namespace carillon
