#pragma once

#include "access/AccessControl.h"
#include "carillon/Clock.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// A person who is signed in.
struct Session {
    Principal principal{};
    std::string csrf{};  ///< What a form that changes something must bring along: see sameSecret().
    TimePoint signedInAt{};
    TimePoint usedAt{};
};

struct SessionLimits {
    std::chrono::seconds idle = std::chrono::hours(8);    ///< Without any request.
    std::chrono::seconds longest = std::chrono::days(7);  ///< Since the sign-in.
    std::size_t most = 1'000;                             ///< One more ends the one that was unused the longest.
};

/// Who is signed in. In memory: a restart signs all out. Any thread; borrows access and clock.
class Sessions {
public:
    Sessions(AccessControl& access, const Clock& clock, SessionLimits limits = {});

    struct SignedIn {
        std::string id{};  ///< For the cookie: randomText(). Never kept, only its hash.
        std::string csrf{};
    };
    SignedIn open(Principal principal);

    /// The session, used now. Nothing when there is none, when its time is over, or when the person was removed or
    /// changed; nor while the file of accounts is faulty, after which it is there again.
    std::optional<Session> find(const std::string& id);

    /// Whether find() would find it, which is no use of it.
    bool isOpen(const std::string& id) const;

    /// Signs out; nothing happens when there is no such session.
    void close(const std::string& id);

    std::size_t size() const;

private:
    bool isOver(const Session& session, TimePoint now) const;
    void makeRoom(TimePoint now);

    AccessControl& _access;
    const Clock& _clock;
    const SessionLimits _limits;
    mutable std::mutex _mutex;  // of all below
    // By the hash of the id: what a comparison's time could tell is of no use to anybody.
    std::map<std::string, Session> _sessions{};
};

}  // namespace carillon
