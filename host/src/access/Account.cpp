#include "access/Account.h"

#include "access/Secrets.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

auto isNamed(PrincipalKind kind, std::string_view name) {
    return [kind, name](const Account& account) { return account.kind == kind && account.name == name; };
}

}  // namespace

Principal Account::principal() const {
    std::string stamp = kind == PrincipalKind::Person ? password.salt + password.hash : tokenHash;
    stamp += roleName(role);
    for (const auto& pattern : jobs) stamp += ' ' + pattern.text();
    return {name, kind, role, jobs, sha256Hex(stamp)};
}

const Account* Accounts::find(PrincipalKind kind, std::string_view name) const {
    const auto found = std::find_if(all.begin(), all.end(), isNamed(kind, name));
    return found == all.end() ? nullptr : &*found;
}

Account& Accounts::at(PrincipalKind kind, const std::string& name) {
    const auto found = std::find_if(all.begin(), all.end(), isNamed(kind, name));
    if (found != all.end()) return *found;
    Account made;
    made.name = name;
    made.kind = kind;
    return all.emplace_back(std::move(made));
}

bool Accounts::remove(PrincipalKind kind, std::string_view name) {
    return std::erase_if(all, isNamed(kind, name)) > 0;
}

std::size_t Accounts::count(PrincipalKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [kind](const Account& account) { return account.kind == kind; }));
}

std::optional<std::string> faultOfAccountName(std::string_view name) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";
    if (!name.empty() && name.size() <= 64 && name.find_first_not_of(kAllowed) == std::string_view::npos)
        return std::nullopt;
    return "expected a name of 1 to 64 letters (a-z, A-Z), digits and . - _ @";
}

}  // namespace carillon
