#include "platform/FileReplacement.h"

#include "posix/FileStatus.h"
#include "posix/TrustedWalk.h"
#include "shared/CrashPoint.h"

#include "Poco/Exception.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>

namespace carillon {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what, const std::error_code& error = lastError()) {
    throw Poco::FileException(path + " " + what + ": " + error.message() + "; nothing was changed");
}

/// Where a link leads: it is the file that is replaced, not the link.
std::string withoutLinks(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    // One that leads nowhere yet is none for weakly_canonical().
    const auto target =
        fs::is_symlink(path, error) ? fs::path(path).parent_path() / fs::read_symlink(path, error) : fs::path(path);
    const auto real = fs::weakly_canonical(target, error);
    return error ? path : real.string();
}

/// The new file beside the old one; removed unless it took its place.
class Draft {
public:
    explicit Draft(const std::string& target) : _target(target), _path(target + ".new") {
        ::unlink(_path.c_str());  // of a process that was killed; nobody else is at work
        _file = OpenFile(::open(_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!_file) fail(_path, "cannot be made");
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        if (!_path.empty()) ::unlink(_path.c_str());
    }

    void write(std::string_view text) const {
        std::error_code error;
        if (!_file.write(text, error)) fail(_path, "cannot be written", error);
    }

    void takeOwnerAndMode(const OpenFile& folder) const {
        struct stat old {};
        const bool exists = ::stat(_target.c_str(), &old) == 0;
        if (!exists && ::fstat(descriptorOf(folder), &old) != 0) fail(_target, "has no folder");
        struct stat own {};
        if (::fstat(descriptorOf(_file), &own) != 0) fail(_path, "cannot be looked at");
        const bool differs = own.st_uid != old.st_uid || own.st_gid != old.st_gid;
        if (differs && (exists || ::geteuid() == 0) && ::fchown(descriptorOf(_file), old.st_uid, old.st_gid) != 0)
            fail(_target, "belongs to another user or group, which this one cannot keep; run it as that user or root");
        if (::fchmod(descriptorOf(_file), exists ? old.st_mode & kFileMode : kFileMode) != 0)
            fail(_path, "cannot get its mode");
    }

    void replaceTarget(const OpenFile& folder, std::string_view crashPlace) {
        if (::fsync(descriptorOf(_file)) != 0) fail(_path, "cannot be flushed");
        crashPoint(crashPlace);
        if (::rename(_path.c_str(), _target.c_str()) != 0) fail(_target, "cannot be replaced");
        _path.clear();
        // The new file is in force; a loss of power may at worst bring back the old one.
        ::fsync(descriptorOf(folder));
    }

private:
    std::string _target;
    std::string _path;
    OpenFile _file{};
};

}  // namespace

/// Locks the folder: the file itself is another one after each change.
FileReplacement::FileReplacement(const std::string& path) : _path(withoutLinks(path)) {
    const std::string folder = std::filesystem::path(_path).parent_path().string();
    TrustedPath trusted = walkTrusted(folder, O_RDONLY | O_DIRECTORY, TrustRole::Target, false);
    if (!trusted.refusal().empty()) throw Poco::FileException(folder + ": " + trusted.refusal().text);
    if (!trusted) fail(folder, "cannot be opened", trusted.error());
    _lock = trusted.take();
    while (::flock(descriptorOf(_lock), LOCK_EX) != 0)
        if (errno != EINTR) fail(folder, "cannot be locked");
}

void FileReplacement::replace(std::string_view text, std::string_view crashPlace) const {
    Draft draft(_path);
    draft.write(text);
    draft.takeOwnerAndMode(_lock);
    draft.replaceTarget(_lock, crashPlace);
}

}  // namespace carillon
