#include "posix/TrustedWalk.h"

#include "posix/FileStatus.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace carillon {

const int kLook = O_ACCMODE;  // no flag of POSIX opens what has only to be judged: see openLooked()

namespace {

/// Goes along a path, folder by folder and link by link, each of which is judged before anything in it is looked at.
/// What was judged can be replaced by root and oneself alone, so that its name stands for it.
class TrustedWalk {
public:
    TrustedWalk(const std::string& path, int flags, TrustRole role, bool makesFolders)
        : _flags(flags), _role(role), _makesFolders(makesFolders), _state(path) {}

    TrustedPath open() {
        bool good = moveTo("/");
        while (good && !_state.isOver()) good = enter(_state.takeName());
        // It ends with a link to the root or with "..".
        if (good && !_target) good = openTarget(_here.empty() ? "/" : _here);
        return good ? TrustedPath(std::move(_target)) : _state.failure();
    }

private:
    bool looks() const { return (_flags & O_ACCMODE) == kLook; }

    bool moveTo(const std::string& path) {
        struct stat status {};
        if (::lstat(path.c_str(), &status) != 0) return _state.fail(errno);
        if (!_state.judge(path, TrustRole::Way, status, {})) return false;
        if (!S_ISDIR(status.st_mode)) return _state.fail(ENOTDIR);
        _here = path == "/" ? "" : path;
        return true;
    }

    bool enter(const std::string& name) {
        const bool isLast = _state.isOver();
        if (name == "..") return moveTo(std::filesystem::path(_here.empty() ? "/" : _here).parent_path().string());
        const std::string path = _here + "/" + name;
        struct stat status {};
        if (::lstat(path.c_str(), &status) != 0) return errno == ENOENT ? make(name, path, isLast) : _state.fail(errno);
        if (S_ISLNK(status.st_mode)) return follow(path, status);
        return isLast ? openTarget(path) : moveTo(path);
    }

    /// Who else makes it at the same time is judged like everybody.
    bool make(const std::string& name, const std::string& path, bool isLast) {
        const bool isFolder = !isLast || (_flags & O_DIRECTORY) != 0;
        if (!isFolder && (_flags & O_CREAT) != 0) return openTarget(path);
        if (!isFolder || !_makesFolders) return _state.fail(ENOENT);
        if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) return _state.fail(errno);
        return enter(name);
    }

    bool follow(const std::string& path, const struct stat& status) {
        if (!_state.judge(path, TrustRole::Way, status, {}) || !_state.countLink()) return false;
        std::error_code error;
        const std::string text = std::filesystem::read_symlink(path, error).string();
        if (error) return _state.fail(error.value());
        // What this process has open, as a shell gives it, may be a pipe, whose link leads to no path.
        struct stat target {};
        if (_state.isOver() && ::lstat((std::filesystem::path(path).parent_path() / text).c_str(), &target) != 0 &&
            ::stat(path.c_str(), &target) == 0)
            return openFollowed(path);
        _state.push(text);
        return text.starts_with('/') ? moveTo("/") : true;
    }

    bool openFollowed(const std::string& path) {
        if (looks()) return openLooked(path);
        _target = OpenFile(::open(path.c_str(), _flags | O_CLOEXEC));
        return _target ? true : _state.fail(errno);
    }

    /// A folder is opened; what does nothing stands for what is good and was not to be opened.
    bool openLooked(const std::string& path) {
        _target = OpenFile(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!_target) _target = OpenFile(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        return _target ? true : _state.fail(errno);
    }

    bool openTarget(const std::string& path) {
        struct stat status {};
        const bool isThere = ::lstat(path.c_str(), &status) == 0;
        if (!isThere && (_flags & O_CREAT) == 0) return _state.fail(errno);
        if (isThere && !_state.judge(path, _role, status, {})) return false;
        if (looks() && (_flags & O_DIRECTORY) != 0 && !S_ISDIR(status.st_mode)) return _state.fail(ENOTDIR);
        if (looks()) return openLooked(path);
        OpenFile target(::open(path.c_str(), _flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, kFileMode));
        if (!target) return _state.fail(errno);
        if ((_flags & O_NONBLOCK) == 0) ::fcntl(descriptorOf(target), F_SETFL, _flags & O_APPEND);
        _target = std::move(target);
        return true;
    }

    const int _flags;
    const TrustRole _role;
    const bool _makesFolders;
    WalkState _state;
    std::string _here{};  ///< The folder's path without links; empty: the root.
    OpenFile _target{};
};

}  // namespace

TrustedPath walkTrusted(const std::string& path, int flags, TrustRole role, bool makesFolders) {
    return TrustedWalk(path, flags, role, makesFolders).open();
}

}  // namespace carillon
