#include "record/Activity.h"

#include "base/BoundedText.h"

#include <tuple>

namespace carillon {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestAddress = 45;
constexpr std::size_t kLongestText = 400;

void bound(Message& message) {
    message.text = boundedText(message.text, kLongestText);
    for (auto& [name, value] : message.values) bound(value);
}

}  // namespace

std::string textOf(const Actor& actor) {
    if (actor.kind == ActorKind::Host) return "the host";
    if (actor.name.empty()) return "nobody known";
    return actor.behind.empty() ? actor.name : actor.name + " (sudo: " + actor.behind + ')';
}

Activity bounded(Activity activity) {
    for (std::string* name : {&activity.actor.name, &activity.actor.behind, &activity.job, &activity.subject})
        *name = boundedText(*name, kLongestName);
    activity.actor.address = boundedText(activity.actor.address, kLongestAddress);
    bound(activity.note);
    bound(activity.reason);
    return activity;
}

bool isSameRefusal(const Activity& one, const Activity& other) {
    const auto whatOf = [](const Activity& activity) {
        const auto& [kind, name, behind, via, address] = activity.actor;
        return std::tie(kind, name, behind, via, address, activity.what, activity.job, activity.subject);
    };
    return one.isRefused() && other.isRefused() && whatOf(one) == whatOf(other);
}

}  // namespace carillon
