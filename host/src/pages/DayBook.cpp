#include "pages/DayBook.h"

#include "pages/ReportFigures.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// Leaves nothing of the report but what messageOf() needs of it.
void keepMessageAlone(RunRow& run) {
    const Message message = messageOf(run);
    run.report.reset();
    if (message.code.empty()) return;
    JsonWriter json;
    JsonOut<JsonForm::Public>(json.beginObject()).said("message", message);
    run.report = json.endObject().takeText();
}

using namespace std::chrono_literals;

/// How much later than another one that was recorded after it a row may become visible.
constexpr std::chrono::seconds kLate{10};
constexpr std::chrono::milliseconds kPatience{500};

std::int64_t stretchOf(TimePoint at) {
    return at.time_since_epoch() / JobDay::kStretch;
}

SlotMark markOf(Outcome outcome) {
    switch (outcome) {
        case Outcome::Failed:
            return SlotMark::Failed;
        case Outcome::Stopped:
            return SlotMark::Stopped;
        case Outcome::NothingToDo:
            return SlotMark::Nothing;
        default:
            return SlotMark::Ran;
    }
}

SlotMark markOf(const SlotEnd& slot) {
    if (slot.ending == SlotEnding::Skipped) return SlotMark::Skipped;
    if (slot.ending == SlotEnding::Merged) return SlotMark::Merged;
    if (slot.ending == SlotEnding::Missed) return SlotMark::Missed;
    return slot.outcome ? markOf(*slot.outcome) : SlotMark::Running;
}

std::uint32_t& countOf(JobDay& day, std::int64_t stretch, SlotMark mark) {
    return day.countsOf(stretch)[static_cast<std::size_t>(mark)];
}

bool isBefore(const JobDay::Stretch& stretch, std::int64_t number) {
    return stretch.number < number;
}

template <class Map>
void forgetBefore(Map& map, TimePoint at) {
    std::erase_if(map, [at](const auto& entry) { return entry.second < at; });
}

/// What a run that has ended says of the job.
void takeEnd(JobDay& day, const RunRow& run) {
    day.durations.push_back(*run.finishedAt - run.startedAt);
    if (day.durations.size() > JobDay::kTrend) day.durations.pop_front();
    const ReportFigures figures(run);
    day.rejected = figures.rejected();
    if (const auto pending = figures.backlog()) {
        day.pending = pending;
        day.lag = figures.lag();
    }
}

}  // namespace

MarkCounts& JobDay::countsOf(std::int64_t stretch) {
    auto at = std::lower_bound(stretches.begin(), stretches.end(), stretch, isBefore);
    if (at == stretches.end() || at->number != stretch) at = stretches.insert(at, {stretch, {}});
    return at->counts;
}

std::vector<JobDay> DayBook::read(const std::vector<std::string>& jobs) {
    const auto now = _clock.now();
    const std::lock_guard lock(_mutex);
    try {
        openStore();
        follow(now);
        for (const auto& job : jobs)
            if (!_entries.contains(job)) _entries.emplace(job, load(job, now));
        for (const auto& job : jobs) settle(_entries.at(job));
    } catch (const StoreException&) {
        // What was followed half cannot be told from what was not.
        _entries.clear();
        throw;
    }
    forgetOld(now);
    return copy(jobs);
}

std::vector<JobDay> DayBook::readKnown(const std::vector<std::string>& jobs) {
    const std::lock_guard lock(_mutex);
    return copy(jobs);
}

void DayBook::openStore() {
    if (!_store) _store = std::make_unique<RunStore>(_stateDir, _clock, kPatience);
}

void DayBook::follow(TimePoint now) {
    const TimePoint since = _followedUntil - kLate;
    if (_entries.empty()) {
        _lateSlots.clear();
        _lateRuns.clear();
    }
    // Also when nothing is known: what is loaded after this holds whatever these hold.
    const auto slots = _store->slotEnds(_entries.empty() ? now - kLate : since);
    const auto runs = _store->history(_entries.empty() ? now - kLate : since);
    if (std::exchange(_replacements, _store->replacements()) != _store->replacements()) _entries.clear();
    for (const auto& slot : slots) {
        if (!_lateSlots.try_emplace({slot.job, slot.slotAt}, slot.recordedAt).second) continue;
        if (const auto entry = _entries.find(slot.job); entry != _entries.end()) add(entry->second, slot);
    }
    for (const auto& run : runs) {
        if (!_lateRuns.try_emplace(run.id, run.startedAt).second) continue;
        if (const auto entry = _entries.find(run.job); entry != _entries.end()) add(entry->second, run);
    }
    _followedUntil = now;
    forgetBefore(_lateSlots, now - 2 * kLate);
    forgetBefore(_lateRuns, now - 2 * kLate);
}

void DayBook::forgetOld(TimePoint now) {
    const auto first = stretchOf(now - kDay);
    for (auto& [job, entry] : _entries)
        entry.day.stretches.erase(
            entry.day.stretches.begin(),
            std::lower_bound(entry.day.stretches.begin(), entry.day.stretches.end(), first, isBefore));
}

DayBook::Entry DayBook::load(const std::string& job, TimePoint now) {
    Entry entry;
    for (const auto& slot : _store->slotEnds(job, now - kDay)) {
        add(entry, slot);
        if (slot.recordedAt >= now - 2 * kLate) _lateSlots.try_emplace({job, slot.slotAt}, slot.recordedAt);
    }
    RunQuery query{job, JobDay::kTrend};
    query.ownWork = true;
    const auto runs = _store->history(query);
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        add(entry, *run);
        if (run->startedAt >= now - 2 * kLate) _lateRuns.try_emplace(run->id, run->startedAt);
    }
    return entry;
}

void DayBook::add(Entry& entry, const SlotEnd& slot) {
    const auto stretch = stretchOf(slot.slotAt);
    const auto mark = markOf(slot);
    ++countOf(entry.day, stretch, mark);
    if (mark == SlotMark::Running && !slot.run.empty()) entry.open[slot.run] = stretch;
}

void DayBook::add(Entry& entry, const RunRow& run) {
    if (!isOwnWork(run.trigger)) return;
    if (run.finishedAt)
        takeEnd(entry.day, run);
    else
        entry.open.try_emplace(run.id, std::nullopt);
    if (entry.day.last && run.startedAt < entry.day.last->startedAt) return;
    if (entry.day.last && entry.day.last->outcome) entry.day.lastNotStopped = entry.day.telling();
    entry.day.last = run;
    keepMessageAlone(*entry.day.last);
}

/// Asks the store for the ends of the runs that had none.
void DayBook::settle(Entry& entry) {
    std::erase_if(entry.open, [&](const auto& open) {
        const auto run = _store->run(open.first);
        if (run && !run->finishedAt) return false;
        const SlotMark mark = markOf(run ? run->outcome.value_or(Outcome::Failed) : Outcome::Failed);
        if (open.second) {
            auto& running = countOf(entry.day, *open.second, SlotMark::Running);
            if (running > 0) --running;
            ++countOf(entry.day, *open.second, mark);
        }
        if (!run) return true;
        takeEnd(entry.day, *run);
        if (entry.day.last && entry.day.last->id == run->id) {
            entry.day.last = run;
            keepMessageAlone(*entry.day.last);
        }
        return true;
    });
}

std::vector<JobDay> DayBook::copy(const std::vector<std::string>& jobs) const {
    std::vector<JobDay> days;
    days.reserve(jobs.size());
    for (const auto& job : jobs) {
        const auto entry = _entries.find(job);
        days.push_back(entry == _entries.end() ? JobDay{} : entry->second.day);
    }
    return days;
}

}  // namespace carillon
