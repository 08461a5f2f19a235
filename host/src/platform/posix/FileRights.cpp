#include "platform/FileRights.h"

#include "posix/FileStatus.h"
#include "posix/TrustedWalk.h"

#include <fcntl.h>
#include <unistd.h>

namespace carillon {
namespace {

int flagsOf(Opening opening) {
    switch (opening) {
        case Opening::Look:
            break;
        case Opening::LookFolder:
            return kLook | O_DIRECTORY;
        case Opening::Read:
            return O_RDONLY;
        case Opening::ReadNow:
            return O_RDONLY | O_NONBLOCK;
        case Opening::Write:
            return O_WRONLY | O_CREAT;
        case Opening::WriteNew:
            return O_WRONLY | O_CREAT | O_EXCL;
        case Opening::Append:
            return O_RDWR | O_APPEND | O_CREAT;
        case Opening::ReadWrite:
            return O_RDWR | O_CREAT;
    }
    return kLook;
}

std::error_code accessError(const std::string& path, int wanted) {
    return ::access(path.c_str(), wanted) == 0 ? std::error_code() : lastError();
}

}  // namespace

TrustedPath trustedPath(const std::string& path, Opening opening, TrustRole role) {
    return walkTrusted(path, flagsOf(opening), role, false);
}

TrustedPath trustedPathInFolders(const std::string& path, Opening opening) {
    return walkTrusted(path, flagsOf(opening), TrustRole::Target, true);
}

void makePrivate(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) ::chmod(path.c_str(), status.st_mode & kFileMode);
}

std::error_code whyNothingCanBeMadeIn(const std::string& folder) {
    return accessError(folder, W_OK | X_OK);
}

std::error_code whyNotReadableAndWritable(const std::string& path) {
    return accessError(path, R_OK | W_OK);
}

}  // namespace carillon
