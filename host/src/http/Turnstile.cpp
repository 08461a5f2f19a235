#include "http/Turnstile.h"

namespace carillon {

/// False: as many as may wait already.
bool Turnstile::enter() {
    std::unique_lock lock(_mutex);
    if (_free > 0) {
        --_free;
        return true;
    }
    if (_waiting.size() >= _queue) return false;
    waitAt(_waiting.emplace(_waiting.end()), lock);
    return true;
}

void Turnstile::enterAgain() {
    std::unique_lock lock(_mutex);
    if (_free > 0) {
        --_free;
        return;
    }
    waitAt(_waiting.emplace(_waiting.begin()), lock);
}

void Turnstile::waitAt(std::list<Waiter>::iterator self, std::unique_lock<std::mutex>& lock) {
    self->called.wait(lock, [self] { return self->isCalled; });
    _waiting.erase(self);
}

// The place goes from hand to hand: who comes between the call and the waking takes nobody's turn.
void Turnstile::leave() {
    const std::lock_guard lock(_mutex);
    for (auto& waiter : _waiting) {
        if (waiter.isCalled) continue;
        waiter.isCalled = true;
        waiter.called.notify_one();
        return;
    }
    ++_free;
}

}  // namespace carillon
