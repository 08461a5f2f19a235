#include "scheduler/Scheduler.h"

#include "carillon/LogLine.h"
#include "platform/ProcessLimits.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

/// A clock that was set, a machine that slept and a process that was frozen are noticed so soon.
constexpr std::chrono::seconds kLongestSleep{1};

/// A checkpoint may wait for the disk: it is made after so many writes when nothing is due soon, or after many more.
constexpr std::size_t kWritesBetweenCheckpoints = 200;
constexpr std::size_t kMostWritesBetweenCheckpoints = 5'000;
constexpr std::chrono::milliseconds kQuiet{100};

/// What was written proves so long that it can be.
constexpr std::chrono::seconds kProof{60};

/// As the rest of a sentence on the run.
Message describe(const LostLock& lock) {
    if (!lock.holder) return sayHost("lock.lost");
    return sayHost("lock.lostto",
                   {{"run", lock.holder->run}, {"host", lock.holder->host}, {"pid", std::to_string(lock.holder->pid)}});
}

}  // namespace

const Sleeper& Scheduler::realSleeper() {
    static const Sleeper sleeper;
    return sleeper;
}

Scheduler::Scheduler(std::shared_ptr<const Configuration> configuration, ScheduleStore& store, const Clock& clock,
                     Poco::Logger& log, const MakeSeats& makeSeats, RunListeners listeners, const Sleeper& sleeper)
    : _store(store),
      _clock(clock),
      _log(log),
      _sleeper(sleeper),
      _listeners(std::move(listeners)),
      _mailbox(sleeper),
      _configuration(configuration),
      _book(configuration, configuration->host.hostName),
      _roster([this] { return _sleeper.now(); }),
      _seats(makeSeats([this](RunTicket&& ticket, RunResult&& result) {
          RunEnding ending = endingOf(result, _french, ticket.configuration->host.pluginsDir);
          auto ended = std::make_shared<Ended>(Ended{std::move(ticket), std::move(result), std::move(ending)});
          _mailbox.post([this, ended] { finished(std::move(*ended)); });
      })) {
    const auto& host = _configuration->host;
    _roster.setLimits(static_cast<std::size_t>(host.workersMax), host.groupMax);
    _book.load(_store, _store.now());
    abandonRuns();
}

// Invariant: it sleeps only after a step that found nothing more to do, and until the first moment at which there may
// be something: a held claim is to be granted, the book is to be looked at, the store is to be tried again, a second
// has passed; whatever another thread wants comes as a message, which ends the sleep. So messages, claims and steps
// alone change what it knows, one after the other, and a slot that is due is never slept over.
void Scheduler::run() {
    wakeThisThreadOnTime();
    for (;;) {
        _held.grantDue(_store.now());
        step();
        _lastStep.store(_sleeper.now().time_since_epoch().count());
        if (isOver()) break;
        for (const auto& message : _mailbox.take(wakeAt())) message();
    }
    // Who asks in this moment is answered; who asks later is refused by the mailbox.
    _mailbox.close();
    serveRequests();
    _isEnded.store(true);
}

void Scheduler::step() {
    refuseRequests();
    if (_health.isDown() && _sleeper.now() < _health.retryAt()) return;
    try {
        if (_health.isDown()) probe();
        // What happens meanwhile is known before the next slot is decided: a run that has ended skips none.
        while (fire()) {
            for (const auto& message : _mailbox.take(_sleeper.now())) message();
            _held.grantDue(_store.now());
        }
        serveRequests();
        if (_sleeper.now() >= _probeAt) probe();
        checkpoint();
        if (_health.worked()) storeWorked();
    } catch (const StoreException& e) {
        storeFailed(e);
    }
}

Sleeper::Time Scheduler::wakeAt() const {
    const auto now = _sleeper.now();
    const auto atLatest = _health.isDown() ? std::max(now, _health.retryAt()) : now + kLongestSleep;
    const TimePoint held = _held.nextAt();
    const TimePoint next = _health.isDown() || _draining ? held : std::min(held, _book.nextAt());
    if (next == kNever) return atLatest;
    auto left = next - _store.now();
    if (next != held) return std::min(atLatest, now + left);
    // The last moment before a run is to begin is waited for awake.
    if (left > _sleeper.oversleeps()) return std::min(atLatest, now + (left - _sleeper.oversleeps()));
    while (left > left.zero()) left = next - _store.now();
    return now;
}

/// Writes what has ended and what is due. False: there is nothing that can be done now.
bool Scheduler::fire() {
    Round round;
    if (!_draining) {
        _book.wakeGroups([this](const std::string& group) { return !_roster.isGroupFull(group); });
        _book.look(_store.now(), _health.isDown() ? "the store failed" : "");
        round = _book.plan(_store.now(), _roster.isFull(),
                           [this](const JobSettings& job, bool isBrief) { return _roster.take(job.group, isBrief); });
        _roster.release();
    }
    // What has ended is never kept for company: nothing may begin any more, and an end that is not written is a run
    // that the next host tries again.
    if (round.empty() && _ended.empty()) return false;
    write(std::move(round));
    return true;
}

void Scheduler::write(Round&& round) {
    for (const Ended& ended : _ended)
        round.batch.ends.push_back({ended.result.identity, ended.ending, ended.ticket.exclusive, ended.result.waited});
    const auto tickets = prepare(round);
    std::vector<StartAnswer> answers;
    try {
        if (!round.batch.empty()) answers = _store.write(round.batch);
    } catch (const StoreException&) {
        for (const auto& ticket : tickets) ticket.claim->refuse();
        _book.putBack(std::move(round));
        throw;
    }
    ++_writes;
    _proveAt = _sleeper.now() + kProof;
    for (std::size_t i = 0; i < tickets.size(); ++i) {
        if (const auto* claim = std::get_if<Claim>(&answers[i]))
            enter(*claim, tickets[i]);
        else
            tickets[i].claim->refuse();
    }
    tellEnded("");
    _ended.clear();
    tellSlots(round.batch, answers);
    tellResumed(round);
    for (const JobIndex job : _book.apply(round, answers, _store.now()))
        _roster.stopJob(_book.jobs().nameOf(job), sayHost("run.replaced"));
}

/// Has seats prepare the tasks that are about to be claimed: a ticket for each start of the batch, in order.
std::vector<RunTicket> Scheduler::prepare(const Round& round) {
    std::vector<RunTicket> tickets;
    for (const Look& look : round.looks) {
        if (!look.start) continue;
        RunTicket& ticket = tickets.emplace_back(ticketOf(look.job));
        ticket.timeout = ticket.job.settings()->timeout;
        _seats->add(ticket);
    }
    return tickets;
}

RunTicket Scheduler::ticketOf(JobIndex job) const {
    RunTicket ticket;
    ticket.job = _book.jobs().refOf(job);
    ticket.configuration = _configuration;
    ticket.exclusive = ticket.job.settings()->overlap != Overlap::Allow;
    ticket.isBrief = _book.jobs()[job].brief;
    return ticket;
}

/// The run may begin, as soon as its slot has come.
void Scheduler::enter(const Claim& claim, const RunTicket& ticket) {
    _roster.add({claim.identity.job, ticket.job.settings()->group, claim.identity, ticket.handle, ticket.exclusive,
                 ticket.isBrief, ""});
    for (auto* listener : _listeners) listener->runClaimed(claim.identity);
    _held.hold(claim, ticket.claim);
    _held.grantDue(_store.now());
}

void Scheduler::endRun(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) {
    _book.end(run, report, _store.now());
    for (auto* listener : _listeners) listener->runEnded(run, report, finishedAt);
    const auto job = _book.jobs().find(run.job);
    if (report.outcome == Outcome::Failed && !(job && _book.hasRetry(*job))) tellRetriesEnded(run.job);
}

void Scheduler::tellRetriesEnded(const std::string& job) const {
    for (auto* listener : _listeners) listener->retriesEnded(job);
}

void Scheduler::finished(Ended&& ended) {
    if (const Message how = _roster.howLockWasLost(ended.result.identity.run); !how.empty()) {
        ended.result.report.warn(sayHost("lock.repeated", {{"how", how}}));
        ended.ending.report = toPublicJson(ended.result);
    }
    _roster.remove(ended.result.identity.run);
    const auto& [identity, report, finishedAt] =
        std::tie(ended.result.identity, ended.result.report, ended.result.finishedAt);
    endRun(identity, report, finishedAt);
    _ended.push_back(std::move(ended));
}

/// But for those of starts that the store refused: they are another host's, or come again.
void Scheduler::tellSlots(const StoreBatch& batch, const std::vector<StartAnswer>& answers) const {
    std::set<std::string> refused;
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (!std::holds_alternative<Claim>(answers[i])) refused.insert(batch.starts[i].identity.run);
    for (const SlotRow& slot : batch.slots)
        if (slot.run.empty() || !refused.contains(slot.run))
            for (auto* listener : _listeners) listener->slotEnded(slot);
}

void Scheduler::tellResumed(const Round& round) const {
    for (const Look& look : round.looks) {
        if (!look.resumes) continue;
        const std::string job = _book.jobs().nameOf(look.job);
        LogLine(_log, "job.resumed").field("job", job).field("paused_by", look.resumes->by);
        for (auto* listener : _listeners) listener->pauseEnded(job, *look.resumes);
    }
}

/// Who asked for a run learns its end also when it cannot be recorded yet.
void Scheduler::tellEnded(const std::string& problem) {
    for (Ended& ended : _ended) {
        auto onEnd = std::exchange(ended.ticket.onEnd, {});
        if (!onEnd) continue;
        if (!problem.empty()) ended.result.report.warn("the run is not in the history yet: " + problem);
        onEnd(ended.result);
    }
}

void Scheduler::probe() {
    _probeAt = _sleeper.now() + kLongestSleep;
    if (_store.probe()) {
        LogLine(_log, "store.replaced", Poco::Message::PRIO_WARNING)
            .field("problem", "its file was removed or replaced");
        _book.writeAllRows();
    }
    if (_sleeper.now() >= _renewLeasesAt) renewLeases();
    if (_health.isDown() || _sleeper.now() >= _proveAt) proveWritable();
}

/// A host that has nothing to write for hours tells as soon as any other that its disk is full, and one whose store
/// failed does not take a look at it for its recovery.
void Scheduler::proveWritable() {
    _store.proveWritable();
    _proveAt = _sleeper.now() + kProof;
    ++_writes;
}

/// A machine that slept, or a store that was changed behind the host's back, may have given a job to somebody else.
void Scheduler::renewLeases() {
    _renewLeasesAt = _sleeper.now() + kLease / 3;
    const LeaseFindings findings = _store.renewLeases(_roster.lockHolders());
    for (const auto& run : findings.restored)
        LogLine(_log, "lease.restored", Poco::Message::PRIO_WARNING).field("job", run.job).field("run", run.run);
    for (const LostLock& lock : findings.lost) {
        const Message how = describe(lock);
        LogLine(_log, "lease.lost", Poco::Message::PRIO_ERROR)
            .field("job", lock.run.job)
            .field("run", lock.run.run)
            .field("problem", how.text);
        _roster.loseLock(lock.run.run, how);
        for (auto* listener : _listeners) listener->lockLost(lock.run, how);
    }
}

void Scheduler::storeFailed(const StoreException& e) {
    tellEnded(e.message());
    if (!_health.failed(sayException(e), _clock.now(), _sleeper.now())) return;
    LogLine(_log, "store.failed", Poco::Message::PRIO_ERROR).field("problem", e.message());
    for (auto* listener : _listeners) listener->storeFailed(e.message(), _health.since());
}

void Scheduler::storeWorked() {
    LogLine(_log, "store.recovered", Poco::Message::PRIO_NOTICE);
    for (auto* listener : _listeners) listener->storeRecovered(_clock.now());
}

void Scheduler::checkpoint() {
    const TimePoint next = _book.nextAt();
    const bool quiet = next == kNever || next - _store.now() > kQuiet;
    if (_writes < (quiet ? kWritesBetweenCheckpoints : kMostWritesBetweenCheckpoints)) return;
    _writes = 0;
    _store.checkpoint();
}

/// What a host that is gone had left running has failed; it is tried again like any other failed run.
void Scheduler::abandonRuns() {
    for (const RunRow& run : _store.abandonRuns()) {
        LogLine(_log, "run.abandoned", Poco::Message::PRIO_ERROR).field("job", run.job).field("run", run.id);
        const RunIdentity identity{run.job, run.id, run.trigger, run.host, run.attempt, run.fence, run.scheduledAt, {}};
        const auto report = RunReport::failed(run.message);
        endRun(identity, report, _store.now());
    }
}

}  // namespace carillon
