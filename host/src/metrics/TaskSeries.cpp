#include "metrics/TaskSeries.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::size_t kLongest = 64;

bool isWord(std::string_view text) {
    return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

}  // namespace

std::optional<TaskSeries> taskSeriesOf(std::string_view counter) {
    const auto dot = counter.find('.');
    const auto name = counter.substr(0, dot);
    const auto outcome = dot == std::string_view::npos ? std::string_view() : counter.substr(dot + 1);
    if (!isWord(name) || (dot != std::string_view::npos && !isWord(outcome))) return std::nullopt;
    return TaskSeries{"carillon_task_" + std::string(name), std::string(outcome), name.ends_with("_total")};
}

}  // namespace carillon
