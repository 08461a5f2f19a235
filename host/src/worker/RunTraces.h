#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// What one run can leave behind in its process that the next one would stumble on. Made once, while the process is as
/// new; costs some microseconds a run.
class RunTraces {
public:
    /// `pipes`: descriptors that must stay what they are, beside the standard ones.
    explicit RunTraces(std::vector<int> pipes);

    /// Puts back what can be put back (folder, umask, signals, timer, locale), ends processes that are left, and
    /// returns what remains, such as "left a thread behind"; empty: the process is as new.
    std::string remove();

private:
    struct Place {
        dev_t device = 0;
        ino_t inode = 0;
        bool operator==(const Place&) const = default;
    };
    /// Those that tasks and their libraries do handle, block or ignore.
    static constexpr std::array kSignals{SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGABRT, SIGBUS,  SIGFPE,
                                         SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD};
    static constexpr std::array kLimited{RLIMIT_CPU,  RLIMIT_FSIZE,  RLIMIT_DATA,  RLIMIT_STACK,
                                         RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_AS};
    using Limits = std::array<rlim_t, 2 * kLimited.size()>;

    static Place placeOf(int descriptor);
    static Place currentFolder();
    static Limits currentLimits();
    static std::size_t countThreads();
    static std::size_t countDescriptors();

    bool restoreFolder() const;
    void restoreSignals() const;
    bool hasMoreThreads() const;
    bool hasOtherPipes() const;
    bool hasOtherEnvironment() const;

    std::vector<int> _pipes;
    std::vector<Place> _places;  // of the pipes
    std::string _folder;
    Place _folderPlace;
    mode_t _umask = 0;
    sigset_t _mask{};
    std::array<struct sigaction, kSignals.size()> _actions{};
    Limits _limits;
    std::size_t _threads;
    std::size_t _descriptors;
    std::vector<const char*> _environment;
    std::string _locale;
};

/// Kills every child of this process, also those that their own parent has left, and waits for them. Returns whether
/// there was a living one. Needs a process that adopts its grandchildren (PR_SET_CHILD_SUBREAPER).
bool endChildren();

}  // namespace carillon
