#include "access/Sessions.h"

#include "access/Secrets.h"

#include <algorithm>
#include <utility>

namespace carillon {

Sessions::Sessions(AccessControl& access, const Clock& clock, SessionLimits limits)
    : _access(access), _clock(clock), _limits(limits) {}

Sessions::SignedIn Sessions::open(Principal principal) {
    SignedIn made{randomText(), randomText()};
    const auto now = _clock.now();
    const std::scoped_lock lock(_mutex);
    makeRoom(now);
    _sessions[sha256Hex(made.id)] = {std::move(principal), made.csrf, now, now};
    return made;
}

std::optional<Session> Sessions::find(const std::string& id) {
    const std::string key = sha256Hex(id);
    const auto now = _clock.now();
    const std::scoped_lock lock(_mutex);
    const auto found = _sessions.find(key);
    if (found == _sessions.end()) return std::nullopt;
    const auto standing = _access.standingOf(found->second.principal);
    if (isOver(found->second, now) || standing == AccessControl::Standing::Gone) {
        _sessions.erase(found);
        return std::nullopt;
    }
    if (standing == AccessControl::Standing::Unknown) return std::nullopt;
    found->second.usedAt = now;
    return found->second;
}

bool Sessions::isOpen(const std::string& id) const {
    const std::string key = sha256Hex(id);
    const auto now = _clock.now();
    const std::scoped_lock lock(_mutex);
    const auto found = _sessions.find(key);
    return found != _sessions.end() && !isOver(found->second, now) &&
           _access.standingOf(found->second.principal) == AccessControl::Standing::Current;
}

void Sessions::close(const std::string& id) {
    const std::string key = sha256Hex(id);
    const std::scoped_lock lock(_mutex);
    _sessions.erase(key);
}

std::size_t Sessions::size() const {
    const std::scoped_lock lock(_mutex);
    return _sessions.size();
}

bool Sessions::isOver(const Session& session, TimePoint now) const {
    return now - session.usedAt >= _limits.idle || now - session.signedInAt >= _limits.longest;
}

void Sessions::makeRoom(TimePoint now) {
    if (_sessions.size() < _limits.most) return;
    std::erase_if(_sessions, [this, now](const auto& entry) { return isOver(entry.second, now); });
    while (!_sessions.empty() && _sessions.size() >= _limits.most)
        _sessions.erase(std::min_element(_sessions.begin(), _sessions.end(), [](const auto& a, const auto& b) {
            return a.second.usedAt < b.second.usedAt;
        }));
}

}  // namespace carillon
