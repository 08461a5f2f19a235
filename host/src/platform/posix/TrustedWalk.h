#pragma once

#include "platform/FileRights.h"
#include "posix/FileTrust.h"

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Of what is made.
constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;

/// Opens a path with flags of open(), of which kLook is one for what is only judged.
TrustedPath walkTrusted(const std::string& path, int flags, TrustRole role, bool makesFolders);
extern const int kLook;

/// What a path leads along: the names that are left to go, and what was found on the way.
class WalkState {
public:
    explicit WalkState(const std::string& path);

    bool isOver() const { return _rest.empty(); }
    std::string takeName();
    /// As the target of a link, before what is left.
    void push(std::string_view path);
    /// Counts a link. False: there are more than the kernel follows.
    bool countLink();

    /// Whether what stands at a place is trusted; else that is why the path is refused.
    bool judge(const std::string& path, TrustRole role, const struct stat& status, const FileExtras& extras);
    /// False, with an error of errno.
    bool fail(int error);
    TrustedPath failure() const { return {_error, _refusal}; }

private:
    std::string _given;
    std::vector<std::string> _rest;  ///< The next one last.
    int _links = 0;
    std::error_code _error{};
    Message _refusal{};
};

}  // namespace carillon
