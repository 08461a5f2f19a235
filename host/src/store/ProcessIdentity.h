#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace carillon {

/// One process, told apart from every other one, also from a later one that was given the same number. Plain data;
/// its text is stored in job_state.owner: HOST/BOOT/NAMESPACE/PID/START.
struct ProcessIdentity {
    std::string host{};
    std::string boot{};          ///< The kernel's boot id: another one means that the machine was restarted since.
    std::string pidNamespace{};  ///< Numbers of another one (a container) say nothing here.
    int pid = 0;
    std::uint64_t start = 0;  ///< Clock ticks since the boot; 0: not known.

    /// What the system does not tell (no /proc) stays empty.
    static ProcessIdentity ofThisProcess(const std::string& host);

    /// Empty when it is no such text.
    static std::optional<ProcessIdentity> parse(const std::string& text);

    std::string toText() const;
};

enum class Liveness { Alive, Gone, Unknown };

/// Whether `process` still exists, as seen by `observer`, the calling process. Unknown on another host or in another
/// PID namespace. One that has ended but was not waited for is gone.
Liveness livenessOf(const ProcessIdentity& process, const ProcessIdentity& observer);

}  // namespace carillon
