#pragma once

#include "alerts/AlertStore.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace carillon {

/// Reads the alerts for all who ask, one after the other. Any thread; borrows the clock.
class AlertReader {
public:
    AlertReader(std::string stateDir, const Clock& clock) : _stateDir(std::move(stateDir)), _clock(clock) {}

    /// Throws StoreException.
    std::vector<AlertRow> read(const AlertQuery& query) {
        const std::lock_guard lock(_mutex);
        if (!_store) _store = std::make_unique<AlertStore>(_stateDir, _clock);
        return _store->alerts(query);
    }

private:
    const std::string _stateDir;
    const Clock& _clock;
    std::mutex _mutex;  // of all below
    std::unique_ptr<AlertStore> _store{};
};

}  // namespace carillon
