#pragma once

#include <cstdint>
#include <string_view>

namespace carillon {

/// How a job stands in its host. Of those that hold at once, the first.
enum class JobPhase : std::uint8_t { Faulty, Running, Paused, Disabled, Waiting, Retrying, Manual, Idle };

/// `faulty`, `running`, `paused`, `disabled`, `waiting`, `retrying`, `manual`, `idle`.
std::string_view jobPhaseName(JobPhase phase);

}  // namespace carillon
