#include "windows/ServiceState.h"

#include <atomic>

namespace carillon {
namespace {

std::atomic<SERVICE_STATUS_HANDLE> statusHandle{nullptr};
std::atomic<DWORD> checkPoint{0};

constexpr DWORD kPatience = 60'000;  // milliseconds that a start, an end or a reload may take

bool isPassing(DWORD state) {
    return state != SERVICE_RUNNING && state != SERVICE_STOPPED;
}

}  // namespace

bool isService() {
    return statusHandle.load() != nullptr;
}

void setServiceHandle(SERVICE_STATUS_HANDLE handle) {
    statusHandle.store(handle);
}

void tellServiceState(DWORD state, DWORD code) {
    if (!isService()) return;
    SERVICE_STATUS status{};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    if (state == SERVICE_RUNNING)
        status.dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE;
    status.dwWin32ExitCode = code == 0 ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
    status.dwServiceSpecificExitCode = code;
    status.dwCheckPoint = isPassing(state) ? ++checkPoint : 0;
    status.dwWaitHint = isPassing(state) ? kPatience : 0;
    ::SetServiceStatus(statusHandle.load(), &status);
}

}  // namespace carillon
