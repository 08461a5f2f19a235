#include "platform/RunTraces.h"

#include "posix/ProcessCounts.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <cstdlib>
#include <vector>

namespace carillon {
namespace {

/// Those that tasks and their libraries do handle, block or ignore.
constexpr std::array kTaskSignals{SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGABRT, SIGBUS,  SIGFPE,
                                  SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD};
constexpr std::array kLimited{RLIMIT_CPU,  RLIMIT_FSIZE,  RLIMIT_DATA,  RLIMIT_STACK,
                              RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_AS};
using Limits = std::array<rlim_t, 2 * kLimited.size()>;

struct Place {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const Place&) const = default;
};

Place placeOf(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? Place{status.st_dev, status.st_ino} : Place{};
}

Place currentFolder() {
    struct stat status {};
    return ::stat(".", &status) == 0 ? Place{status.st_dev, status.st_ino} : Place{};
}

Limits currentLimits() {
    Limits limits{};
    for (std::size_t i = 0; i < kLimited.size(); ++i) {
        rlimit limit{};
        ::getrlimit(kLimited[i], &limit);
        limits[2 * i] = limit.rlim_cur;
        limits[2 * i + 1] = limit.rlim_max;
    }
    return limits;
}

}  // namespace

struct RunTraces::State {
    explicit State(std::vector<int> given);

    bool restoreFolder() const;
    void restoreSignals() const;
    bool hasMoreThreads() const;
    bool hasOtherPipes() const;
    bool hasOtherEnvironment() const;

    std::vector<int> pipes;
    std::vector<Place> places{};  // of the pipes
    std::string folder{};
    Place folderPlace = currentFolder();
    mode_t mask = 0;
    sigset_t signals{};
    std::array<struct sigaction, kTaskSignals.size()> actions{};
    Limits limits = currentLimits();
    std::size_t threads = countThreads();
    std::size_t descriptors = countDescriptors();
    std::vector<const char*> environment{};
    std::string locale = std::setlocale(LC_ALL, nullptr);
};

RunTraces::State::State(std::vector<int> given) : pipes(std::move(given)) {
    for (const int descriptor : pipes) places.push_back(placeOf(descriptor));
    const std::unique_ptr<char, void (*)(void*)> current(::getcwd(nullptr, 0), std::free);
    if (current) folder = current.get();
    mask = ::umask(0);
    ::umask(mask);
    ::pthread_sigmask(SIG_SETMASK, nullptr, &signals);
    for (std::size_t i = 0; i < kTaskSignals.size(); ++i) ::sigaction(kTaskSignals[i], nullptr, &actions[i]);
    for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable)
        environment.push_back(*variable);
}

RunTraces::RunTraces(const HostPipes& pipes)
    : _state(std::make_unique<State>(std::vector<int>{static_cast<int>(pipes.commands()),
                                                      static_cast<int>(pipes.messages()), STDIN_FILENO, STDOUT_FILENO,
                                                      STDERR_FILENO})) {}

RunTraces::~RunTraces() = default;

std::string RunTraces::remove() {
    const State& before = *_state;
    before.restoreSignals();
    ::umask(before.mask);
    if (before.locale != std::setlocale(LC_ALL, nullptr)) std::setlocale(LC_ALL, before.locale.c_str());
    if (endChildren()) return "left a process behind";
    if (before.hasMoreThreads()) return "left a thread behind";
    if (before.hasOtherPipes()) return "closed or replaced a descriptor of its process";
    if (countDescriptors() != before.descriptors) return "left a descriptor open";
    if (!before.restoreFolder()) return "left the folder of its process";
    if (currentLimits() != before.limits) return "changed the limits of its process";
    if (before.hasOtherEnvironment()) return "changed the environment of its process";
    return "";
}

bool RunTraces::State::restoreFolder() const {
    return currentFolder() == folderPlace || (!folder.empty() && ::chdir(folder.c_str()) == 0);
}

void RunTraces::State::restoreSignals() const {
    const itimerval none{};
    ::setitimer(ITIMER_REAL, &none, nullptr);
    for (std::size_t i = 0; i < kTaskSignals.size(); ++i) ::sigaction(kTaskSignals[i], &actions[i], nullptr);
    ::pthread_sigmask(SIG_SETMASK, &signals, nullptr);
}

/// One that was joined a moment ago is still counted.
bool RunTraces::State::hasMoreThreads() const {
    for (int look = 0; look < kTraceLooks; ++look) {
        if (countThreads() == threads) return false;
        ::usleep(kTraceLookInterval);
    }
    return true;
}

bool RunTraces::State::hasOtherPipes() const {
    for (std::size_t i = 0; i < pipes.size(); ++i)
        if (placeOf(pipes[i]) != places[i]) return true;
    return false;
}

/// Who sets a variable puts another text in its place: the texts need not be compared.
bool RunTraces::State::hasOtherEnvironment() const {
    char** variable = ::environ;
    for (const char* known : environment)
        if (variable == nullptr || *variable++ != known) return true;
    return variable != nullptr && *variable != nullptr;
}

}  // namespace carillon
