#include "api/LiveJobs.h"

#include "base/Fields.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongestUndescribed = 2s;
/// The row of a run that has ended is in the store by then.
constexpr auto kRecorded = 1s;

bool areSame(const JobState& a, const JobState& b) {
    const auto shown = [](const JobState& job) {
        return std::tie(job.phase, job.title, job.enabled, job.next, job.run, job.off, job.stopping, job.retryAt);
    };
    return shown(a) == shown(b);
}

/// `3 of 10 items`
std::string progressText(const Progress& how) {
    return std::to_string(how.done) + (how.total > 0 ? " of " + std::to_string(how.total) : "") + ' ' + how.what.text;
}

}  // namespace

LiveJobs::Watch::Watch(LiveJobs& jobs, std::string job) : _jobs(jobs), _job(std::move(job)) {
    const std::lock_guard lock(_jobs._mutex);
    Entry& entry = _jobs._entries[_job];
    ++entry.watches;
    ++_jobs._watches;
    _ends = entry.ends;
}

LiveJobs::Watch::~Watch() {
    const std::lock_guard lock(_jobs._mutex);
    --_jobs._watches;
    const auto entry = _jobs._entries.find(_job);
    if (--entry->second.watches == 0) _jobs._entries.erase(entry);
}

LiveJobs::News LiveJobs::Watch::take() {
    News news;
    const std::lock_guard lock(_jobs._mutex);
    const Entry& entry = _jobs._entries.at(_job);
    if (std::exchange(_states, entry.states) != entry.states) news.state = entry.state;
    if (std::exchange(_progresses, entry.progresses) != entry.progresses) news.progress = entry.progress;
    const auto fresh = std::min<std::uint64_t>(entry.ends - _ends, entry.ended.size());
    news.missed = entry.ends - _ends - fresh;
    news.ended.assign(entry.ended.end() - static_cast<std::ptrdiff_t>(fresh), entry.ended.end());
    _ends = entry.ends;
    return news;
}

LiveJobs::Entry* LiveJobs::find(const std::string& job) {
    const auto entry = _entries.find(job);
    return entry == _entries.end() ? nullptr : &entry->second;
}

void LiveJobs::progressed(const std::string& job, const std::string& run, const Progress& how) {
    if (_watches.load() == 0) return;
    const std::lock_guard lock(_mutex);
    Entry* entry = find(job);
    if (entry == nullptr) return;
    JsonWriter json;
    json.beginObject().member("run", run).member("text", progressText(how)).member("what", how.what.text);
    json.key("counters").beginObject().member("done", how.done);
    if (how.total > 0) json.member("total", how.total);
    json.endObject().endObject();
    entry->run = run;
    entry->progress = json.text();
    ++entry->progresses;
}

void LiveJobs::ended(const std::string& job, const std::string& run, std::string_view outcome, const Message& message) {
    if (_watches.load() == 0) return;
    const std::lock_guard lock(_mutex);
    Entry* entry = find(job);
    if (entry == nullptr) return;
    JsonWriter json;
    json.beginObject().member("run", run).member("outcome", outcome);
    JsonOut<JsonForm::Public>(json).said("message", message);
    json.endObject();
    entry->ended.push_back(json.text());
    if (entry->ended.size() > kEnds) entry->ended.pop_front();
    ++entry->ends;
    if (entry->run == run) entry->progress.clear();
    entry->freshUntil = Steady::now() + kRecorded;
}

std::vector<std::string> LiveJobs::watched() const {
    const std::lock_guard lock(_mutex);
    std::vector<std::string> jobs;
    for (const auto& [job, entry] : _entries) jobs.push_back(job);
    return jobs;
}

bool LiveJobs::isDue(const JobState& state, Steady::time_point now) {
    const std::lock_guard lock(_mutex);
    Entry* entry = find(state.job);
    if (entry == nullptr) return false;
    if (now < entry->dueAt && now >= entry->freshUntil && areSame(entry->seen, state)) return false;
    entry->seen = state;
    entry->dueAt = now + kLongestUndescribed;
    return true;
}

void LiveJobs::describe(const std::string& job, std::string json) {
    const std::lock_guard lock(_mutex);
    Entry* entry = find(job);
    if (entry == nullptr || entry->state == json) return;
    entry->state = std::move(json);
    ++entry->states;
}

}  // namespace carillon
