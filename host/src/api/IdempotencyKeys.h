#pragma once

#include "carillon/Clock.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// Which run each header Idempotency-Key stands for, so that a request that is sent again begins no second one. For 24
/// hours, in memory: a restart forgets all, and so does one key too many the oldest. Any thread; borrows the clock.
class IdempotencyKeys {
public:
    static constexpr std::chrono::hours kKept{24};
    static constexpr std::size_t kMost = 10'000;

    explicit IdempotencyKeys(const Clock& clock) : _clock(clock) {}

    /// Nothing: the key was free, and is taken now, until settle() or release(). Else its run; empty: another request
    /// with it is being answered, and was not within the patience.
    std::optional<std::string> take(const std::string& key, std::chrono::milliseconds patience = {});
    void settle(const std::string& key, const std::string& run);
    void release(const std::string& key);

private:
    struct Entry {
        std::string run{};
        TimePoint since{};
    };
    bool isBeingAnswered(const std::string& key, TimePoint now) const;
    void makeRoom(TimePoint now);

    const Clock& _clock;
    std::condition_variable _changed;
    std::mutex _mutex;  // of all below
    std::map<std::string, Entry> _entries{};
};

}  // namespace carillon
