#include "windows/ConsoleEvents.h"

#include "windows/ServiceState.h"
#include "windows/System.h"

#include <csignal>

namespace carillon {
namespace {

void (*consoleHandler)(int) = nullptr;

BOOL WINAPI onConsoleEvent(DWORD event) {
    switch (event) {
        case CTRL_C_EVENT:
            consoleHandler(SIGINT);
            return TRUE;
        case CTRL_BREAK_EVENT:
            consoleHandler(SIGBREAK);
            return TRUE;
        case CTRL_LOGOFF_EVENT:
        case CTRL_SHUTDOWN_EVENT:
            // The service's own controls say so, and nobody's session is the service's.
            if (isService()) return TRUE;
            [[fallthrough]];
        default:
            consoleHandler(SIGTERM);
            ::Sleep(INFINITE);  // the process is ended as soon as this returns
            return TRUE;
    }
}

}  // namespace

void watchConsole(void (*handler)(int)) {
    consoleHandler = handler;
    ::SetConsoleCtrlHandler(onConsoleEvent, TRUE);
}

}  // namespace carillon
