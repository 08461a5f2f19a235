#include "pages/StoryWords.h"

#include "record/ReasonWords.h"

#include <algorithm>

namespace carillon {
namespace {

std::string at(const Reader& reader, TimePoint time) {
    return timeText(reader, time, TimeForm::Full);
}

Badge endingOf(const Texts& texts, const SlotStory& story) {
    if (story.slot.ending == SlotEnding::Ran && !story.attempts.empty())
        return badgeOfRun(texts, story.attempts.back());
    const std::string name(nameOf(story.slot.ending));
    const bool isMissed = story.slot.ending == SlotEnding::Missed;
    return {texts.word("mark", name), isMissed ? "bad" : story.slot.ending == SlotEnding::Skipped ? "warn" : "calm"};
}

class Teller {
public:
    Teller(const Reader& reader, const SlotStory& story) : _reader(reader), _story(story) {}

    std::vector<StorySentence> tell() {
        const SlotRow& slot = _story.slot;
        if (slot.ending == SlotEnding::Ran) {
            tellAttempts();
        } else {
            tellTrigger(slot.trigger);
            if (slot.ending == SlotEnding::Merged) say(_reader.texts.say("why.merged"), slot.run);
            tellReason();
            if (_story.other) tellOther(*_story.other);
            if (!_story.attempts.empty()) tellAttempts();
        }
        if (_story.isLate()) tellQuiet();
        return std::move(_told);
    }

private:
    void say(std::string text, std::string run = {}) { _told.push_back({std::move(text), std::move(run)}); }

    /// Where it was not the schedule that asked for it.
    void tellTrigger(Trigger trigger) {
        if (trigger != Trigger::Cli && trigger != Trigger::Api && trigger != Trigger::Web) return;
        say(_reader.texts.say("why.asked", {{"trigger", _reader.texts.word("trigger", std::string(nameOf(trigger)))}}));
    }

    void tellAttempts() {
        const Texts& texts = _reader.texts;
        if (_story.attempts.empty()) return say(texts.say("why.forgotten"));
        tellTrigger(_story.attempts.front().trigger);
        for (const auto& run : _story.attempts) {
            say(attemptText(run), run.id);
            const Message message = messageOf(run);
            if (!message.empty()) _told.push_back({inWords(_reader, message), {}, true, languageOf(_reader, message)});
        }
    }

    std::string attemptText(const RunRow& run) const {
        const Texts& texts = _reader.texts;
        const std::string number = std::to_string(run.attempt);
        const std::string began = at(_reader, run.startedAt);
        const std::string late =
            durationText(texts, std::max(run.startedAt - _story.slot.slotAt, std::chrono::microseconds(0)));
        const bool isBackfill = run.trigger == Trigger::Backfill;
        if (!run.finishedAt)
            return isBackfill ? texts.say("why.backfillgoeson", {{"began", began}})
                              : texts.say("why.goeson", {{"n", number}, {"late", late}});
        const std::string took = durationText(texts, *run.finishedAt - run.startedAt);
        const std::string outcome = badgeOfRun(texts, run).words;
        return isBackfill
                   ? texts.say("why.backfilled", {{"began", began}, {"took", took}, {"outcome", outcome}})
                   : texts.say("why.attempt", {{"n", number}, {"late", late}, {"took", took}, {"outcome", outcome}});
    }

    void tellReason() {
        const SlotReason& reason = _story.slot.reason;
        const Texts& texts = _reader.texts;
        if (reason.skip == SkipReason::None) return;
        if (reason.skip == SkipReason::Other) {
            _told.push_back({reason.detail, {}, true, "en"});
            return;
        }
        const std::string detail = inWords(_reader, saySlotDetail(reason));
        if (reason.skip == SkipReason::Paused && !detail.empty())
            return say(texts.say("why.pausedby", {{"detail", detail}}));
        const std::string key = "why.skip." + std::string(nameOf(reason.skip));
        const std::string plain = texts.say(key);
        say(texts.say(key, {{"detail", detail}}));
        const bool isSaid = plain.find("{detail}") != std::string::npos;
        if (!isSaid && !detail.empty()) say(texts.say("why.cause", {{"detail", detail}}));
    }

    void tellOther(const RunRow& run) {
        const Texts& texts = _reader.texts;
        const std::string began = at(_reader, run.startedAt);
        if (!run.finishedAt)
            say(texts.say("why.othergoeson", {{"began", began}}), run.id);
        else
            say(texts.say("why.other", {{"began", began},
                                        {"ended", at(_reader, *run.finishedAt)},
                                        {"outcome", badgeOfRun(texts, run).words}}),
                run.id);
    }

    void tellQuiet() {
        const std::string until = at(_reader, _story.quietUntil);
        if (_story.quietSince == TimePoint{})
            say(_reader.texts.say("why.firsttrace", {{"until", until}}));
        else
            say(_reader.texts.say("why.quiet", {{"since", at(_reader, _story.quietSince)}, {"until", until}}));
    }

    const Reader& _reader;
    const SlotStory& _story;
    std::vector<StorySentence> _told{};
};

}  // namespace

SlotWords wordsOf(const Reader& reader, const SlotStory& story) {
    return {endingOf(reader.texts, story), Teller(reader, story).tell()};
}

std::vector<SlotGroup> groupsOf(const Reader& reader, const DueStory& story) {
    std::vector<SlotGroup> groups;
    for (const auto& slot : story.slots) {
        SlotWords words = wordsOf(reader, slot);
        const TimePoint at = slot.slot.slotAt;
        if (!groups.empty() && groups.back().words == words) {
            groups.back().last = at;
            ++groups.back().count;
        } else {
            groups.push_back({at, at, 1, std::move(words)});
        }
    }
    return groups;
}

StoryOfJob jobOfStory(const std::optional<JobRef>& job, const TypedTime& asked) {
    if (!job || job->isFaulty()) return {};
    StoryOfJob told{job->enabled(), 0};
    const auto settings = job->settings();
    if (settings->schedule.empty()) return told;
    const auto slots = timetableOf(*settings, settings->schedule, job->name());
    for (auto at = slots->nextFiring(asked.from - std::chrono::microseconds(1));
         at && *at < asked.until && told.bySchedule < kMostCounted; at = slots->nextFiring(*at))
        ++told.bySchedule;
    return told;
}

std::vector<std::string> summaryOf(const Reader& reader, const DueStory& story, const TypedTime& asked,
                                   const StoryOfJob& job) {
    const Texts& texts = reader.texts;
    const std::string from = at(reader, asked.from);
    const std::string until = at(reader, asked.until);
    const std::string zone = reader.zone->name();
    std::vector<std::string> said;
    if (story.due > 1)
        said.push_back(
            texts.count("why.due", story.due,
                        {{"from", from}, {"until", until}, {"zone", zone}, {"ran", numberText(texts, story.ran)}}));
    if (story.due > static_cast<std::int64_t>(story.slots.size()))
        said.push_back(texts.count("why.left", static_cast<std::int64_t>(story.slots.size())));
    const bool waits = story.undecided && *story.undecided < std::min(asked.until, reader.now);
    if (waits) said.push_back(texts.say("why.undecided", {{"at", at(reader, *story.undecided)}}));
    if (story.due > 0 || waits) return said;
    if (asked.from > reader.now)
        said.push_back(texts.say("why.future"));
    else if (job.bySchedule > 0)
        said.push_back(texts.count("why.unknown", job.bySchedule, {{"from", from}, {"until", until}, {"zone", zone}}));
    else
        said.push_back(texts.say("why.none", {{"from", from}, {"until", until}, {"zone", zone}}));
    return said;
}

namespace {

void tellPause(const Reader& reader, const Pause& pause, std::vector<std::string>& said) {
    const Texts& texts = reader.texts;
    said.push_back(pause.by.empty()
                       ? texts.say("why.paused")
                       : texts.say("why.pausednow", {{"by", pause.by}, {"since", at(reader, pause.since)}}));
    if (!pause.note.empty()) said.push_back(texts.say("why.quoted", {{"text", pause.note}}));
    if (pause.until) said.push_back(texts.say("why.pauseends", {{"until", at(reader, *pause.until)}}));
}

}  // namespace

std::vector<std::string> neighboursOf(const Reader& reader, const DueStory& story, const StoryOfJob& job) {
    const Texts& texts = reader.texts;
    std::vector<std::string> said;
    const auto tell = [&](const char* key, const SlotRow& slot) {
        const auto ending = texts.word("mark", std::string(nameOf(slot.ending)));
        said.push_back(texts.word("why", key) + ' ' + at(reader, slot.slotAt) + ", " + ending);
    };
    if (story.before)
        tell("before", *story.before);
    else
        said.push_back(texts.say(story.due > 0 || story.after ? "why.begins" : "why.empty"));
    const bool hasNext = story.undecided && *story.undecided > reader.now && job.isEnabled && !story.pause;
    if (story.after)
        tell("after", *story.after);
    else if (hasNext)
        said.push_back(texts.say("why.next", {{"at", at(reader, *story.undecided)}}));
    if (story.pause) tellPause(reader, *story.pause, said);
    if (!job.isEnabled) said.push_back(texts.say("why.disabled"));
    return said;
}

}  // namespace carillon
