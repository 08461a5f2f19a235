#include "web/SignInThrottle.h"

#include <algorithm>

namespace carillon {
namespace {

/// Nobody's name or address is longer, and a guesser's shall take no memory.
std::string bounded(const std::string& key) {
    return key.substr(0, 100);
}

}  // namespace

SignInThrottle::SignInThrottle(const Clock& clock, ThrottleLimits limits) : _clock(clock), _limits(limits) {}

std::chrono::milliseconds SignInThrottle::begin(const std::string& user, const std::string& address) {
    const auto now = _clock.now();
    const std::scoped_lock lock(_mutex);
    const auto wait = std::max(waitOf(_users, user, now), waitOf(_addresses, address, now));
    if (wait.count() > 0) return wait;
    add(_users, user, now);
    add(_addresses, address, now);
    return wait;
}

void SignInThrottle::succeeded(const std::string& user, const std::string& address) {
    const std::scoped_lock lock(_mutex);
    _users.erase(bounded(user));
    const auto found = _addresses.find(bounded(address));
    if (found != _addresses.end() && --found->second.count <= 0) _addresses.erase(found);
}

std::chrono::milliseconds SignInThrottle::waitOf(const Table& table, const std::string& key, TimePoint now) const {
    const auto found = table.find(bounded(key));
    if (found == table.end() || found->second.count < _limits.free) return {};
    auto delay = _limits.first;
    for (int i = _limits.free; i < found->second.count && delay < _limits.longest; ++i) delay *= 2;
    const auto until = found->second.last + std::min(delay, _limits.longest);
    // A clock that was set back must not lock anybody out for long.
    if (now >= until || now < found->second.last) return {};
    return std::chrono::ceil<std::chrono::milliseconds>(until - now);
}

void SignInThrottle::add(Table& table, const std::string& key, TimePoint now) {
    std::erase_if(table, [&](const auto& entry) { return now - entry.second.last >= _limits.forgotten; });
    if (table.size() >= _limits.most && !table.contains(bounded(key)))
        table.erase(std::min_element(table.begin(), table.end(),
                                     [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
    auto& failures = table[bounded(key)];
    ++failures.count;
    failures.last = now;
}

}  // namespace carillon
