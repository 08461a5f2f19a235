#pragma once

#include "carillon/Message.h"
#include "config/JobName.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What somebody may do; each may what those before it may. Stored by name.
enum class Role {
    Viewer,    ///< Look at jobs, runs and logs.
    Operator,  ///< Run, stop, pause and resume them as well.
};

std::string_view roleName(Role role);
std::optional<Role> parseRole(std::string_view name);

/// Who asks: a person who signs in with a password, or a program that shows a token.
enum class PrincipalKind { Person, Program };

std::string_view kindName(PrincipalKind kind);

/// Whether somebody may read what concerns people in items (names, answers, comments) unless their account says
/// otherwise: a person who operates; a program only where somebody says so.
inline bool readsPeopleByDefault(PrincipalKind kind, Role role) {
    return kind == PrincipalKind::Person && role == Role::Operator;
}

/// Somebody who has shown who they are, and what they may do.
struct Principal {
    std::string name{};
    PrincipalKind kind = PrincipalKind::Person;
    Role role = Role::Viewer;
    std::vector<JobPattern> jobs{};  ///< Empty: all.
    std::string stamp{};             ///< Another one once anything about them has changed, the password included.
    bool people = false;             ///< Whether they may read what concerns people.

    /// `job`: JOB or JOB@instance.
    bool mayView(const std::string& job) const;
    bool mayReadPeople(const std::string& job) const { return people && mayView(job); }
    bool mayOperate(const std::string& job) const { return role == Role::Operator && mayView(job); }
};

/// Whether a text can be a pattern of jobs at all: what is wrong with it, or nothing.
std::optional<Message> faultOfJobPattern(std::string_view text);

}  // namespace carillon
