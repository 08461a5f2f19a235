#pragma once

#include "store/RunStore.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace carillon {

/// Stores for threads that read now and then: each is used by one thread at a time, and kept for the next. Any thread;
/// borrows the clock.
class StorePool {
public:
    StorePool(std::string stateDir, const Clock& clock) : _stateDir(std::move(stateDir)), _clock(clock) {}

    /// Returns what `action` makes of a store. Throws StoreException.
    template <class Action>
    auto with(Action action) {
        auto store = take();
        auto result = action(*store);
        const std::lock_guard lock(_mutex);
        if (_free.size() < kKept) _free.push_back(std::move(store));
        return result;
    }

private:
    static constexpr std::size_t kKept = 4;
    static constexpr std::chrono::milliseconds kPatience{2'000};

    std::unique_ptr<RunStore> take() {
        {
            const std::lock_guard lock(_mutex);
            if (!_free.empty()) {
                auto store = std::move(_free.back());
                _free.pop_back();
                return store;
            }
        }
        return std::make_unique<RunStore>(_stateDir, _clock, kPatience);
    }

    const std::string _stateDir;
    const Clock& _clock;
    std::mutex _mutex;  // of all below
    std::vector<std::unique_ptr<RunStore>> _free{};
};

}  // namespace carillon
