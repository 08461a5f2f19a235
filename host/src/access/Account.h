#pragma once

#include "access/PasswordHash.h"
#include "access/Principal.h"
#include "base/ConfigSource.h"
#include "carillon/Clock.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// One entry of the file of users.
struct Account {
    std::string name{};
    PrincipalKind kind = PrincipalKind::Person;
    Role role = Role::Viewer;
    std::vector<JobPattern> jobs{};  ///< Empty: all.
    std::optional<bool> people{};    ///< May read what concerns people; nothing: as readsPeopleByDefault() says.
    TimePoint created{};
    PasswordHash password{};  ///< Of a person.
    std::string tokenHash{};  ///< Of a program: sha256Hex() of its token.

    Principal principal() const;
    bool readsPeople() const { return people.value_or(readsPeopleByDefault(kind, role)); }
};

/// Everybody there is. A name is there once among people and once among programs.
struct Accounts {
    std::vector<Account> all{};

    const Account* find(PrincipalKind kind, std::string_view name) const;
    /// The one there is, or a new one at the end.
    Account& at(PrincipalKind kind, const std::string& name);
    /// Returns whether there was one.
    bool remove(PrincipalKind kind, std::string_view name);
    std::size_t count(PrincipalKind kind) const;
};

/// Why nobody can be called so, as a sentence: expected 1 to 64 of a-z, A-Z, 0-9, '.', '-', '_' and '@'.
std::optional<Message> faultOfAccountName(std::string_view name);

/// How each token begins.
constexpr std::string_view kTokenPrefix = "carillon_";

/// Reads what formatAccounts() writes. Each fault names `file`, the place in it and what would be right; what is
/// returned is good only without any.
Accounts parseAccounts(std::string_view text, const std::string& file, std::vector<ConfigFault>& faults);

/// JSON, one account a line.
std::string formatAccounts(const Accounts& accounts);

}  // namespace carillon
