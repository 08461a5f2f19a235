#pragma once

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a file or folder is there for.
enum class TrustRole {
    Way,  ///< A folder that leads to it. What stands in a sticky one, as /tmp is, can be replaced by its owner alone.
    Target,  ///< The file or folder itself.
    Secret,  ///< A file that nobody else may read either.
};

/// What one has against a file, as the rest of a sentence about it, and the command that mends it, before its name.
struct Distrust {
    std::string fault{};  ///< Empty: nothing.
    std::string command{};
};

/// The name of a user; # and the number of one who has none, as in containers and for sudo.
inline std::string nameOfUser(uid_t user) {
    std::array<char, 4096> text{};
    struct passwd entry {};
    struct passwd* found = nullptr;
    ::getpwuid_r(user, &entry, text.data(), text.size(), &found);
    return found != nullptr ? entry.pw_name : "#" + std::to_string(user);
}

/// Whether the process has the rights of a group.
inline bool isInGroup(gid_t group) {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    groups.resize(static_cast<std::size_t>(std::max(::getgroups(static_cast<int>(groups.size()), groups.data()), 0)));
    return group == ::getegid() || std::find(groups.begin(), groups.end(), group) != groups.end();
}

/// Who has a group's rights, as far as this machine knows: its list of members, and the accounts of /etc/passwd that
/// have it as their first group. Only the file is asked: a directory service would have to list everybody.
struct GroupAccounts {
    std::string name{};  ///< Empty: the group has none, as in containers.
    std::vector<uid_t> users{};
};

inline GroupAccounts accountsOf(gid_t group) {
    GroupAccounts accounts;
    std::vector<char> text(64 << 10);
    struct group entry {};
    struct group* found = nullptr;
    struct passwd account {};
    struct passwd* known = nullptr;
    std::array<char, 4096> line{};
    constexpr uid_t kUnknown = static_cast<uid_t>(-1);
    const int error = ::getgrgid_r(group, &entry, text.data(), text.size(), &found);
    if (error != 0 && error != ENOENT) accounts.users.push_back(kUnknown);  // too many, or nobody answers
    if (found != nullptr) accounts.name = entry.gr_name;
    for (char** member = found != nullptr ? entry.gr_mem : nullptr; member != nullptr && *member != nullptr; ++member) {
        ::getpwnam_r(*member, &account, line.data(), line.size(), &known);
        accounts.users.push_back(known != nullptr ? account.pw_uid : kUnknown);
    }
    const std::unique_ptr<FILE, void (*)(FILE*)> file(std::fopen("/etc/passwd", "re"), [](FILE* opened) {
        if (opened != nullptr) std::fclose(opened);
    });
    while (file && ::fgetpwent_r(file.get(), &account, line.data(), line.size(), &known) == 0)
        if (account.pw_gid == group) accounts.users.push_back(account.pw_uid);
    return accounts;
}

/// Whether nobody but root and oneself is in a group: root's own; the private one that bears one's name, which Debian
/// makes with each account; or one of one's own without a name, as containers give them.
inline bool isPrivateGroup(gid_t group) {
    if (group == 0) return true;
    if (!isInGroup(group)) return false;
    const GroupAccounts accounts = accountsOf(group);
    return (accounts.name.empty() || accounts.name == nameOfUser(::geteuid())) &&
           std::all_of(accounts.users.begin(), accounts.users.end(),
                       [](uid_t user) { return user == 0 || user == ::geteuid(); });
}

/// Whether a distribution lets a group write to folders that lead to others' without harm: nobody is in it, as in
/// Debian's staff (/usr/local), or it is Ubuntu's syslog (/var/log).
inline bool isGroupOfTheSystem(gid_t group) {
    const GroupAccounts accounts = accountsOf(group);
    return accounts.name == "syslog" || (!accounts.name.empty() && accounts.users.empty());
}

/// With an access list the rights of the group stand for those of everybody in the list. Not known without /proc.
inline bool hasAccessList(int descriptor) {
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    return ::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

/// The root of a volume in a pod of Kubernetes, which makes it writable for all: nobody else lives in the pod.
inline bool isVolumeOfPod(int descriptor, const struct stat& status) {
    struct statx more {};
    return status.st_uid == 0 && std::getenv("KUBERNETES_SERVICE_HOST") != nullptr &&
           ::statx(descriptor, "", AT_EMPTY_PATH, STATX_TYPE, &more) == 0 &&
           (more.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// A private group may write. One of the system's may write to a folder of root's on the way: it can take away or
/// exchange what stands there, which is trusted by itself.
inline bool mayGroupWrite(int descriptor, const struct stat& status, TrustRole role) {
    const bool leads = role == TrustRole::Way && S_ISDIR(status.st_mode) && status.st_uid == 0;
    return (isPrivateGroup(status.st_gid) || (leads && isGroupOfTheSystem(status.st_gid))) &&
           !hasAccessList(descriptor);
}

/// The whole rule: what belongs to root or to the effective user, and what nobody else may write to, is trusted. A link
/// has no rights of its own, and those of a device or a socket say nothing of who wrote to it: of these only the owner
/// counts.
inline Distrust distrustOf(int descriptor, const struct stat& status, TrustRole role) {
    const mode_t mode = status.st_mode;
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
        const std::string owner = nameOfUser(status.st_uid);
        const std::string quote = owner.starts_with('#') ? "'" : "";
        return {"belongs to another user (" + owner + ") and is refused; " +
                    (::geteuid() == 0 ? "work as that user (sudo -u " + quote + owner + quote + "), or " : ""),
                S_ISLNK(mode) ? "chown -h root" : "chown root"};
    }
    if (!S_ISREG(mode) && !S_ISDIR(mode) && !S_ISFIFO(mode)) return {};
    if (role == TrustRole::Secret && !S_ISDIR(mode) && (mode & (S_IROTH | S_IWOTH)) != 0)
        return {"the secret stands in a file that others may read; ", "chmod o-rwx"};
    const bool forOthers = (mode & S_IWOTH) != 0;
    const bool forGroup = (mode & S_IWGRP) != 0 && !mayGroupWrite(descriptor, status, role);
    const bool isSticky = S_ISDIR(mode) && (mode & S_ISVTX) != 0;
    if ((!forOthers && !forGroup) || (isSticky && role == TrustRole::Way) || isVolumeOfPod(descriptor, status))
        return {};
    return {std::string("may be written by others") + (forOthers ? "" : " of its group") + " and is refused; " +
                (isSticky ? "name a folder in it, or " : ""),
            "chmod go-w"};
}

}  // namespace carillon
