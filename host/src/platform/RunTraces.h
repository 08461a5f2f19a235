#pragma once

#include "platform/HostPipes.h"

#include <memory>
#include <string>

namespace carillon {

/// What one run can leave behind in its process that the next one would stumble on. Made once, while the process is as
/// new; costs some microseconds a run. What a system cannot tell is not looked for: POSIX alone has no way to count
/// threads, or to find the children that a child has left.
class RunTraces {
public:
    /// `pipes`: what must stay what it is, beside the standard streams.
    explicit RunTraces(const HostPipes& pipes);
    ~RunTraces();

    /// Puts back what can be put back (folder, file mask, signals, timer, locale), ends processes that are left, and
    /// returns what remains, such as "left a thread behind"; empty: the process is as new.
    std::string remove();

private:
    struct State;
    std::unique_ptr<State> _state;
};

}  // namespace carillon
