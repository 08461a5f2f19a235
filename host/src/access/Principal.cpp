#include "access/Principal.h"

#include "words/HostTexts.h"

#include <algorithm>

namespace carillon {

std::string_view roleName(Role role) {
    return role == Role::Operator ? "operator" : "viewer";
}

std::optional<Role> parseRole(std::string_view name) {
    for (const auto role : {Role::Viewer, Role::Operator})
        if (roleName(role) == name) return role;
    return std::nullopt;
}

std::string_view kindName(PrincipalKind kind) {
    return kind == PrincipalKind::Person ? "person" : "program";
}

bool Principal::mayView(const std::string& job) const {
    const auto takes = [&job](const JobPattern& pattern) {
        return pattern.namesInstances() ? pattern.takesJob(job) : pattern.takesFile(std::string(fileOfJob(job)));
    };
    return jobs.empty() || std::any_of(jobs.begin(), jobs.end(), takes);
}

std::optional<Message> faultOfJobPattern(std::string_view text) {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-_.@*?[]!";
    if (!text.empty() && text.size() <= 2 * kLongestJobName &&
        text.find_first_not_of(kAllowed) == std::string_view::npos)
        return std::nullopt;
    return sayHost("account.pattern");
}

}  // namespace carillon
