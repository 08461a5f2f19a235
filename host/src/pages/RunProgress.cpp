#include "pages/RunProgress.h"

#include <algorithm>
#include <vector>

namespace carillon {

std::optional<std::chrono::microseconds> usualLength(const JobDay& day) {
    if (day.durations.empty()) return std::nullopt;
    std::vector<std::chrono::microseconds> lengths(day.durations.begin(), day.durations.end());
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    return *middle;
}

RunProgress progressOf(const Reader& reader, TimePoint startedAt,
                       const std::optional<std::chrono::microseconds>& usual) {
    const auto elapsed = std::max(reader.now - startedAt, std::chrono::microseconds(0));
    const std::string words = spanText(reader.texts, elapsed);
    if (!usual || usual->count() <= 0) return {{}, words};
    const auto percent = static_cast<int>(std::min<std::int64_t>(99, elapsed * 100 / *usual));
    return {percent,
            reader.texts.say("progress.usual", {{"elapsed", words}, {"usual", spanText(reader.texts, *usual)}})};
}

void setProgress(Fields& fields, const std::optional<RunProgress>& progress) {
    fields.set("hasProgress", asFlag(progress.has_value()));
    fields.set("progress", progress ? progress->words : "");
    fields.set("hasPercent", asFlag(progress && progress->percent));
    fields.set("percent", progress && progress->percent ? std::to_string(*progress->percent) : "");
}

}  // namespace carillon
