#include "platform/FileRights.h"

#include "windows/FileStatus.h"
#include "windows/TrustedWalk.h"

namespace carillon {
namespace {

FileOpening openingOf(Opening opening) {
    switch (opening) {
        case Opening::Look:
            break;
        case Opening::LookFolder:
            return {0, OPEN_EXISTING, true};
        case Opening::Read:
        case Opening::ReadNow:
            return {GENERIC_READ, OPEN_EXISTING, false};
        case Opening::Write:
            return {GENERIC_WRITE, OPEN_ALWAYS, false};
        case Opening::WriteNew:
            return {GENERIC_WRITE, CREATE_NEW, false};
        case Opening::Append:
            // Without the right to write elsewhere, all that is written goes to the end.
            return {GENERIC_READ | FILE_APPEND_DATA | SYNCHRONIZE, OPEN_ALWAYS, false};
        case Opening::ReadWrite:
            return {GENERIC_READ | GENERIC_WRITE, OPEN_ALWAYS, false};
    }
    return {0, OPEN_EXISTING, false};
}

std::error_code errorOfOpening(const std::string& path, DWORD access) {
    return openThere(wide(path), access) ? std::error_code() : lastError();
}

}  // namespace

TrustedPath trustedPath(const std::string& path, Opening opening, TrustRole role) {
    return walkTrusted(path, openingOf(opening), role, false);
}

TrustedPath trustedPathInFolders(const std::string& path, Opening opening) {
    return walkTrusted(path, openingOf(opening), TrustRole::Target, true);
}

/// A file has the rights that its folder gives to all that is made there.
void makePrivate(const std::string&) {}

std::error_code whyNothingCanBeMadeIn(const std::string& folder) {
    return errorOfOpening(folder, FILE_ADD_FILE);
}

std::error_code whyNotReadableAndWritable(const std::string& path) {
    return errorOfOpening(path, GENERIC_READ | GENERIC_WRITE);
}

}  // namespace carillon
