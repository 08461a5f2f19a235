#include "serve/ActivityDesk.h"

#include "carillon/LogLine.h"
#include "words/HostTexts.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::chrono::seconds kRetry{1};
constexpr std::chrono::hours kBetweenTrims{24};

/// Few enough that the scheduler never waits for them.
constexpr std::size_t kMostAtOnce = 100;

}  // namespace

ActivityDesk::ActivityDesk(std::string stateDir, const ActivityKeeping& keeping, const Clock& clock, Poco::Logger& log)
    : _stateDir(std::move(stateDir)), _clock(clock), _log(log), _keeping(keeping) {}

ActivityDesk::~ActivityDesk() {
    stop();
}

void ActivityDesk::start() {
    _thread = std::thread([this] { run(); });
}

void ActivityDesk::stop() {
    {
        const std::lock_guard lock(_mutex);
        _ending = true;
    }
    _changed.notify_all();
    if (_thread.joinable()) _thread.join();
}

void ActivityDesk::keepFor(std::chrono::milliseconds span) {
    const std::lock_guard lock(_mutex);
    _keepingChanged = _keepingChanged || _keeping.span != span;
    _keeping.span = span;
    _changed.notify_all();
}

void ActivityDesk::record(Activity activity) noexcept {
    try {
        activity.at = activity.lastAt = _clock.now();
        add(bounded(std::move(activity)));
    } catch (const std::exception& e) {
        LogLine(_log, "activity.lost", Poco::Message::PRIO_ERROR).field("problem", e.what());
    }
}

void ActivityDesk::pauseEnded(const std::string& job, const Pause& pause) {
    Activity activity;
    activity.what = Act::Resume;
    activity.job = job;
    if (!pause.by.empty()) activity.note = sayHost("act.pauseover", {{"by", pause.by}});
    record(std::move(activity));
}

void ActivityDesk::add(Activity activity) {
    {
        const std::lock_guard lock(_mutex);
        if (activity.actor.kind == ActorKind::Nobody) foldStranger(activity);
        const auto same = std::find_if(_waiting.begin(), _waiting.end(),
                                       [&activity](const Activity& one) { return isSameRefusal(one, activity); });
        if (same != _waiting.end()) {
            ++same->times;
            same->lastAt = activity.lastAt;
            return;
        }
        if (_waiting.size() < kMostWaiting) {
            _waiting.push_back(std::move(activity));
            _changed.notify_all();
            return;
        }
    }
    tellLost(activity);
}

/// Invariant: strangers make no more rows a minute than that, however many they are.
void ActivityDesk::foldStranger(Activity& activity) {
    if (activity.at - _minute >= std::chrono::minutes(1) || activity.at < _minute) {
        _minute = activity.at;
        _strangers.clear();
    }
    if (_strangers.size() < kMostStrangers) {
        _strangers.emplace(activity.actor.address, activity.subject);
    } else if (!_strangers.contains({activity.actor.address, activity.subject})) {
        activity.actor.address.clear();
        activity.subject.clear();
    }
}

void ActivityDesk::run() {
    while (const auto taken = take()) {
        if (write(*taken)) continue;
        const std::lock_guard lock(_mutex);
        _waiting.insert(_waiting.begin(), taken->begin(), taken->end());
        if (!_ending) continue;
        for (const auto& activity : _waiting) tellLost(activity);
        return;
    }
}

/// Waits for what is to be written; nothing may be, for the house to be kept. Nothing at all: this is the end.
std::optional<std::vector<Activity>> ActivityDesk::take() {
    std::unique_lock lock(_mutex);
    // A store that failed is left alone for a while, whatever comes.
    if (_storeFails)
        _changed.wait_for(lock, kRetry, [this] { return _ending; });
    else
        _changed.wait_until(lock, _nextTrim, [this] { return _ending || _keepingChanged || !_waiting.empty(); });
    if (_ending && _waiting.empty()) return std::nullopt;
    const auto end = _waiting.begin() + static_cast<std::ptrdiff_t>(std::min(_waiting.size(), kMostAtOnce));
    std::vector<Activity> taken(_waiting.begin(), end);
    _waiting.erase(_waiting.begin(), end);
    return taken;
}

/// False: the store fails.
bool ActivityDesk::write(const std::vector<Activity>& activities) {
    try {
        keepHouse();
        _store->write(activities);
        if (std::exchange(_storeFails, false)) LogLine(_log, "activity.recovered", Poco::Message::PRIO_NOTICE);
        return true;
    } catch (const StoreException& e) {
        if (!std::exchange(_storeFails, true))
            LogLine(_log, "activity.waits", Poco::Message::PRIO_ERROR).field("problem", e.message());
        return false;
    }
}

void ActivityDesk::keepHouse() {
    ActivityKeeping keeping;
    {
        const std::lock_guard lock(_mutex);
        if (std::exchange(_keepingChanged, false)) {
            _store.reset();
            _nextTrim = {};
        }
        keeping = _keeping;
    }
    if (!_store) _store.emplace(_stateDir, _clock, keeping);
    if (Steady::now() < _nextTrim) return;
    _store->trim();
    _nextTrim = Steady::now() + kBetweenTrims;
}

void ActivityDesk::tellLost(const Activity& activity) const {
    LogLine(_log, "activity.lost", Poco::Message::PRIO_ERROR)
        .field("what", nameOf(activity.what))
        .field("by", textOf(activity.actor))
        .field("from", activity.actor.address)
        .field("job", activity.job)
        .field("outcome", nameOf(activity.outcome));
}

}  // namespace carillon
