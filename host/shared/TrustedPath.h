#pragma once

#include "shared/FileTrust.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// A file or folder that is open, and whatever led to it was trusted; or why it is not. Closes it.
class TrustedPath {
public:
    TrustedPath() = default;
    /// What a call such as open() returned: below 0 with errno.
    explicit TrustedPath(int descriptor) : _descriptor(descriptor), _error(descriptor < 0 ? errno : 0) {}
    TrustedPath(int error, std::string refusal) : _error(error), _refusal(std::move(refusal)) {}
    TrustedPath(TrustedPath&& other) noexcept
        : _descriptor(std::exchange(other._descriptor, -1)),
          _error(other._error),
          _refusal(std::move(other._refusal)) {}
    TrustedPath& operator=(TrustedPath&& other) noexcept {
        std::swap(_descriptor, other._descriptor);
        std::swap(_error, other._error);
        std::swap(_refusal, other._refusal);
        return *this;
    }
    TrustedPath(const TrustedPath&) = delete;
    TrustedPath& operator=(const TrustedPath&) = delete;
    ~TrustedPath() {
        if (_descriptor >= 0) ::close(_descriptor);
    }

    explicit operator bool() const { return _descriptor >= 0; }
    int descriptor() const { return _descriptor; }
    /// The descriptor, for the caller to close.
    int take() { return std::exchange(_descriptor, -1); }
    /// Of errno, when it could not be opened; EACCES when it was refused.
    int error() const { return _error; }
    /// Why it was refused, with the command that mends it; follows the path and a colon. Empty: it was not.
    const std::string& refusal() const { return _refusal; }
    /// The same, or what the system says.
    std::string reason() const { return _refusal.empty() ? std::strerror(_error) : _refusal; }

private:
    int _descriptor = -1;
    int _error = EBADF;
    std::string _refusal{};
};

/// Goes along a path, folder by folder and link by link, each of which is judged as it is open: by FileTrust.h, and
/// before anything in it is looked at. What was judged can be replaced by root and oneself alone, so that a name that
/// was gone along may also be used where no descriptor can be.
class PathWalk {
public:
    PathWalk(const std::string& path, int flags, mode_t mode, TrustRole role, bool makesFolders)
        : _flags(flags), _mode(mode), _role(role), _makesFolders(makesFolders) {
        std::error_code ignored;  // of a folder that is gone: nothing is in it
        _given = std::filesystem::absolute(path, ignored).string();
        push(_given);
    }

    TrustedPath open() {
        bool good = startAtRoot();
        while (good && !_rest.empty()) {
            const std::string name = std::exchange(_rest.back(), {});
            _rest.pop_back();
            good = enter(name);
        }
        // It ends with a link to the root or with "..", whose folder is open already.
        if (good && !_target) good = openTarget(".", _here);
        return good ? std::move(_target) : TrustedPath(_error, std::move(_refusal));
    }

private:
    static constexpr int kMostLinks = 40;  // as many as the kernel follows
    static constexpr mode_t kFolderMode = 0750;

    void push(std::string_view path) {
        while (!path.empty()) {
            const auto slash = path.rfind('/');
            const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
            if (!name.empty() && name != ".") _rest.emplace_back(name);
            path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
        }
    }

    bool fail(int error) {
        _error = error;
        return false;
    }

    bool judge(int descriptor, const std::string& path, TrustRole role, struct stat& status) {
        if (::fstat(descriptor, &status) != 0) return fail(errno);
        const Distrust distrust = distrustOf(descriptor, status, role);
        if (distrust.fault.empty()) return true;
        const bool isGiven = path == _given || role == TrustRole::Secret;
        const char* relation = S_ISLNK(status.st_mode)  ? "is reached by the link "
                               : role == TrustRole::Way ? "lies in "
                                                        : "leads to ";
        std::string name = path;
        for (auto at = name.find('\''); at != std::string::npos; at = name.find('\'', at + 4))
            name.replace(at, 1, "'\\''");
        _refusal = (isGiven ? "" : relation + path + ", which ") + distrust.fault + "run: " + distrust.command + " '" +
                   name + "'";
        return fail(EACCES);
    }

    bool startAtRoot() {
        _here.clear();
        return moveTo(TrustedPath(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)), "/");
    }

    bool moveTo(TrustedPath folder, const std::string& path) {
        struct stat status {};
        if (!folder) return fail(folder.error());
        if (!judge(folder.descriptor(), path, TrustRole::Way, status)) return false;
        if (!S_ISDIR(status.st_mode)) return fail(ENOTDIR);
        _folder = std::move(folder);
        _here = path == "/" ? "" : path;
        return true;
    }

    bool enter(const std::string& name) {
        const bool isLast = _rest.empty();
        if (name == "..")
            return moveTo(TrustedPath(::openat(_folder.descriptor(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC)),
                          std::filesystem::path(_here.empty() ? "/" : _here).parent_path().string());
        const std::string path = _here + "/" + name;
        TrustedPath next(::openat(_folder.descriptor(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!next) return next.error() == ENOENT ? make(name, path, isLast) : fail(next.error());
        struct stat status {};
        if (::fstat(next.descriptor(), &status) != 0) return fail(errno);
        if (S_ISLNK(status.st_mode)) return follow(name, path, next);
        return isLast ? openTarget(name, path) : moveTo(std::move(next), path);
    }

    /// Who else makes it at the same time is judged like everybody.
    bool make(const std::string& name, const std::string& path, bool isLast) {
        const bool isFolder = !isLast || (_flags & O_DIRECTORY) != 0;
        if (!isFolder && (_flags & O_CREAT) != 0) return openTarget(name, path);
        if (!isFolder || !_makesFolders) return fail(ENOENT);
        if (::mkdirat(_folder.descriptor(), name.c_str(), kFolderMode) != 0 && errno != EEXIST) return fail(errno);
        return enter(name);
    }

    bool follow(const std::string& name, const std::string& path, const TrustedPath& link) {
        struct stat status {};
        if (!judge(link.descriptor(), path, TrustRole::Way, status)) return false;
        if (++_links > kMostLinks) return fail(ELOOP);
        // The kernel's own links lead to what a process has open, such as a pipe, and their text is no path.
        struct statfs system {};
        if (::fstatfs(link.descriptor(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC)
            return followKernel(name, path);
        std::string text(PATH_MAX, '\0');
        const ssize_t length = ::readlinkat(link.descriptor(), "", text.data(), text.size());
        if (length < 0) return fail(errno);
        text.resize(static_cast<std::size_t>(length));
        push(text);
        return text.starts_with('/') ? startAtRoot() : true;
    }

    bool followKernel(const std::string& name, const std::string& path) {
        const bool isLast = _rest.empty();
        TrustedPath next(::openat(_folder.descriptor(), name.c_str(), (isLast ? _flags : O_PATH) | O_CLOEXEC));
        if (!next) return fail(next.error());
        if (!isLast) return moveTo(std::move(next), path);
        _target = std::move(next);
        return true;
    }

    /// Judged when it is open for what it is wanted for; until then a pipe must not hold up the process.
    bool openTarget(const std::string& name, const std::string& path) {
        const int flags = _flags | O_NOFOLLOW | O_CLOEXEC | ((_flags & O_PATH) != 0 ? 0 : O_NONBLOCK | O_NOCTTY);
        TrustedPath target(::openat(_folder.descriptor(), name.c_str(), flags, _mode));
        if (!target) return fail(target.error());
        struct stat status {};
        if (!judge(target.descriptor(), path.empty() ? "/" : path, _role, status)) return false;
        if ((_flags & (O_PATH | O_NONBLOCK)) == 0) ::fcntl(target.descriptor(), F_SETFL, _flags & O_APPEND);
        _target = std::move(target);
        return true;
    }

    const int _flags;
    const mode_t _mode;
    const TrustRole _role;
    const bool _makesFolders;
    std::string _given;
    std::vector<std::string> _rest;  ///< The names to go along, the next one last.
    TrustedPath _folder{};
    std::string _here;  ///< The folder's path without links; empty: the root.
    int _links = 0;
    int _error = 0;
    std::string _refusal;
    TrustedPath _target{};
};

/// Opens a file or folder that nobody but root and oneself can have written or put there: configuration, secrets,
/// plugins, state, logs. `flags` and `mode` are those of open(); O_PATH only judges it.
inline TrustedPath trustedPath(const std::string& path, int flags = O_PATH, TrustRole role = TrustRole::Target,
                               mode_t mode = 0) {
    return PathWalk(path, flags, mode, role, false).open();
}

/// The same, and folders that are missing are made for oneself and the group (mode 0750): with O_DIRECTORY in `flags`
/// all of the path, else all but the file.
inline TrustedPath trustedPathInFolders(const std::string& path, int flags, mode_t mode = 0) {
    return PathWalk(path, flags, mode, TrustRole::Target, true).open();
}

}  // namespace carillon
