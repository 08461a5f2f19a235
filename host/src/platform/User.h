#pragma once

#include <cstdint>
#include <string>

namespace carillon {

/// Somebody with an account on this machine.
struct User {
    std::uint32_t number = 0;  ///< As the system numbers them; on Windows the last part of the SID.

    /// The name; # and the number of one who has none, as in containers and for sudo.
    std::string name() const;
};

/// By whose rights this process works.
User userOfThisProcess();

/// Gives the rights of root up, for good, for those of who owns the folder. False: this process is not root's, the
/// folder is, or there is none; nothing has changed then.
bool becomeOwnerOf(const std::string& folder);

/// Who gave the command: with sudo, the one who called that.
User callingUser();

}  // namespace carillon
