#include "http/HttpConnections.h"

#include "platform/ProcessLimits.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kEndLook{100};

}  // namespace

HttpConnections::HttpConnections(const HttpLimits& limits) : _limits(limits), _watcher([this] { watch(); }) {}

HttpConnections::~HttpConnections() {
    end();
    _watcher.join();
}

void HttpConnections::makeRoom(int queued) {
    const std::lock_guard lock(_mutex);
    cutFor(queued);
}

void HttpConnections::cutFor(int queued) {
    const auto live = std::count_if(_entries.begin(), _entries.end(), [](const auto& entry) { return !entry.isCut; });
    const auto tooMany = live + queued - _limits.connections;
    if (tooMany > 0) cutLongest(static_cast<std::size_t>(tooMany));
}

void HttpConnections::watchQueue(std::function<int()> queued) {
    const std::lock_guard lock(_mutex);
    _queued = std::move(queued);
}

void HttpConnections::cutLongest(std::size_t count) {
    std::vector<Entry*> waiting;
    for (auto& entry : _entries)
        if (entry.phase == Phase::Waiting && !entry.isCut) waiting.push_back(&entry);
    count = std::min(count, waiting.size());
    const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(waiting.begin(), end, waiting.end(), [](auto* a, auto* b) { return a->since < b->since; });
    std::for_each(waiting.begin(), end, [](auto* entry) { cut(*entry); });
}

void HttpConnections::end() {
    _ending.store(true);
    const std::lock_guard lock(_mutex);
    for (auto& entry : _entries) cut(entry);
    _ended.notify_all();
}

bool HttpConnections::takeStream() {
    if (++_streams <= _limits.streams) return true;
    --_streams;
    return false;
}

void HttpConnections::watch() {
    yieldToFiring();
    std::unique_lock lock(_mutex);
    while (!_ending.load()) {
        _ended.wait_for(lock, kEndLook);
        if (_queued) cutFor(_queued());
        const auto now = Steady::now();
        for (auto& entry : _entries)
            if (entry.phase == Phase::Waiting && now >= entry.deadline) cut(entry);
    }
}

// Its thread wakes up and closes the socket. A thread that is about to wait finds it ended.
void HttpConnections::cut(Entry& entry) {
    if (!entry.isCut) endConnection(entry.socket);
    entry.isCut = true;
}

HttpConnections::Member::Member(HttpConnections& all, SocketHandle socket) : _all(all) {
    const auto now = Steady::now();
    const std::lock_guard lock(_all._mutex);
    _entry =
        _all._entries.insert(_all._entries.end(), {socket, Phase::Waiting, now, now + _all._limits.arrival, false});
    if (_all._ending.load()) cut(*_entry);
}

HttpConnections::Member::~Member() {
    const std::lock_guard lock(_all._mutex);
    _all._entries.erase(_entry);
}

void HttpConnections::Member::wait(std::chrono::milliseconds limit) {
    const auto now = Steady::now();
    const std::lock_guard lock(_all._mutex);
    _entry->phase = Phase::Waiting;
    _entry->since = now;
    _entry->deadline = now + limit;
}

void HttpConnections::Member::work() {
    const std::lock_guard lock(_all._mutex);
    _entry->phase = Phase::Working;
}

void yieldToFiring() noexcept {
    static thread_local const bool isLower = [] {
        lowerThisThread();
        return true;
    }();
    static_cast<void>(isLower);
}

}  // namespace carillon
