#include "platform/Service.h"

#include "platform/FileRights.h"
#include "platform/ThisProgram.h"
#include "windows/EventLog.h"
#include "windows/HostSignals.h"
#include "windows/ServiceState.h"

#include "Poco/Exception.h"

#include <array>
#include <cstddef>
#include <exception>
#include <vector>

namespace carillon {
namespace {

constexpr const wchar_t* kName = L"carillon";
constexpr const wchar_t* kShownName = L"Carillon";
constexpr const wchar_t* kDescription = L"Runs jobs that are plugins, at their times, and shows how they went.";

[[noreturn]] void fail(const char* what) {
    throw Poco::SystemException(what, lastError().message());
}

/// Of the system's register of services.
class ServiceHandle {
public:
    explicit ServiceHandle(SC_HANDLE handle) : _handle(handle) {}
    ServiceHandle(const ServiceHandle&) = delete;
    ServiceHandle& operator=(const ServiceHandle&) = delete;
    ~ServiceHandle() {
        if (_handle != nullptr) ::CloseServiceHandle(_handle);
    }
    explicit operator bool() const { return _handle != nullptr; }
    SC_HANDLE get() const { return _handle; }

private:
    SC_HANDLE _handle;
};

SC_HANDLE openRegister(DWORD access) {
    const SC_HANDLE found = ::OpenSCManagerW(nullptr, nullptr, access);
    if (found == nullptr) fail("the services of this machine");
    return found;
}

std::string nameOfState(DWORD state) {
    switch (state) {
        case SERVICE_RUNNING:
            return "running";
        case SERVICE_START_PENDING:
            return "starting";
        case SERVICE_STOP_PENDING:
            return "ending";
        case SERVICE_STOPPED:
            return "stopped";
        default:
            return "in state " + std::to_string(state);
    }
}

SERVICE_STATUS_PROCESS statusOf(const ServiceHandle& service) {
    SERVICE_STATUS_PROCESS status{};
    DWORD size = 0;
    if (!::QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status,
                                &size))
        fail("the state of the service carillon");
    return status;
}

/// After a crash it starts again: soon, later, and then every ten minutes.
std::error_code restartAfterCrash(const ServiceHandle& service) {
    std::array<SC_ACTION, 3> actions{SC_ACTION{SC_ACTION_RESTART, 5'000}, SC_ACTION{SC_ACTION_RESTART, 60'000},
                                     SC_ACTION{SC_ACTION_RESTART, 600'000}};
    SERVICE_FAILURE_ACTIONSW onFailure{};
    onFailure.dwResetPeriod = 24 * 3600;  // seconds without one, after which it counts anew
    onFailure.cActions = static_cast<DWORD>(actions.size());
    onFailure.lpsaActions = actions.data();
    const bool restarts = ::ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_FAILURE_ACTIONS, &onFailure);
    return restarts ? std::error_code() : lastError();
}

const std::function<int()>* hostOfService = nullptr;
int codeOfService = 0;

DWORD WINAPI onControl(DWORD control, DWORD, void*, void*) {
    switch (control) {
        case SERVICE_CONTROL_STOP:
        case SERVICE_CONTROL_SHUTDOWN:
            tellServiceState(SERVICE_STOP_PENDING);
            sendHostEvent(HostEvent::End);
            return NO_ERROR;
        case SERVICE_CONTROL_PARAMCHANGE:
            sendHostEvent(HostEvent::Reload);
            return NO_ERROR;
        case SERVICE_CONTROL_INTERROGATE:
            return NO_ERROR;
        default:
            return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

/// Exceptions have no other way out of a service.
int runHost() {
    try {
        return (*hostOfService)();
    } catch (const Poco::Exception& e) {
        reportServiceFault(e.message().empty() ? e.displayText() : e.message());
    } catch (const std::exception& e) {
        reportServiceFault(e.what());
    }
    return EXIT_FAILURE;
}

void WINAPI serviceMain(DWORD, wchar_t**) {
    setServiceHandle(::RegisterServiceCtrlHandlerExW(kName, onControl, nullptr));
    tellServiceState(SERVICE_START_PENDING);
    writeEvent(EventKind::Note, "Carillon starts, process " + std::to_string(::GetCurrentProcessId()) + ".");
    codeOfService = runHost();
    if (codeOfService == 0)
        writeEvent(EventKind::Note, "Carillon has ended.");
    else
        reportServiceFault("Carillon has ended with code " + std::to_string(codeOfService) + ".");
    tellServiceState(SERVICE_STOPPED, static_cast<DWORD>(codeOfService));
}

}  // namespace

std::optional<ServiceReport> serviceReport() {
    const ServiceHandle all(openRegister(SC_MANAGER_CONNECT));
    const ServiceHandle service(::OpenServiceW(all.get(), kName, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG));
    if (!service && ::GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST) return std::nullopt;
    if (!service) fail("the service carillon");
    const SERVICE_STATUS_PROCESS status = statusOf(service);
    ServiceReport report;
    report.state = nameOfState(status.dwCurrentState);
    report.process = static_cast<int>(status.dwProcessId);
    report.exitCode =
        static_cast<int>(status.dwWin32ExitCode == ERROR_SERVICE_SPECIFIC_ERROR ? status.dwServiceSpecificExitCode
                                                                                : status.dwWin32ExitCode);
    alignas(QUERY_SERVICE_CONFIGW) std::array<std::byte, 8192> bytes{};  // as large as the system makes it
    DWORD size = 0;
    auto* const configured = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(bytes.data());
    if (::QueryServiceConfigW(service.get(), configured, static_cast<DWORD>(bytes.size()), &size)) {
        report.command = utf8(configured->lpBinaryPathName);
        if (configured->lpServiceStartName != nullptr) report.account = utf8(configured->lpServiceStartName);
        report.startsWithMachine = configured->dwStartType == SERVICE_AUTO_START;
    }
    return report;
}

std::string installService(const std::string& configuration) {
    if (const TrustedPath program = trustedPath(programToStartAgain()); !program.refusal().empty())
        throw Poco::FileException(programToStartAgain() + ": " + program.refusal().text);
    const ServiceHandle all(openRegister(SC_MANAGER_CREATE_SERVICE));
    const std::wstring command =
        L"\"" + wide(programToStartAgain()) + L"\" --config \"" + wide(configuration) + L"\" service run";
    const ServiceHandle service(::CreateServiceW(all.get(), kName, kShownName, SERVICE_ALL_ACCESS,
                                                 SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                                 command.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
    if (!service) fail("the service carillon cannot be installed");
    SERVICE_DESCRIPTIONW description{const_cast<wchar_t*>(kDescription)};
    ::ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_DESCRIPTION, &description);
    addEventSource();
    const auto problem = restartAfterCrash(service);
    return problem ? problem.message() : "";
}

void removeService() {
    constexpr int kLooks = 300;
    constexpr DWORD kLook = 100;  // milliseconds
    const ServiceHandle all(openRegister(SC_MANAGER_CONNECT));
    const ServiceHandle service(::OpenServiceW(all.get(), kName, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE));
    if (!service) fail("the service carillon");
    SERVICE_STATUS ignored{};
    if (::ControlService(service.get(), SERVICE_CONTROL_STOP, &ignored))
        for (int look = 0; look < kLooks && statusOf(service).dwCurrentState != SERVICE_STOPPED; ++look) ::Sleep(kLook);
    if (!::DeleteService(service.get())) fail("the service carillon cannot be removed");
    removeEventSource();
}

int runAsService(const std::function<int()>& host) {
    hostOfService = &host;
    std::wstring name = kName;
    const std::array table{SERVICE_TABLE_ENTRYW{name.data(), serviceMain}, SERVICE_TABLE_ENTRYW{nullptr, nullptr}};
    if (!::StartServiceCtrlDispatcherW(table.data()))
        throw Poco::SystemException(
            "'carillon service run' is for the system's services; to run a host here, use 'carillon serve'");
    return codeOfService;
}

void reportServiceFault(const std::string& text) {
    writeEvent(EventKind::Fault, text);
}

}  // namespace carillon
