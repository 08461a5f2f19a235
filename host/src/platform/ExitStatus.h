#pragma once

#include <string>

namespace carillon {

/// How a process ended.
struct ExitStatus {
    enum class Kind {
        Exited,   ///< By itself.
        Crashed,  ///< By a signal or an exception.
        Stopped,  ///< By the signal that asks it to stop, which it did not handle.
        Killed,   ///< From outside, at once.
    };

    Kind kind = Kind::Exited;
    int number = 0;  ///< The exit code, the signal or the exception.

    bool isSuccess() const { return kind == Kind::Exited && number == 0; }
    bool isExit() const { return kind == Kind::Exited; }
    /// `crashed with SIGSEGV (Segmentation fault)` or `ended the process with exit code 3`.
    std::string describe() const;
};

}  // namespace carillon
