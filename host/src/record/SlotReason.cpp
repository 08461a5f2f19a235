#include "record/SlotReason.h"

namespace carillon {
namespace {

constexpr std::string_view kBy = "stopped by ";

}  // namespace

std::string textOf(const SlotReason& reason) {
    if (reason.skip == SkipReason::Other) return reason.detail;
    if (reason.skip == SkipReason::Stopped) return std::string(kBy) + reason.detail;
    std::string text(nameOf(reason.skip));
    return reason.detail.empty() ? text : text + " (" + reason.detail + ')';
}

SlotReason slotReasonOf(std::string_view text) {
    const SlotReason asItStands{SkipReason::Other, std::string(text)};
    if (text.starts_with(kBy)) return {SkipReason::Stopped, std::string(text.substr(kBy.size()))};
    const auto name = text.substr(0, text.find(" ("));
    const auto known = enumOf<SkipReason>(name);
    if (!known || *known == SkipReason::Other || *known == SkipReason::Stopped) return asItStands;
    if (name == text) return {*known, {}};
    const auto detail = text.substr(name.size() + 2);
    if (name.empty() || detail.size() < 2 || !detail.ends_with(')')) return asItStands;
    return {*known, std::string(detail.substr(0, detail.size() - 1))};
}

}  // namespace carillon
