#pragma once

#include "record/HostState.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace carillon {

/// What happens to the jobs that somebody watches: the newest state and progress of each, and the last ends of its
/// runs. Any thread.
/// Invariant: who tells waits for no watcher. A watcher holds the mutex for as long as it takes to copy what is new;
/// one that is too slow finds the newest state and progress, and how many ends it has missed.
class LiveJobs {
public:
    using Steady = std::chrono::steady_clock;

    /// So many ends are kept of each job.
    static constexpr std::size_t kEnds = 100;

    struct News {
        std::string state{};               ///< JSON; empty: it is as it was.
        std::string progress{};            ///< The same.
        std::vector<std::string> ended{};  ///< JSON, oldest first.
        std::uint64_t missed = 0;          ///< So many ends before them are not kept any longer.
    };

    /// Watches a job for as long as it lives; its ends from now on. One thread.
    class Watch {
    public:
        Watch(LiveJobs& jobs, std::string job);
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;
        ~Watch();

        /// What is new since the last call.
        News take();

    private:
        LiveJobs& _jobs;
        const std::string _job;
        std::uint64_t _states = 0;
        std::uint64_t _progresses = 0;
        std::uint64_t _ends = 0;
    };

    /// Nothing happens when nobody watches the job.
    void progressed(const std::string& job, const std::string& run, const Progress& how);
    void ended(const std::string& job, const std::string& run, std::string_view outcome, const Message& message);

    /// The jobs that are watched.
    std::vector<std::string> watched() const;
    /// Whether there may be more to tell of a job than what was told: it stands otherwise than it did, a run has just
    /// ended, whose row in the store may come later, or it was not described for a while. To be described then.
    bool isDue(const JobState& state, Steady::time_point now);
    /// JSON, of a job that is due.
    void describe(const std::string& job, std::string json);

private:
    struct Entry {
        int watches = 0;
        JobState seen{};
        Steady::time_point dueAt{};       ///< However it stands.
        Steady::time_point freshUntil{};  ///< Due each time until then.
        std::string state{};
        std::uint64_t states = 0;
        std::string run{};       ///< Whose progress it is.
        std::string progress{};  ///< Empty: none.
        std::uint64_t progresses = 0;
        std::deque<std::string> ended{};
        std::uint64_t ends = 0;
    };

    /// Null: nobody watches it. Under the mutex.
    Entry* find(const std::string& job);

    std::atomic<int> _watches{0};
    mutable std::mutex _mutex;  // of all below
    std::map<std::string, Entry> _entries{};
};

}  // namespace carillon
