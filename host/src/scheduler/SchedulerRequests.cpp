#include "scheduler/Scheduler.h"

#include "store/RunStore.h"

#include <algorithm>
#include <utility>

// What other threads ask of the scheduler.

namespace carillon {
namespace {

constexpr const char* kHostEnds = "the host is ending";

}  // namespace

void Scheduler::drain() {
    _mailbox.post([this] { _draining = true; });
}

void Scheduler::stopRuns(Message why) {
    _mailbox.post([this, reason = std::move(why)] { _roster.stopAll(reason); });
}

void Scheduler::apply(std::shared_ptr<const Configuration> configuration) {
    _mailbox.call([&] {
        const auto& host = configuration->host;
        _configuration = configuration;
        _french.forget();
        _roster.setLimits(static_cast<std::size_t>(host.workersMax), host.groupMax);
        _seats->setMost(static_cast<std::size_t>(host.workersMax));
        _book.apply(configuration, _store.now());
    });
}

std::vector<std::string> Scheduler::setPaused(const std::string& pattern, const std::optional<Pause>& pause) {
    return _mailbox.call([&] {
        std::vector<std::string> changed;
        for (const JobRef& ref : _configuration->match(pattern)) {
            const auto job = _book.jobs().find(ref);
            if (job && setPaused(*job, pause)) changed.push_back(ref.name());
        }
        try {
            while (_book.hasChanges() && fire()) {  // it is to survive a restart from now on
            }
        } catch (const StoreException& e) {
            storeFailed(e);
            throw StoreException(std::string(pause ? "paused" : "resumed") +
                                 " in the running host, which writes it down as soon as its store works; until then a "
                                 "restart undoes it: " +
                                 e.message());
        }
        return changed;
    });
}

/// False: nothing changes.
bool Scheduler::setPaused(JobIndex job, std::optional<Pause> pause) {
    const TimePoint now = _store.now();
    if (!pause) return _book.resume(job, now);
    pause->since = now;
    const bool hadRetry = _book.hasRetry(job);
    if (!_book.pause(job, *pause, now)) return false;
    if (hadRetry) tellRetriesEnded(_book.jobs().nameOf(job));
    return true;
}

StopResult Scheduler::stop(const std::string& patternOrRun, const std::string& who) {
    return _mailbox.call([&] {
        StopResult result;
        const auto jobs = _configuration->match(patternOrRun);
        if (jobs.empty()) _roster.stopBy(patternOrRun, who, result);
        for (const JobRef& ref : jobs) stopJob(ref.name(), who, result);
        return result;
    });
}

void Scheduler::stopJob(const std::string& job, const std::string& who, StopResult& result) {
    _roster.stopBy(job, who, result);
    for (RunRequest& request : _requests) {  // answered by the next serveRequests()
        if (request.job != job) continue;
        request.handle->requestStopBy(who);
        ++result.withdrawn;
    }
    const auto index = _book.jobs().find(job);
    if (!index) return;
    if (_book.skipDue(*index, {SkipReason::Stopped, who}, _store.now())) result.skipped.push_back(job);
    if (!_book.cancelRetry(*index, _store.now())) return;
    result.retries.push_back(job);
    tellRetriesEnded(job);
}

void Scheduler::submit(RunRequest request) {
    request.askedAt = _clock.now();
    request.waitsSince = _sleeper.now();
    const auto shared = std::make_shared<RunRequest>(std::move(request));
    if (!_mailbox.post([this, shared] { _requests.push_back(std::move(*shared)); })) shared->onRefused(kHostEnds, {});
}

/// The store has no part in this: it may fail meanwhile.
void Scheduler::refuseRequests() {
    std::erase_if(_requests, [this](const RunRequest& request) {
        const std::string why = whyRefused(request);
        if (!why.empty()) request.onRefused(why, {});
        return !why.empty();
    });
}

/// Empty: it is not.
std::string Scheduler::whyRefused(const RunRequest& request) const {
    if (_draining) return kHostEnds;
    if (const Message why = request.handle->stopReason(); !why.empty()) return why.text;
    if (!_health.isDown()) return "";
    const bool isPatient = _sleeper.now() < std::max(request.waitsSince, _health.downAt()) + RunStore::kPatience;
    return isPatient ? "" : "the run did not begin: " + _health.problem().text;
}

void Scheduler::serveRequests() {
    refuseRequests();
    std::erase_if(_requests, [this](RunRequest& request) { return serve(request); });
}

/// True: it is answered, or runs.
bool Scheduler::serve(RunRequest& request) {
    const auto refuse = [&request](const std::string& why, const std::vector<ConfigFault>& faults = {}) {
        request.onRefused(why, faults);
        return true;
    };
    const auto job = _book.jobs().find(request.job);
    if (!job) return refuse("the host has no job " + request.job + "; if it is new: carillon reload");
    const JobRef ref = _book.jobs().refOf(*job);
    if (!_book.jobs()[*job].plan) return refuse("its configuration is faulty", ref.file->faults());
    const bool busy = _book.jobs()[*job].running > 0 && ref.settings()->overlap != Overlap::Allow;
    if (busy && request.wait) return false;
    const Room room = busy ? Room::Free : _roster.take(ref.settings()->group, _book.jobs()[*job].brief);
    _roster.release();
    return room == Room::Free && claim(request, *job);
}

bool Scheduler::claim(RunRequest& request, JobIndex job) {
    const auto& settings = *_book.jobs()[job].plan->settings;
    const bool isOfThePast = request.slot != TimePoint{};
    ClaimRequest claim{request.job,
                       "",
                       request.trigger,
                       _configuration->host.hostName,
                       1,
                       isOfThePast ? request.slot : request.askedAt};
    claim.standsFor = isOfThePast;
    claim.recordSkip = !request.wait;
    claim.exclusive = settings.overlap != Overlap::Allow;
    auto answer = _store.claim(claim);
    if (const auto* standing = std::get_if<SlotHasRun>(&answer)) {
        request.onSlotHasRun(standing->run);
        return true;
    }
    if (const auto* holder = std::get_if<Holder>(&answer)) {
        if (!request.wait) request.onBusy(*holder);
        return !request.wait;
    }
    const Claim& won = std::get<Claim>(answer);
    _book.begin(job, won);
    if (request.onClaimed) request.onClaimed(won.identity);
    RunTicket ticket = ticketOf(job);
    ticket.overrides = std::move(request.overrides);
    ticket.verb = request.verb;
    ticket.replay = std::move(request.replay);
    ticket.dismissal = std::move(request.dismissal);
    ticket.timeout = request.timeout.count() > 0 ? request.timeout : settings.timeout;
    ticket.follower = std::move(request.follower);
    ticket.onEnd = std::move(request.onEnd);
    ticket.handle = std::move(request.handle);
    enter(won, ticket);
    _seats->add(std::move(ticket));
    return true;
}

SchedulerState Scheduler::state() {
    return _mailbox.call([this] {
        SchedulerState state;
        state.draining = _draining;
        state.storeProblem = _health.problem();
        state.storeFailedSince = _health.since();
        state.lostLocks = _roster.lostLocks();
        state.seenUntil = _book.seenUntil();
        state.running = _roster.size();
        state.waiting = _book.waiting() + _requests.size();
        const TimePoint now = _store.now();
        const JobTable& jobs = _book.jobs();
        state.jobs = jobs.size();
        for (JobIndex job = 0; job < jobs.size(); ++job) {
            state.enabled += jobs[job].enabled ? 1U : 0U;
            state.waiting += _book.waitsForItself(job, now) || _book.isHeld(job, now) ? 1U : 0U;
            state.paused += jobs[job].paused ? 1U : 0U;
            state.faulty += jobs[job].plan ? 0U : 1U;
        }
        return state;
    });
}

std::vector<JobState> Scheduler::jobStates(const std::string& pattern, std::size_t most) {
    return _mailbox.call([&] {
        std::vector<JobState> states;
        for (const JobRef& ref : _configuration->match(pattern)) {
            if (states.size() == most) break;
            const auto index = _book.jobs().find(ref);
            if (!index) continue;
            states.push_back(jobState(*index));
        }
        return states;
    });
}

std::vector<JobState> Scheduler::jobStates(const std::vector<std::string>& jobs) {
    return _mailbox.call([&] {
        std::vector<JobState> states;
        for (const auto& job : jobs)
            if (const auto index = _book.jobs().find(job)) states.push_back(jobState(*index));
        return states;
    });
}

JobState Scheduler::jobState(JobIndex index) {
    const ScheduledJob& job = _book.jobs()[index];
    const JobRef ref = _book.jobs().refOf(index);
    JobState state;
    state.job = ref.name();
    state.title = ref.title();
    state.phase = phaseOf(index);
    state.enabled = job.enabled;
    if (!job.paused && job.enabled && job.plan) state.next = _book.nextFiringOf(index);
    if (const auto* off = job.plan ? job.plan->settings->off.get() : nullptr)
        if (const auto why = off->at(_store.now())) state.off = textOf(why->reason);
    state.retryAt = _book.retryAt(index);
    state.pause = _book.pauseOf(index);
    if (const auto* run = job.running > 0 ? _roster.findRunOf(state.job) : nullptr) {
        state.run = run->identity.run;
        state.stopping = run->handle->stopReason().text;
    }
    return state;
}

JobPhase Scheduler::phaseOf(JobIndex index) const {
    const ScheduledJob& job = _book.jobs()[index];
    if (!job.plan) return JobPhase::Faulty;
    if (job.running > 0) return JobPhase::Running;
    if (job.paused) return JobPhase::Paused;
    if (!job.enabled) return JobPhase::Disabled;
    if (job.waiting || _book.isHeld(index, _store.now())) return JobPhase::Waiting;
    if (_book.hasRetry(index)) return JobPhase::Retrying;
    return job.schedule() == nullptr ? JobPhase::Manual : JobPhase::Idle;
}

}  // namespace carillon
