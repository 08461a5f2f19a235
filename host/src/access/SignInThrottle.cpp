#include "access/SignInThrottle.h"

#include "config/Network.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr unsigned kBitsOfAnIPv6Site = 64;

/// Nobody's name or address is longer, and a guesser's shall take no memory.
std::string bounded(const std::string& key) {
    return key.substr(0, 100);
}

std::string pairOf(const SignInThrottle::Try& one) {
    return one.user + '\n' + one.address;
}

}  // namespace

SignInThrottle::SignInThrottle(const Clock& clock, ThrottleLimits limits) : _clock(clock), _limits(limits) {}

SignInThrottle::Try SignInThrottle::begin(const std::string& user, const std::string& address) {
    const auto now = _clock.now();
    Try one{bounded(user), bounded(address)};
    const std::scoped_lock lock(_mutex);
    one.isKnown = isKnown(pairOf(one), now);
    one.wait = one.isKnown ? waitOf(_pairs, pairOf(one), now)
                           : std::max(waitOf(_users, one.user, now), waitOf(_addresses, one.address, now));
    if (one.wait.count() > 0) return one;
    if (one.isKnown) {
        add(_pairs, pairOf(one), now);
        return one;
    }
    if (!one.user.empty()) add(_users, one.user, now);
    add(_addresses, one.address, now);
    return one;
}

void SignInThrottle::succeeded(const Try& one) {
    const std::scoped_lock lock(_mutex);
    if (one.isKnown) {
        _pairs.erase(pairOf(one));
    } else {
        _users.erase(one.user);
        takeBack(_addresses, one.address);
    }
    const std::string pair = pairOf(one);
    if (_known.size() >= _limits.most && !_known.contains(pair))
        _known.erase(std::min_element(_known.begin(), _known.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; }));
    _known[pair] = _clock.now();
}

void SignInThrottle::withdrawn(const Try& one) {
    const std::scoped_lock lock(_mutex);
    if (one.isKnown) return takeBack(_pairs, pairOf(one));
    takeBack(_users, one.user);
    takeBack(_addresses, one.address);
}

// A clock that was set back makes nobody a stranger.
bool SignInThrottle::isKnown(const std::string& pair, TimePoint now) const {
    const auto found = _known.find(pair);
    return found != _known.end() && now - found->second < _limits.known;
}

std::chrono::milliseconds SignInThrottle::waitOf(const Table& table, const std::string& key, TimePoint now) const {
    const auto found = table.find(key);
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
    makeRoom(table, key);
    auto& failures = table[key];
    ++failures.count;
    failures.last = now;
}

void SignInThrottle::takeBack(Table& table, const std::string& key) {
    const auto found = table.find(key);
    if (found != table.end() && --found->second.count <= 0) table.erase(found);
}

void SignInThrottle::makeRoom(Table& table, const std::string& key) const {
    if (table.size() < _limits.most || table.contains(key)) return;
    table.erase(std::min_element(table.begin(), table.end(),
                                 [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
}

std::string throttledAddress(const Poco::Net::IPAddress& address) {
    const auto plain = plainAddress(address);
    if (plain.family() == Poco::Net::IPAddress::IPv6) return Network(plain, kBitsOfAnIPv6Site).toString();
    return plain.toString();
}

}  // namespace carillon
