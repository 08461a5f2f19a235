#include "record/SlotReason.h"

namespace carillon {
namespace {

constexpr std::string_view kStoppedBy = "stopped by ";
constexpr std::string_view kPausedBy = "paused by ";

}  // namespace

std::string textOf(const SlotReason& reason) {
    if (reason.skip == SkipReason::Other) return reason.detail;
    if (reason.skip == SkipReason::Stopped) return std::string(kStoppedBy) + reason.detail;
    if (reason.skip == SkipReason::Paused && !reason.detail.empty()) return std::string(kPausedBy) + reason.detail;
    std::string text(nameOf(reason.skip));
    return reason.detail.empty() ? text : text + " (" + reason.detail + ')';
}

SlotReason slotReasonOf(std::string_view text) {
    const SlotReason asItStands{SkipReason::Other, std::string(text)};
    if (text.starts_with(kStoppedBy)) return {SkipReason::Stopped, std::string(text.substr(kStoppedBy.size()))};
    if (text.starts_with(kPausedBy) && text.size() > kPausedBy.size())
        return {SkipReason::Paused, std::string(text.substr(kPausedBy.size()))};
    const auto name = text.substr(0, text.find(" ("));
    const auto known = enumOf<SkipReason>(name);
    if (!known || *known == SkipReason::Other || *known == SkipReason::Stopped) return asItStands;
    if (name == text) return {*known, {}};
    if (*known == SkipReason::Paused) return asItStands;
    const auto detail = text.substr(name.size() + 2);
    if (name.empty() || detail.size() < 2 || !detail.ends_with(')')) return asItStands;
    return {*known, std::string(detail.substr(0, detail.size() - 1))};
}

}  // namespace carillon
