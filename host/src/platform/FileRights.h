#pragma once

#include "carillon/Message.h"
#include "platform/OpenFile.h"

#include <string>
#include <system_error>
#include <utility>

namespace carillon {

/// What a file or folder is there for.
enum class TrustRole {
    Way,  ///< A folder that leads to it. What stands in a sticky one, as /tmp is, can be replaced by its owner alone.
    Target,  ///< The file or folder itself.
    Secret,  ///< A file that nobody else may read either.
};

/// What a path is opened for.
enum class Opening {
    Look,        ///< Nothing: it is only judged.
    LookFolder,  ///< The same, and it must be a folder.
    Read,        ///< The file is not waited for: of a pipe, its bytes are.
    ReadNow,     ///< The same, and a pipe's bytes are not waited for either.
    Write,       ///< Made when it is missing.
    WriteNew,    ///< Made; one that is there is an error.
    Append,      ///< To be read, and written to at its end; made when it is missing.
    ReadWrite,   ///< Made when it is missing.
};

/// A file or folder that is open, and whatever led to it was trusted; or why it is not.
class TrustedPath {
public:
    TrustedPath() = default;
    explicit TrustedPath(OpenFile file) : _file(std::move(file)), _error() {}
    TrustedPath(std::error_code error, Message refusal) : _error(error), _refusal(std::move(refusal)) {}

    explicit operator bool() const { return static_cast<bool>(_file); }
    const OpenFile& file() const { return _file; }
    OpenFile take() { return std::move(_file); }
    /// When it could not be opened; std::errc::permission_denied when it was refused.
    std::error_code error() const { return _error; }
    /// Why it was refused, with the command of this system that mends it; follows the path and a colon. Empty: it was
    /// not.
    const Message& refusal() const { return _refusal; }
    /// The same, or what the system says, in English.
    std::string reason() const { return _refusal.empty() ? _error.message() : _refusal.text; }

private:
    OpenFile _file{};
    std::error_code _error = std::make_error_code(std::errc::bad_file_descriptor);
    Message _refusal{};
};

/// Opens a file or folder that nobody but the system's administrator and oneself can have written or put there:
/// configuration, secrets, plugins, state, logs. What is made is for its owner, and its group to read. A folder is
/// opened for Look, LookFolder and reads alone. Access lists and the volumes of pods are known on Linux alone:
/// elsewhere the rights of the group, and of all, count as they stand. Any thread.
TrustedPath trustedPath(const std::string& path, Opening opening = Opening::Look, TrustRole role = TrustRole::Target);

/// The same, and folders that are missing are made for oneself and the group: with LookFolder all of the path, else all
/// but the file.
TrustedPath trustedPathInFolders(const std::string& path, Opening opening);

/// Takes from a file of this user's what rights others have who would not have them on a file that is made here.
void makePrivate(const std::string& path);

/// Why this user cannot make files in a folder; no error: it can.
std::error_code whyNothingCanBeMadeIn(const std::string& folder);

/// Why this user cannot read and write a file; no error: it can.
std::error_code whyNotReadableAndWritable(const std::string& path);

}  // namespace carillon
