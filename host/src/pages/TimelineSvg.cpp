#include "pages/TimelineSvg.h"

#include "pages/JobWords.h"
#include "pages/PageRequest.h"
#include "schedule/LocalTime.h"

#include <algorithm>
#include <map>
#include <set>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// Narrower bars could not be seen, nor be pointed at.
constexpr std::int64_t kNarrowest = 4;
constexpr auto kBetweenHours = 3h;

constexpr const char* kBackToFront[] = {"nothing_to_do", "succeeded", "running", "stopped", "failed"};

std::string outcomeWord(const RunFigure& run) {
    return run.outcome ? std::string(outcomeName(*run.outcome)) : "running";
}

/// What goes on is shown up to now.
TimePoint endOf(const Reader& reader, const RunFigure& run) {
    return run.finishedAt.value_or(std::max(reader.now, run.startedAt));
}

}  // namespace

TimelineSvg::TimelineSvg(const Reader& reader, const LocalDay& day, Grain grain)
    : _reader(reader), _day(day), _minutes((day.until - day.from) / 1min), _grain(grain) {
    _frame = "<svg class=\"strip lane\" viewBox=\"0 0 " + std::to_string(_minutes) +
             " 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"m-hour\" d=\"";
    for (auto at = day.from + kBetweenHours; at < day.until; at += kBetweenHours)
        _frame += 'M' + std::to_string(minuteOf(at)) + " 0v20";
    _frame += "\"/>";
    if (reader.now >= day.from && reader.now < day.until)
        _frame += "<path class=\"m-now\" d=\"M" + std::to_string(minuteOf(reader.now)) + " 0v20\"/>";
}

std::int64_t TimelineSvg::minuteOf(TimePoint at) const {
    return std::clamp<std::int64_t>((at - _day.from) / 1min, 0, _minutes);
}

std::string TimelineSvg::clockOf(TimePoint at) const {
    return toLocalRfc3339(at, *_reader.zone).substr(11, 5);
}

std::string TimelineSvg::axis() const {
    std::string svg = "<svg class=\"axis\" aria-hidden=\"true\">";
    for (auto at = _day.from + kBetweenHours; at < _day.until; at += kBetweenHours)
        svg += "<text y=\"11\" x=\"" + std::to_string(minuteOf(at) * 100 / _minutes) + "%\" text-anchor=\"middle\">" +
               escapeHtml(_reader.texts.say("axis.hour", {{"hour", clockOf(at).substr(0, 2)}})) + "</text>";
    return svg + "</svg>";
}

std::string TimelineSvg::barOf(const RunFigure& run) const {
    const std::int64_t width = std::max(kNarrowest, minuteOf(endOf(_reader, run)) - minuteOf(run.startedAt));
    const std::int64_t from = std::min(minuteOf(run.startedAt), _minutes - kNarrowest);
    const std::string length = std::to_string(width);
    return 'M' + std::to_string(from) + " 3h" + length + "v14h-" + length + 'z';
}

/// Of what is clipped both ends are told in full.
std::string TimelineSvg::titleOf(const RunFigure& run) const {
    const Texts& texts = _reader.texts;
    const TimePoint end = endOf(_reader, run);
    const auto full = [this](TimePoint at) { return timeText(_reader, at, TimeForm::Full); };
    std::string title = clockOf(run.startedAt);
    if (run.startedAt < _day.from) title = texts.say("timeline.begun", {{"at", full(run.startedAt)}});
    if (run.finishedAt && end > _day.until) title += ", " + texts.say("timeline.ended", {{"at", full(end)}});
    return title + ", " + durationText(texts, end - run.startedAt) + ", " + texts.say("outcome." + outcomeWord(run));
}

/// The oldest first, so that what came later is in front.
void TimelineSvg::addRuns(std::string& svg, const TimelineLane& lane) const {
    if (_grain == Grain::Run) {
        for (auto run = lane.runs.rbegin(); run != lane.runs.rend(); ++run)
            svg += "<a href=\"" + escapeHtml(runPath(run->id)) + "\" tabindex=\"-1\"><title>" +
                   escapeHtml(titleOf(*run)) + "</title><path class=\"b-" + outcomeWord(*run) + "\" d=\"" +
                   barOf(*run) + "\"/></a>";
        return;
    }
    if (lane.runs.empty()) return;
    // Bars that lie on each other are one; what failed is in front.
    std::map<std::string, std::set<std::string>> bars;
    for (const auto& run : lane.runs) bars[outcomeWord(run)].insert(barOf(run));
    const std::string day = _day.text();
    svg += "<a href=\"" + escapeHtml(jobPath(lane.job)) + "?since=" + day + "&amp;until=" + day +
           "#history\" tabindex=\"-1\"><title>" + escapeHtml(laneInWords(_reader.texts, lane)) + "</title>";
    for (const char* outcome : kBackToFront) {
        const auto found = bars.find(outcome);
        if (found == bars.end()) continue;
        svg += std::string("<path class=\"b-") + outcome + "\" d=\"";
        for (const auto& bar : found->second) svg += bar;
        svg += "\"/>";
    }
    svg += "</a>";
}

void TimelineSvg::addMark(std::string& svg, const std::string& path, TimePoint at, const std::string& words,
                          const std::string& colour) const {
    svg += "<a href=\"" + escapeHtml(path) + "\" tabindex=\"-1\"><title>" + clockOf(at) + ", " + escapeHtml(words) +
           "</title><path class=\"b-" + colour + "\" d=\"M" + std::to_string(minuteOf(at)) + " 1l3 5h-6z\"/></a>";
}

std::string TimelineSvg::lane(const TimelineLane& lane) const {
    const std::string words = laneInWords(_reader.texts, lane);
    std::string svg = "<span class=\"sr\">" + escapeHtml(words.empty() ? _reader.texts.say("strip.empty") : words) +
                      "</span>" + _frame;
    addRuns(svg, lane);
    for (const auto& slot : lane.slots) {
        std::string at = toLocalRfc3339(slot.at, *_reader.zone).substr(0, 19);
        at[10] = ' ';
        const std::string ending(nameOf(slot.ending));
        addMark(svg, jobPath(lane.job) + "/why?at=" + encodeUrl(at), slot.at, _reader.texts.word("mark", ending),
                ending);
    }
    for (const auto& at : lane.planned)
        addMark(svg, jobPath(lane.job), at, _reader.texts.say("timeline.planned"), "planned");
    return svg + "</svg>";
}

std::string laneInWords(const Texts& texts, const TimelineLane& lane) {
    std::map<std::string, std::int64_t> counts;
    for (const auto& run : lane.runs) ++counts[outcomeWord(run)];
    std::int64_t missed = 0;
    for (const auto& slot : lane.slots) missed += slot.ending == SlotEnding::Missed;
    std::string words;
    const auto add = [&words](const std::string& phrase) { words += (words.empty() ? "" : ", ") + phrase; };
    for (const auto& [outcome, count] : counts) add(texts.count("count." + outcome, count));
    if (missed > 0) add(texts.count("day.missed", missed));
    if (!lane.planned.empty()) add(texts.count("timeline.ahead", static_cast<std::int64_t>(lane.planned.size())));
    return words;
}

}  // namespace carillon
