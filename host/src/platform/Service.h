#pragma once

#include <functional>
#include <optional>
#include <string>

namespace carillon {

// The host as a service of Windows, by the name carillon. Other systems have service managers of their own, for which
// a service is a file that people write, and nothing of this.

/// How the service stands.
struct ServiceReport {
    std::string state{};    ///< Such as `running`.
    std::string command{};  ///< That starts it.
    std::string account{};  ///< Whose rights it has.
    bool startsWithMachine = false;
    int process = 0;   ///< 0: none.
    int exitCode = 0;  ///< Of its last end.
};

/// Nothing when it is not installed. Throws Poco::SystemException when the system does not tell.
std::optional<ServiceReport> serviceReport();

/// Makes it, to start with the machine and again after a crash, and has the event log know its entries. Does not start
/// it. `configuration`: an absolute path. Returns why it will not start again after a crash; empty: it will. Throws
/// Poco::SystemException, such as for somebody who is no administrator, and Poco::FileException with a sentence when
/// others may change the program.
std::string installService(const std::string& configuration);

/// Stops and removes it. Throws Poco::SystemException.
void removeService();

/// For the process that the system starts as the service: has `host` run on another thread until it returns, and tells
/// the system how it stands (ServiceManager.h); its controls come as host events (HostEvents.h). Its start, its end and
/// what it throws are written to the event log. Returns what `host` does. Throws Poco::SystemException when the system
/// did not start this process.
int runAsService(const std::function<int()>& host);

/// Writes to the event log that something is wrong with the service. Any thread.
void reportServiceFault(const std::string& text);

}  // namespace carillon
