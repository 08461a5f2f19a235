#include "serve/HistoryDesk.h"

#include "carillon/Duration.h"
#include "carillon/LogLine.h"
#include "logs/LogKeeping.h"
#include "store/RunStore.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {


/// A look may take so little of the time at most, and comes so soon at the earliest.
constexpr int kShare = 1'000;
constexpr std::chrono::seconds kLeastBetween{30};
constexpr std::chrono::minutes kBetweenDeletions{30};

/// Before the next transaction: longer than one takes, so that nobody who waits for its end is passed over.
constexpr std::chrono::milliseconds kPause{20};

std::string textOf(const std::optional<std::chrono::milliseconds>& span) {
    return span ? formatDuration(*span) : "";
}

}  // namespace

HistoryDesk::HistoryDesk(std::string stateDir, std::string logsDir, const Keeping& keeping, const Clock& clock,
                         Poco::Logger& log)
    : _stateDir(std::move(stateDir)), _logsDir(std::move(logsDir)), _clock(clock), _log(log), _keeping(keeping) {}

HistoryDesk::~HistoryDesk() {
    stop();
}

void HistoryDesk::start() {
    _thread = std::thread([this] { run(); });
}

void HistoryDesk::stop() {
    {
        const std::lock_guard lock(_mutex);
        _ending = true;
    }
    _changed.notify_all();
    if (_thread.joinable()) _thread.join();
}

void HistoryDesk::keep(const Keeping& keeping) {
    const std::lock_guard lock(_mutex);
    _keepingChanged = _keepingChanged || !(_keeping == keeping);
    _keeping = keeping;
    _changed.notify_all();
}

std::optional<Kept> HistoryDesk::kept() const {
    const std::lock_guard lock(_mutex);
    return _kept;
}

void HistoryDesk::run() {
    for (;;) {
        try {
            look();
            if (std::exchange(_fails, false)) LogLine(_log, "keeping.recovered", Poco::Message::PRIO_NOTICE);
        } catch (const StoreException& e) {
            _store.reset();
            if (!std::exchange(_fails, true))
                LogLine(_log, "keeping.fails", Poco::Message::PRIO_ERROR).field("problem", e.message());
        }
        wait(std::max<std::chrono::milliseconds>(kLeastBetween, kShare * _lookTook));
        const std::lock_guard lock(_mutex);
        if (_ending) return;
        if (std::exchange(_keepingChanged, false)) _nextDeletion = {};
    }
}

bool HistoryDesk::wait(std::chrono::milliseconds span) {
    std::unique_lock lock(_mutex);
    return !_changed.wait_for(lock, span, [this] { return _ending || _keepingChanged; });
}

void HistoryDesk::look() {
    Keeping keeping;
    {
        const std::lock_guard lock(_mutex);
        keeping = _keeping;
    }
    if (!_store) _store = std::make_unique<RunStore>(_stateDir, _clock, RunStore::kPatience, Checkpoints::OnDemand);
    if (Steady::now() >= _nextDeletion) {
        if (keeping.logs) removeOldLogs(_logsDir, _clock.now() - *keeping.logs);
        readExtents(*_store, keeping);  // what is kept may take long to come true
        deleteRows(*_store, keeping);
        _nextDeletion = Steady::now() + kBetweenDeletions;
    }
    readExtents(*_store, keeping);
}

void HistoryDesk::deleteRows(RunStore& store, const Keeping& keeping) {
    for (const auto& job : store.recordedJobs())
        while (const auto outdated = store.outdated(job, keeping.history)) {
            store.remove(*outdated, kPortion);
            if (!wait(kPause)) return;
        }
}

void HistoryDesk::readExtents(RunStore& store, const Keeping& keeping) {
    const auto begun = Steady::now();
    const Extent runs = store.extentOfRuns();
    const Extent slots = store.extentOfSlots();
    const LogExtent logs = readLogExtent(_logsDir);
    const auto slotSpan = keeping.history.slots ? keeping.history.slots : keeping.history.runs;
    const Kept kept{{textOf(keeping.history.runs), runs.since, runs.rows},
                    {textOf(slotSpan), slots.since, slots.rows},
                    {textOf(keeping.logs), logs.since, static_cast<std::int64_t>(logs.bytes)},
                    _clock.now()};
    _lookTook = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begun);
    const std::lock_guard lock(_mutex);
    _kept = kept;
}

}  // namespace carillon
