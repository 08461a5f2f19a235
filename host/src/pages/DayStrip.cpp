#include "pages/DayStrip.h"

#include "pages/PageRequest.h"
#include "schedule/LocalTime.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace carillon {
namespace {

constexpr std::int64_t kStretches = DayBook::kDay / JobDay::kStretch;
constexpr int kHeight = 20;

/// From where to where a mark reaches: its shape, for who cannot tell the colours.
struct Reach {
    int from = 0;
    int to = 0;
};
constexpr std::array<Reach, kSlotMarks> kReach{
    {{11, 18}, {6, 18}, {6, 18}, {14, 18}, {10, 18}, {4, 12}, {0, 8}, {0, 20}}};
constexpr std::int64_t kStretchesOfAnHour = std::chrono::hours(1) / JobDay::kStretch;
/// Hours of the day that the axis names.
constexpr int kNamedHours = 6;

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
Paths pathsOf(std::int64_t first, const JobDay& day) {
    Paths paths;
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

/// `18:00`: one of the hours that the axis names.
bool isNamed(const std::string& clock) {
    return clock.ends_with(":00") && std::atoi(clock.c_str()) % kNamedHours == 0;
}

std::string inWords(const Texts& texts, const MarkCounts& counts) {
    std::string words;
    for (std::size_t i = 0; i < kSlotMarks; ++i)
        if (counts[i] > 0)
            words += (words.empty() ? "" : ", ") + texts.count(std::string("day.") + kSlotMarkNames[i], counts[i]);
    return words;
}

}  // namespace

std::string dayInWords(const Texts& texts, const JobDay& day) {
    MarkCounts sum{};
    for (const auto& [stretch, counts] : day.stretches)
        for (std::size_t i = 0; i < kSlotMarks; ++i) sum[i] += counts[i];
    return inWords(texts, sum);
}

DayStrips::DayStrips(const Reader& reader, Grain grain)
    : _reader(reader), _grain(grain), _first(reader.now.time_since_epoch() / JobDay::kStretch - kStretches + 1) {
    for (std::int64_t i = 0; i <= kStretches; ++i) {
        const TimePoint at(JobDay::kStretch * (_first + i));
        _clocks.push_back(toLocalRfc3339(at, *reader.zone).substr(11, 5));
        if (!isNamed(_clocks.back())) continue;
        _lines += 'M';
        append(_lines, i);
        _lines += " 0v20";
    }
}

std::string DayStrips::axis() const {
    std::string svg = "<svg class=\"axis\" aria-hidden=\"true\">";
    for (std::int64_t i = 0; i <= kStretches; ++i) {
        if (!isNamed(clockOf(i))) continue;
        const std::int64_t thousandths = (i + 1) * 1000 / (kStretches + 2);
        if (thousandths < 50 || thousandths > 950) continue;  // it would reach into the next one, or out of the strip
        svg += "<text y=\"11\" x=\"" + std::to_string(thousandths / 10) + '.' + std::to_string(thousandths % 10) +
               "%\" text-anchor=\"middle\">" +
               escapeHtml(_reader.texts.say("axis.hour", {{"hour", clockOf(i).substr(0, 2)}})) + "</text>";
    }
    return svg + "</svg>";
}

const std::string& DayStrips::wordsOf(std::size_t mark, std::uint32_t count) {
    auto& known = _words[mark];
    while (known.size() <= count)
        known.push_back(escapeHtml(
            _reader.texts.count(std::string("day.") + kSlotMarkNames[mark], static_cast<std::int64_t>(known.size()))));
    return known[count];
}

void DayStrips::addWords(std::string& text, const MarkCounts& counts) {
    const char* before = "";
    for (std::size_t i = 0; i < kSlotMarks; ++i) {
        if (counts[i] == 0) continue;
        text += before;
        text += wordsOf(i, counts[i]);
        before = ", ";
    }
}

void DayStrips::addLink(std::string& svg, const Link& link, const std::string& path, std::int64_t gap) {
    const bool isOne = link.count == 1;
    const std::int64_t from = std::max<std::int64_t>(0, link.from - _first);
    const std::int64_t to = std::min<std::int64_t>(kStretches, link.from - _first + link.count);
    svg += path;
    append(svg, link.from);
    if (!isOne) svg += '-';
    if (!isOne) append(svg, link.count);
    svg += "\" tabindex=\"-1\"><title>";
    svg += clockOf(from);
    if (!isOne) svg += "\u2013";
    if (!isOne) svg += clockOf(to);
    svg += _reader.texts.say("why.colon");
    svg += ' ';
    addWords(svg, link.counts);
    svg += "</title><path d=\"M";
    append(svg, isOne ? from - gap / 2 : from);
    svg += " 0h";
    append(svg, isOne ? gap : to - from);
    svg += "v20h-";
    append(svg, isOne ? gap : to - from);
    svg += "z\"/></a>";
}

void DayStrips::addLinks(std::string& svg, const JobDay& day, const std::string& job, std::int64_t gap) {
    const std::string path = "<a href=\"/jobs/" + encodeUrl(job) + "/at/";
    const std::int64_t width = _grain == Grain::Mark ? 1 : kStretchesOfAnHour;
    Link link;
    bool isOpen = false;
    for (const auto& [stretch, counts] : day.stretches) {
        if (stretch < _first || stretch >= _first + kStretches) continue;
        const std::int64_t from = stretch / width * width;
        if (isOpen && from != link.from) addLink(svg, link, path, gap);
        if (!isOpen || from != link.from) link = {from, width, {}};
        isOpen = true;
        for (std::size_t i = 0; i < kSlotMarks; ++i) link.counts[i] += counts[i];
    }
    if (isOpen) addLink(svg, link, path, gap);
}

std::string DayStrips::strip(const JobDay& day, const std::string& job) {
    const std::string words = dayInWords(_reader.texts, day);
    const std::string label = words.empty() ? _reader.texts.say("strip.empty") : words;
    const auto paths = pathsOf(_first, day);
    const std::int64_t gap = leastGap(day);
    std::string svg = "<span class=\"sr\">" + escapeHtml(_reader.texts.say("strip.label", {{"words", label}})) +
                      "</span><svg class=\"strip\" viewBox=\"-1 0 290 20\" preserveAspectRatio=\"none\" "
                      "aria-hidden=\"true\"><path class=\"m-hour\" d=\"" +
                      _lines + "\"/><path class=\"m-line\" d=\"M-1 19.5h290\"/>";
    const std::string width = " w" + std::to_string(std::clamp<std::int64_t>(gap - 1, 1, 5));
    for (std::size_t i = 0; i < kSlotMarks; ++i) {
        if (paths[i].empty()) continue;
        svg += "<path class=\"m-";
        svg += kSlotMarkNames[i];
        svg += width;
        svg += "\" d=\"";
        svg += paths[i];
        svg += "\"/>";
    }
    addLinks(svg, day, job, std::clamp<std::int64_t>(gap, 1, kStretchesOfAnHour));
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
