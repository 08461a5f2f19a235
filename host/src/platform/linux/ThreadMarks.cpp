#include "platform/ThreadMarks.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

namespace carillon {
namespace {

/// Blocked in a marked thread, and so in every thread that it begins. No program uses it.
int markOfThreads() {
    return SIGRTMAX - 5;
}

bool isMarked(int thread) {
    std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/status");
    for (std::string word; status >> word;) {
        if (word != "SigBlk:") continue;
        std::string mask;
        status >> mask;
        return (std::strtoull(mask.c_str(), nullptr, 16) >> (markOfThreads() - 1) & 1) != 0;
    }
    return false;
}

}  // namespace

void markThisThread() {
    sigset_t mark;
    ::sigemptyset(&mark);
    ::sigaddset(&mark, markOfThreads());
    ::pthread_sigmask(SIG_BLOCK, &mark, nullptr);
}

std::set<std::int64_t> markedThreads() {
    std::set<std::int64_t> marked;
    const std::unique_ptr<DIR, int (*)(DIR*)> threads(::opendir("/proc/self/task"),
                                                      [](DIR* folder) { return ::closedir(folder); });
    while (const auto* entry = threads ? ::readdir(threads.get()) : nullptr)
        if (const int thread = std::atoi(entry->d_name); thread > 0 && isMarked(thread)) marked.insert(thread);
    return marked;
}

}  // namespace carillon
