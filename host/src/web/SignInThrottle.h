#pragma once

#include "carillon/Clock.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace carillon {

struct ThrottleLimits {
    int free = 5;                                                 ///< Failures without a wait.
    std::chrono::milliseconds first = std::chrono::seconds(1);    ///< After them; doubles with each further one
    std::chrono::milliseconds longest = std::chrono::minutes(5);  ///< up to this.
    std::chrono::seconds forgotten = std::chrono::hours(1);       ///< After the last try.
    std::size_t most = 10'000;  ///< Names, and addresses, kept; one more drops the one tried the longest ago.
};

/// Slows down who guesses passwords: each name and each address has to wait between tries after some failures. A try
/// counts as failed from its beginning until it succeeds, so that many at once gain nothing. Any thread.
class SignInThrottle {
public:
    explicit SignInThrottle(const Clock& clock, ThrottleLimits limits = {});

    /// 0: go on, the try counts. Else how long to wait; it does not count.
    std::chrono::milliseconds begin(const std::string& user, const std::string& address);
    /// The try that was begun was none of a guesser: forgets the name's failures, takes back the address's last one.
    void succeeded(const std::string& user, const std::string& address);

private:
    struct Failures {
        int count = 0;
        TimePoint last{};
    };
    using Table = std::map<std::string, Failures>;

    std::chrono::milliseconds waitOf(const Table& table, const std::string& key, TimePoint now) const;
    void add(Table& table, const std::string& key, TimePoint now);

    const Clock& _clock;
    const ThrottleLimits _limits;
    std::mutex _mutex;  // of all below
    Table _users{};
    Table _addresses{};
};

}  // namespace carillon
