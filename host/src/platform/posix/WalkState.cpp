#include "posix/TrustedWalk.h"

#include <cerrno>
#include <filesystem>
#include <utility>

namespace carillon {
namespace {

constexpr int kMostLinks = 40;  // as many as the kernel follows

std::string quoted(std::string name) {
    for (auto at = name.find('\''); at != std::string::npos; at = name.find('\'', at + 4)) name.replace(at, 1, "'\\''");
    return "'" + name + "'";
}

}  // namespace

WalkState::WalkState(const std::string& path) {
    std::error_code ignored;  // of a folder that is gone: nothing is in it
    _given = std::filesystem::absolute(path, ignored).string();
    push(_given);
}

std::string WalkState::takeName() {
    std::string name = std::exchange(_rest.back(), {});
    _rest.pop_back();
    return name;
}

void WalkState::push(std::string_view path) {
    while (!path.empty()) {
        const auto slash = path.rfind('/');
        const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
        if (!name.empty() && name != ".") _rest.emplace_back(name);
        path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
}

bool WalkState::countLink() {
    return ++_links <= kMostLinks || fail(ELOOP);
}

bool WalkState::judge(const std::string& path, TrustRole role, const struct stat& status, const FileExtras& extras) {
    const Distrust distrust = distrustOf(status, extras, role);
    if (distrust.fault.empty()) return true;
    const bool isGiven = path == _given || role == TrustRole::Secret;
    const auto relation = isGiven                   ? TrustRelation::Itself
                          : S_ISLNK(status.st_mode) ? TrustRelation::Link
                          : role == TrustRole::Way  ? TrustRelation::Way
                                                    : TrustRelation::Target;
    _refusal = refusalOf(distrust, relation, path, distrust.command + " " + quoted(path));
    return fail(EACCES);
}

bool WalkState::fail(int error) {
    _error = {error, std::generic_category()};
    return false;
}

}  // namespace carillon
