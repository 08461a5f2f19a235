#include "platform/ServiceManager.h"

#include "windows/ServiceState.h"

namespace carillon {

ServiceManager::ServiceManager() = default;

void ServiceManager::tellReady(const std::string&) const {
    tellServiceState(SERVICE_RUNNING);
}

/// A service has no such state.
void ServiceManager::tellReloading() const {}

void ServiceManager::tellEnding() const {
    tellServiceState(SERVICE_STOP_PENDING);
}

/// The system asks no service for that.
void ServiceManager::tellAlive() const {}

}  // namespace carillon
