#include "api/IdempotencyKeys.h"

#include <algorithm>

namespace carillon {

std::optional<std::string> IdempotencyKeys::take(const std::string& key, std::chrono::milliseconds patience) {
    const auto now = _clock.now();
    std::unique_lock lock(_mutex);
    _changed.wait_for(lock, patience, [&] { return !isBeingAnswered(key, now); });
    if (const auto found = _entries.find(key); found != _entries.end() && now - found->second.since < kKept)
        return found->second.run;
    makeRoom(now);
    _entries[key] = {"", now};
    return std::nullopt;
}

void IdempotencyKeys::settle(const std::string& key, const std::string& run) {
    const std::lock_guard lock(_mutex);
    if (const auto found = _entries.find(key); found != _entries.end()) found->second.run = run;
    _changed.notify_all();
}

void IdempotencyKeys::release(const std::string& key) {
    const std::lock_guard lock(_mutex);
    _entries.erase(key);
    _changed.notify_all();
}

bool IdempotencyKeys::isBeingAnswered(const std::string& key, TimePoint now) const {
    const auto found = _entries.find(key);
    return found != _entries.end() && now - found->second.since < kKept && found->second.run.empty();
}

void IdempotencyKeys::makeRoom(TimePoint now) {
    if (_entries.size() < kMost) return;
    std::erase_if(_entries, [now](const auto& entry) { return now - entry.second.since >= kKept; });
    if (_entries.size() < kMost) return;
    _entries.erase(std::min_element(_entries.begin(), _entries.end(),
                                    [](const auto& a, const auto& b) { return a.second.since < b.second.since; }));
}

}  // namespace carillon
