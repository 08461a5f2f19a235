#pragma once

#include "access/Account.h"
#include "carillon/Clock.h"
#include "platform/FileFacts.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// Says who somebody is, from the file of accounts. Looks at the file again when it is asked, once a second at most, so
/// that what changed there is in force within a second. A file that has become faulty lets nobody in, whoever was in it
/// before, until it is mended. Any thread; borrows the clock.
class AccessControl {
public:
    AccessControl(std::string file, const Clock& clock);

    /// Takes as long for a name that nobody has as for one that somebody has, whatever the outcome: some tenths of a
    /// second of processor time, in which other threads may ask as well.
    std::optional<Principal> authenticate(const std::string& user, const std::string& password);
    /// `token` with its prefix. At once.
    std::optional<Principal> authenticateToken(const std::string& token);

    /// Everybody there is, without what they show to get in.
    std::vector<Account> everybody();
    /// Whether somebody with a password has that name.
    bool hasPerson(const std::string& name);

    enum class Standing {
        Current,  ///< Still there, and nothing about them has changed.
        Gone,     ///< Removed or changed: whatever was granted is over.
        Unknown,  ///< The file is faulty: refuse, but it may be mended.
    };
    Standing standingOf(const Principal& principal);

    /// Whether there is nobody at all: no such file, or one without an entry. A faulty one is not empty.
    bool isEmpty();
    /// Why nobody is let in, one sentence a line; empty when the file is as it should be.
    Message fault();

private:
    struct State {
        Accounts accounts{};
        Message fault{};
        int mostIterations = PasswordHash::kDefaultIterations;  ///< Of all people.
    };
    std::shared_ptr<const State> read() const;
    std::shared_ptr<const State> state();

    const std::string _file;
    const Clock& _clock;
    std::mutex _mutex;  // of all below
    std::optional<TimePoint> _lookedAt{};
    std::optional<FileFacts> _version{};  // of the file whose state it is
    std::shared_ptr<const State> _state{};
};

}  // namespace carillon
