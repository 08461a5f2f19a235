#include "platform/ServiceManager.h"

namespace carillon {

// POSIX alone has none.

ServiceManager::ServiceManager() = default;

void ServiceManager::tellReady(const std::string& status) const {
    tell(status);
}

void ServiceManager::tellReloading() const {}

void ServiceManager::tellEnding() const {}

void ServiceManager::tellAlive() const {}

void ServiceManager::tell(const std::string&) const {}

}  // namespace carillon
