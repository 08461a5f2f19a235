#include "posix/FileTrust.h"

#include "platform/User.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

namespace carillon {
namespace {

constexpr uid_t kUnknownUser = static_cast<uid_t>(-1);

/// Whether the process has the rights of a group.
bool isInGroup(gid_t group) {
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

/// A number of a line of /etc/passwd, whose fields colons part.
bool readField(std::string_view line, int field, uid_t& number) {
    for (; field > 0; --field) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        line.remove_prefix(colon + 1);
    }
    line = line.substr(0, line.find(':'));
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    return error == std::errc() && stop == line.data() + line.size();
}

void addFirstMembers(gid_t group, std::vector<uid_t>& users) {
    constexpr int kUser = 2;
    constexpr int kGroup = 3;
    // No program that a thread starts meanwhile gets it: a stream has no such choice.
    const std::unique_ptr<FILE, void (*)(FILE*)> file(std::fopen("/etc/passwd", "re"), [](FILE* opened) {
        if (opened != nullptr) std::fclose(opened);
    });
    std::array<char, 4096> text{};
    while (file && std::fgets(text.data(), text.size(), file.get()) != nullptr) {
        const std::string_view line(text.data());
        uid_t user = 0;
        uid_t first = 0;
        if (readField(line, kUser, user) && readField(line, kGroup, first) && first == group) users.push_back(user);
    }
}

GroupAccounts accountsOf(gid_t group) {
    GroupAccounts accounts;
    std::vector<char> text(64 << 10);
    struct group entry {};
    struct group* found = nullptr;
    struct passwd account {};
    struct passwd* known = nullptr;
    std::array<char, 4096> line{};
    const int error = ::getgrgid_r(group, &entry, text.data(), text.size(), &found);
    if (error != 0 && error != ENOENT) accounts.users.push_back(kUnknownUser);  // too many, or nobody answers
    if (found != nullptr) accounts.name = entry.gr_name;
    for (char** member = found != nullptr ? entry.gr_mem : nullptr; member != nullptr && *member != nullptr; ++member) {
        ::getpwnam_r(*member, &account, line.data(), line.size(), &known);
        accounts.users.push_back(known != nullptr ? account.pw_uid : kUnknownUser);
    }
    addFirstMembers(group, accounts.users);
    return accounts;
}

/// Whether nobody but root and oneself is in a group: root's own; the private one that bears one's name, which Debian
/// makes with each account; or one of one's own without a name, as containers give them.
bool isPrivateGroup(gid_t group) {
    if (group == 0) return true;
    if (!isInGroup(group)) return false;
    const GroupAccounts accounts = accountsOf(group);
    return (accounts.name.empty() || accounts.name == User{::geteuid()}.name()) &&
           std::all_of(accounts.users.begin(), accounts.users.end(),
                       [](uid_t user) { return user == 0 || user == ::geteuid(); });
}

/// Whether a distribution lets a group write to folders that lead to others' without harm: nobody is in it, as in
/// Debian's staff (/usr/local), or it is Ubuntu's syslog (/var/log).
bool isGroupOfTheSystem(gid_t group) {
    const GroupAccounts accounts = accountsOf(group);
    return accounts.name == "syslog" || (!accounts.name.empty() && accounts.users.empty());
}

/// A private group may write. One of the system's may write to a folder of root's on the way: it can take away or
/// exchange what stands there, which is trusted by itself.
bool mayGroupWrite(const struct stat& status, const FileExtras& extras, TrustRole role) {
    const bool leads = role == TrustRole::Way && S_ISDIR(status.st_mode) && status.st_uid == 0;
    return (isPrivateGroup(status.st_gid) || (leads && isGroupOfTheSystem(status.st_gid))) && !extras.hasAccessList();
}

Distrust distrustOfOwner(const struct stat& status) {
    const std::string owner = User{status.st_uid}.name();
    const std::string quote = owner.starts_with('#') ? "'" : "";
    const std::string sudo = "sudo -u " + quote + owner + quote;
    return {trustSays("host.trust.owner", "belongs to another user (" + owner + ") and is refused", {{"owner", owner}}),
            ::geteuid() == 0 ? trustSays("host.trust.sudo", "work as that user (" + sudo + ")", {{"sudo", sudo}})
                             : Message(),
            S_ISLNK(status.st_mode) ? "chown -h root" : "chown root"};
}

}  // namespace

Distrust distrustOf(const struct stat& status, const FileExtras& extras, TrustRole role) {
    const mode_t mode = status.st_mode;
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) return distrustOfOwner(status);
    if (!S_ISREG(mode) && !S_ISDIR(mode) && !S_ISFIFO(mode)) return {};
    if (role == TrustRole::Secret && !S_ISDIR(mode) && (mode & (S_IROTH | S_IWOTH)) != 0)
        return {trustSays("host.trust.secret", "the secret stands in a file that others may read"), {}, "chmod o-rwx"};
    const bool forOthers = (mode & S_IWOTH) != 0;
    const bool forGroup = (mode & S_IWGRP) != 0 && !mayGroupWrite(status, extras, role);
    const bool isSticky = S_ISDIR(mode) && (mode & S_ISVTX) != 0;
    if ((!forOthers && !forGroup) || (isSticky && role == TrustRole::Way) || extras.isVolumeOfPod()) return {};
    return {forOthers ? trustSays("host.trust.others", "may be written by others and is refused")
                      : trustSays("host.trust.group", "may be written by others of its group and is refused"),
            isSticky ? trustSays("host.trust.sticky", "name a folder in it") : Message(), "chmod go-w"};
}

}  // namespace carillon
