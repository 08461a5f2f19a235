#include "posix/TrustedWalk.h"

#include "posix/FileStatus.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <filesystem>

namespace carillon {

const int kLook = O_PATH;

namespace {

class LinuxExtras final : public FileExtras {
public:
    LinuxExtras(const OpenFile& file, const struct stat& status) : _file(file), _status(status) {}

    /// Not known without /proc.
    bool hasAccessList() const override {
        const std::string path = "/proc/self/fd/" + std::to_string(_file.handle());
        return ::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
    }

    bool isVolumeOfPod() const override {
        struct statx more {};
        return _status.st_uid == 0 && std::getenv("KUBERNETES_SERVICE_HOST") != nullptr &&
               ::statx(descriptorOf(_file), "", AT_EMPTY_PATH, STATX_TYPE, &more) == 0 &&
               (more.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    }

private:
    const OpenFile& _file;
    const struct stat& _status;
};

/// Goes along a path, folder by folder and link by link, each of which is judged as it is open, and before anything in
/// it is looked at. What was judged can be replaced by root and oneself alone, so that a name that was gone along may
/// also be used where no descriptor can be.
class TrustedWalk {
public:
    TrustedWalk(const std::string& path, int flags, TrustRole role, bool makesFolders)
        : _flags(flags), _role(role), _makesFolders(makesFolders), _state(path) {}

    TrustedPath open() {
        bool good = startAtRoot();
        while (good && !_state.isOver()) good = enter(_state.takeName());
        // It ends with a link to the root or with "..", whose folder is open already.
        if (good && !_target) good = openTarget(".", _here);
        return good ? TrustedPath(std::move(_target)) : _state.failure();
    }

private:
    OpenFile openIn(const std::string& name, int flags) const {
        return OpenFile(::openat(descriptorOf(_folder), name.c_str(), flags | O_CLOEXEC, kFileMode));
    }

    bool judge(const OpenFile& file, const std::string& path, TrustRole role, struct stat& status) {
        if (::fstat(descriptorOf(file), &status) != 0) return _state.fail(errno);
        return _state.judge(path, role, status, LinuxExtras(file, status));
    }

    bool startAtRoot() {
        _here.clear();
        return moveTo(OpenFile(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)), "/");
    }

    bool moveTo(OpenFile folder, const std::string& path) {
        struct stat status {};
        if (!folder) return _state.fail(errno);
        if (!judge(folder, path, TrustRole::Way, status)) return false;
        if (!S_ISDIR(status.st_mode)) return _state.fail(ENOTDIR);
        _folder = std::move(folder);
        _here = path == "/" ? "" : path;
        return true;
    }

    bool enter(const std::string& name) {
        const bool isLast = _state.isOver();
        if (name == "..")
            return moveTo(openIn("..", O_PATH | O_DIRECTORY),
                          std::filesystem::path(_here.empty() ? "/" : _here).parent_path().string());
        const std::string path = _here + "/" + name;
        OpenFile next = openIn(name, O_PATH | O_NOFOLLOW);
        if (!next) return errno == ENOENT ? make(name, path, isLast) : _state.fail(errno);
        struct stat status {};
        if (::fstat(descriptorOf(next), &status) != 0) return _state.fail(errno);
        if (S_ISLNK(status.st_mode)) return follow(name, path, next);
        return isLast ? openTarget(name, path) : moveTo(std::move(next), path);
    }

    /// Who else makes it at the same time is judged like everybody.
    bool make(const std::string& name, const std::string& path, bool isLast) {
        const bool isFolder = !isLast || (_flags & O_DIRECTORY) != 0;
        if (!isFolder && (_flags & O_CREAT) != 0) return openTarget(name, path);
        if (!isFolder || !_makesFolders) return _state.fail(ENOENT);
        if (::mkdirat(descriptorOf(_folder), name.c_str(), kFolderMode) != 0 && errno != EEXIST)
            return _state.fail(errno);
        return enter(name);
    }

    bool follow(const std::string& name, const std::string& path, const OpenFile& link) {
        struct stat status {};
        if (!judge(link, path, TrustRole::Way, status)) return false;
        if (!_state.countLink()) return false;
        // The kernel's own links lead to what a process has open, such as a pipe, and their text is no path.
        struct statfs system {};
        if (::fstatfs(descriptorOf(link), &system) == 0 && system.f_type == PROC_SUPER_MAGIC)
            return followKernel(name, path);
        std::string text(PATH_MAX, '\0');
        const ssize_t length = ::readlinkat(descriptorOf(link), "", text.data(), text.size());
        if (length < 0) return _state.fail(errno);
        text.resize(static_cast<std::size_t>(length));
        _state.push(text);
        return text.starts_with('/') ? startAtRoot() : true;
    }

    bool followKernel(const std::string& name, const std::string& path) {
        const bool isLast = _state.isOver();
        OpenFile next = openIn(name, isLast ? _flags : O_PATH);
        if (!next) return _state.fail(errno);
        if (!isLast) return moveTo(std::move(next), path);
        _target = std::move(next);
        return true;
    }

    /// Judged when it is open for what it is wanted for; until then a pipe must not hold up the process.
    bool openTarget(const std::string& name, const std::string& path) {
        OpenFile target = openIn(name, _flags | O_NOFOLLOW | ((_flags & O_PATH) != 0 ? 0 : O_NONBLOCK | O_NOCTTY));
        if (!target) return _state.fail(errno);
        struct stat status {};
        if (!judge(target, path.empty() ? "/" : path, _role, status)) return false;
        if ((_flags & (O_PATH | O_NONBLOCK)) == 0) ::fcntl(descriptorOf(target), F_SETFL, _flags & O_APPEND);
        _target = std::move(target);
        return true;
    }

    const int _flags;
    const TrustRole _role;
    const bool _makesFolders;
    WalkState _state;
    OpenFile _folder{};
    std::string _here{};  ///< The folder's path without links; empty: the root.
    OpenFile _target{};
};

}  // namespace

TrustedPath walkTrusted(const std::string& path, int flags, TrustRole role, bool makesFolders) {
    return TrustedWalk(path, flags, role, makesFolders).open();
}

}  // namespace carillon
