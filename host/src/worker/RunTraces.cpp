#include "worker/RunTraces.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>

namespace carillon {
namespace {

/// How often to look again for what may be on its way out: 20 ms and more together.
constexpr int kLooks = 200;
constexpr useconds_t kLookInterval = 100;

std::size_t countEntries(const char* folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder), [](DIR* dir) { return ::closedir(dir); });
    std::size_t count = 0;
    while (entries && ::readdir(entries.get()) != nullptr) ++count;
    return count;
}

void killChildren() {
    const std::string self = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    std::ifstream children(self);
    for (pid_t child = 0; children >> child;) ::kill(child, SIGKILL);
}

}  // namespace

RunTraces::RunTraces(std::vector<int> pipes)
    : _pipes(std::move(pipes)),
      _folderPlace(currentFolder()),
      _limits(currentLimits()),
      _threads(countThreads()),
      _descriptors(countDescriptors()),
      _locale(std::setlocale(LC_ALL, nullptr)) {
    _pipes.insert(_pipes.end(), {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO});
    for (const int descriptor : _pipes) _places.push_back(placeOf(descriptor));
    const std::unique_ptr<char, void (*)(void*)> folder(::getcwd(nullptr, 0), std::free);
    if (folder) _folder = folder.get();
    _umask = ::umask(0);
    ::umask(_umask);
    ::pthread_sigmask(SIG_SETMASK, nullptr, &_mask);
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], nullptr, &_actions[i]);
    for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable)
        _environment.push_back(*variable);
}

std::string RunTraces::remove() {
    restoreSignals();
    ::umask(_umask);
    if (_locale != std::setlocale(LC_ALL, nullptr)) std::setlocale(LC_ALL, _locale.c_str());
    if (endChildren()) return "left a process behind";
    if (hasMoreThreads()) return "left a thread behind";
    if (hasOtherPipes()) return "closed or replaced a descriptor of its process";
    if (countDescriptors() != _descriptors) return "left a descriptor open";
    if (!restoreFolder()) return "left the folder of its process";
    if (currentLimits() != _limits) return "changed the limits of its process";
    if (hasOtherEnvironment()) return "changed the environment of its process";
    return "";
}

RunTraces::Place RunTraces::placeOf(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? Place{status.st_dev, status.st_ino} : Place{};
}

RunTraces::Place RunTraces::currentFolder() {
    struct stat status {};
    return ::stat(".", &status) == 0 ? Place{status.st_dev, status.st_ino} : Place{};
}

RunTraces::Limits RunTraces::currentLimits() {
    Limits limits{};
    for (std::size_t i = 0; i < kLimited.size(); ++i) {
        rlimit limit{};
        ::getrlimit(kLimited[i], &limit);
        limits[2 * i] = limit.rlim_cur;
        limits[2 * i + 1] = limit.rlim_max;
    }
    return limits;
}

/// The kernel counts a folder below for each.
std::size_t RunTraces::countThreads() {
    struct stat status {};
    return ::stat("/proc/self/task", &status) == 0 ? status.st_nlink : 0;
}

/// The folder's size is their number since Linux 6.2, and 0 before.
std::size_t RunTraces::countDescriptors() {
    struct stat status {};
    const bool counted = ::stat("/proc/self/fd", &status) == 0 && status.st_size > 0;
    return counted ? static_cast<std::size_t>(status.st_size) : countEntries("/proc/self/fd");
}

bool RunTraces::restoreFolder() const {
    return currentFolder() == _folderPlace || (!_folder.empty() && ::chdir(_folder.c_str()) == 0);
}

void RunTraces::restoreSignals() const {
    const itimerval none{};
    ::setitimer(ITIMER_REAL, &none, nullptr);
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &_actions[i], nullptr);
    ::pthread_sigmask(SIG_SETMASK, &_mask, nullptr);
}

/// One that was joined a moment ago is still counted.
bool RunTraces::hasMoreThreads() const {
    for (int look = 0; look < kLooks; ++look) {
        if (countThreads() == _threads) return false;
        ::usleep(kLookInterval);
    }
    return true;
}

bool RunTraces::hasOtherPipes() const {
    for (std::size_t i = 0; i < _pipes.size(); ++i)
        if (placeOf(_pipes[i]) != _places[i]) return true;
    return false;
}

/// Who sets a variable puts another text in its place: the texts need not be compared.
bool RunTraces::hasOtherEnvironment() const {
    char** variable = ::environ;
    for (const char* known : _environment)
        if (variable == nullptr || *variable++ != known) return true;
    return variable != nullptr && *variable != nullptr;
}

bool endChildren() {
    bool found = false;
    for (int look = 0; look < kLooks;) {
        const pid_t ended = ::waitpid(-1, nullptr, __WALL | WNOHANG);
        if (ended < 0 && errno != EINTR) return found;
        if (ended != 0) continue;
        found = true;
        killChildren();
        ::usleep(kLookInterval);
        ++look;
    }
    return found;
}

}  // namespace carillon
