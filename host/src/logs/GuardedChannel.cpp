#include "logs/GuardedChannel.h"

#include <utility>

namespace carillon {

GuardedChannel::GuardedChannel(Poco::Channel::Ptr target, LostLines& lost) : _target(std::move(target)), _lost(lost) {}

void GuardedChannel::log(const Poco::Message& message) {
    const std::lock_guard lock(_mutex);
    try {
        _target->log(message);
    } catch (...) {
        _lost.add(message);
        closeQuietly();
    }
}

void GuardedChannel::close() {
    const std::lock_guard lock(_mutex);
    closeQuietly();
}

void GuardedChannel::closeQuietly() noexcept {
    try {
        _target->close();
    } catch (...) {  // what could be written is written
    }
}

}  // namespace carillon
