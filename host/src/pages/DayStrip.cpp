#include "pages/DayStrip.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace carillon {
namespace {

constexpr std::int64_t kStretches = DayBook::kDay / JobDay::kStretch;
constexpr int kHeight = 20;

/// From where to where a mark reaches: its shape, for who cannot tell the colours.
struct Reach {
    int from = 0;
    int to = 0;
};
constexpr std::array<Reach, kSlotMarks> kReach{{{6, 18}, {6, 18}, {14, 18}, {10, 18}, {4, 12}, {0, 8}, {0, 20}}};

void append(std::string& text, std::int64_t number) {
    char digits[24];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

SlotMark worstOf(const MarkCounts& counts) {
    for (std::size_t i = kSlotMarks; i-- > 0;)
        if (counts[i] > 0) return static_cast<SlotMark>(i);
    return SlotMark::Ran;
}

/// Between the closest marks, so that those of a job that is seldom due are wide enough to be seen.
std::int64_t leastGap(const JobDay& day) {
    std::int64_t least = kStretches;
    for (std::size_t i = 1; i < day.stretches.size(); ++i)
        least = std::min(least, day.stretches[i].number - day.stretches[i - 1].number);
    return least;
}

using Paths = std::array<std::string, kSlotMarks>;

/// Lines: a page may hold a hundred thousand of them.
Paths pathsOf(const Reader& reader, const JobDay& day) {
    Paths paths;
    const std::int64_t first = reader.now.time_since_epoch() / JobDay::kStretch - kStretches + 1;
    for (const auto& [stretch, counts] : day.stretches) {
        if (stretch < first || stretch >= first + kStretches) continue;
        const auto mark = static_cast<std::size_t>(worstOf(counts));
        auto& path = paths[mark];
        path += 'M';
        append(path, stretch - first);
        path += ' ';
        append(path, kReach[mark].from);
        path += 'v';
        append(path, kReach[mark].to - kReach[mark].from);
    }
    return paths;
}

}  // namespace

std::string dayInWords(const Texts& texts, const JobDay& day) {
    MarkCounts sum{};
    for (const auto& [stretch, counts] : day.stretches)
        for (std::size_t i = 0; i < kSlotMarks; ++i) sum[i] += counts[i];
    std::string words;
    for (std::size_t i = 0; i < kSlotMarks; ++i)
        if (sum[i] > 0)
            words += (words.empty() ? "" : ", ") + texts.count(std::string("day.") + kSlotMarkNames[i], sum[i]);
    return words;
}

std::string dayStrip(const Reader& reader, const JobDay& day) {
    const std::string words = dayInWords(reader.texts, day);
    const std::string label = words.empty() ? reader.texts.say("strip.empty") : words;
    const auto paths = pathsOf(reader, day);
    std::string svg =
        "<svg class=\"strip\" viewBox=\"-1 0 290 20\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"";
    svg += escapeHtml(reader.texts.say("strip.label", {{"words", label}}));
    svg += "\"><path class=\"m-line\" d=\"M-1 19.5h290\"/>";
    const std::string width = " w" + std::to_string(std::clamp<std::int64_t>(leastGap(day) - 1, 1, 5));
    for (std::size_t i = 0; i < kSlotMarks; ++i) {
        if (paths[i].empty()) continue;
        svg += "<path class=\"m-";
        svg += kSlotMarkNames[i];
        svg += width;
        svg += "\" d=\"";
        svg += paths[i];
        svg += "\"/>";
    }
    return svg + "</svg>";
}

std::string markPicture(SlotMark mark) {
    const auto [from, to] = kReach[static_cast<std::size_t>(mark)];
    return "<svg class=\"mark\" viewBox=\"0 0 4 20\" aria-hidden=\"true\"><path class=\"m-" +
           std::string(kSlotMarkNames[static_cast<std::size_t>(mark)]) + " w4\" d=\"M2 " + std::to_string(from) + "v" +
           std::to_string(to - from) + "\"/></svg>";
}

std::string durationTrend(const Reader& reader, const JobDay& day) {
    const auto& lengths = day.durations;
    if (lengths.size() < 2) return "";
    const auto [least, most] = std::minmax_element(lengths.begin(), lengths.end());
    const std::string label = reader.texts.say("trend.label", {{"n", std::to_string(lengths.size())},
                                                               {"least", durationText(reader.texts, *least)},
                                                               {"most", durationText(reader.texts, *most)}});
    std::string points;
    const auto top = std::max<double>(1, static_cast<double>(most->count()));
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (i > 0) points += ' ';
        append(points, static_cast<std::int64_t>(i * 76 / (lengths.size() - 1)) + 2);
        points += ',';
        append(points, std::lround((kHeight - 2) - static_cast<double>(lengths[i].count()) / top * (kHeight - 4)));
    }
    return "<svg class=\"trend\" viewBox=\"0 0 80 20\" role=\"img\" aria-label=\"" + escapeHtml(label) +
           "\"><polyline points=\"" + points + "\"/></svg>";
}

}  // namespace carillon
