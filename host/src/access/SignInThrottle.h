#pragma once

#include "carillon/Clock.h"

#include "Poco/Net/IPAddress.h"

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
    std::chrono::hours known{30 * 24};                            ///< Since the last success of a name at an address.
    std::size_t most = 10'000;  ///< Names, and addresses, kept; one more drops the one tried the longest ago.
};

/// Slows down who guesses: each name and each address has to wait between tries after some failures. A name at an
/// address that it was right at before counts by itself alone: whatever strangers try, by that name or from around that
/// address, its owner gets in there. A try counts as failed from its beginning until it succeeds, so that many at once
/// gain nothing. Any thread; borrows the clock.
class SignInThrottle {
public:
    explicit SignInThrottle(const Clock& clock, ThrottleLimits limits = {});

    struct Try {
        std::string user{};
        std::string address{};
        bool isKnown = false;               ///< The name was right at this address before.
        std::chrono::milliseconds wait{0};  ///< 0: go on, the try counts. Else how long to wait; it does not count.
    };
    /// `user`: empty where there are no names. `address`: see throttledAddress().
    Try begin(const std::string& user, const std::string& address);
    /// The try was none of a guesser: forgets the name's failures, or those of the name at an address that is known;
    /// takes back the address's last one.
    void succeeded(const Try& one);
    /// The try was not looked at: takes it back.
    void withdrawn(const Try& one);

private:
    struct Failures {
        int count = 0;
        TimePoint last{};
    };
    using Table = std::map<std::string, Failures>;

    bool isKnown(const std::string& pair, TimePoint now) const;
    std::chrono::milliseconds waitOf(const Table& table, const std::string& key, TimePoint now) const;
    void add(Table& table, const std::string& key, TimePoint now);
    static void takeBack(Table& table, const std::string& key);
    void makeRoom(Table& table, const std::string& key) const;

    const Clock& _clock;
    const ThrottleLimits _limits;
    std::mutex _mutex;  // of all below
    Table _users{};
    Table _addresses{};
    // By name and address.
    Table _pairs{};
    std::map<std::string, TimePoint> _known{};  // the last success
};

/// What counts as one address: of IPv6 the first 64 bits, since whoever has one has all of them.
std::string throttledAddress(const Poco::Net::IPAddress& address);

}  // namespace carillon
