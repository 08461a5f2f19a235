#include "pages/JobWords.h"

#include "calendar/CalendarWords.h"
#include "pages/PageRequest.h"
#include "schedule/ScheduleError.h"

#include <algorithm>
#include <map>
#include <utility>

namespace carillon {
namespace {

std::string withCapital(std::string words) {
    if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
        words.front() = static_cast<char>(words.front() - 'a' + 'A');
    else if (words.starts_with("à"))
        words.replace(0, 2, "À");
    return words;
}

}  // namespace

ShownState shownState(const JobState& job, const std::optional<RunRow>& last, bool isLate) {
    const bool atRest = job.phase == JobPhase::Idle || job.phase == JobPhase::Manual;
    if (atRest && last && last->outcome == Outcome::Failed) return ShownState::Failed;
    if (atRest && isLate) return ShownState::Late;
    constexpr auto isShown = [](std::string_view name) { return enumOf<ShownState>(name).has_value(); };
    static_assert(std::all_of(kEnumNames<JobPhase>.begin(), kEnumNames<JobPhase>.end(), isShown));
    return *enumOf<ShownState>(nameOf(job.phase));
}

Badge badgeOfState(const Texts& texts, const JobState& job, ShownState shown) {
    if (!job.stopping.empty()) return {texts.say("state.stopping"), "warn"};
    // Of each state, in their order.
    static constexpr std::array kColours{"bad", "bad", "bad", "busy", "busy", "warn", "warn", "good", "calm", "calm"};
    static_assert(kColours.size() == kEnumNames<ShownState>.size());
    return {texts.word("state", std::string(nameOf(shown))), kColours[static_cast<std::size_t>(shown)]};
}

std::string outcomeOf(const RunRow& run) {
    return run.outcome ? std::string(outcomeName(*run.outcome)) : "running";
}

Badge badgeOfRun(const Texts& texts, const RunRow& run) {
    const std::string outcome = outcomeOf(run);
    static const std::map<std::string, std::string> colours{
        {"succeeded", "good"}, {"nothing_to_do", "calm"}, {"failed", "bad"}, {"stopped", "warn"}, {"running", "busy"}};
    return {texts.say("outcome." + outcome), colours.at(outcome)};
}

Fields badgeFields(const Badge& badge) {
    Fields fields;
    fields.set("words", badge.words);
    fields.set("colour", badge.colour);
    return fields;
}

std::string scheduleWords(const Reader& reader, const JobRef& job) {
    const auto settings = job.settings();
    if (settings->schedule.empty()) return "";
    try {
        const std::string words = withCapital(scheduleInWords(settings->schedule, reader.texts.language()));
        return settings->timezone.empty() ? words : words + " (" + settings->timezone + ")";
    } catch (const ScheduleError&) {
        return settings->schedule;
    }
}

std::vector<std::string> scheduleOffWords(const Reader& reader, const JobRef& job) {
    const auto settings = job.settings();
    if (!settings->off || settings->schedule.empty()) return {};
    auto phrases = offInWords(*settings->off, reader.texts.language());
    for (auto& phrase : phrases) phrase = withCapital(std::move(phrase));
    return phrases;
}

std::string jobPath(const std::string& job) {
    return "/jobs/" + encodeUrl(job);
}

std::string runPath(const std::string& run) {
    return "/runs/" + encodeUrl(run);
}

}  // namespace carillon
