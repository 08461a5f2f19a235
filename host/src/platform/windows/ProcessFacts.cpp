#include "platform/ProcessFacts.h"

#include "windows/StopPipe.h"

namespace carillon {
namespace {

/// In 100 ns since 1601; no later process of the same number has the same.
std::uint64_t startOf(HANDLE process) {
    FILETIME made{};
    FILETIME ended{};
    FILETIME kernel{};
    FILETIME user{};
    return ::GetProcessTimes(process, &made, &ended, &kernel, &user) ? ticksOf(made) : 0;
}

Handle openProcess(int number) {
    return Handle(::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, static_cast<DWORD>(number)));
}

/// Waits while somebody else asks.
Handle openStopPipe(int number) {
    constexpr int kTries = 10;
    constexpr DWORD kPatience = 100;  // milliseconds
    const std::wstring name = stopPipeOf(number);
    for (int i = 0; i < kTries; ++i) {
        Handle pipe(::CreateFileW(name.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr));
        if (pipe || ::GetLastError() != ERROR_PIPE_BUSY) return pipe;
        ::WaitNamedPipeW(name.c_str(), kPatience);
    }
    return {};
}

}  // namespace

std::wstring stopPipeOf(int process) {
    return L"\\\\.\\pipe\\carillon-stop-" + std::to_wstring(process);
}

int ownProcessNumber() {
    return static_cast<int>(::GetCurrentProcessId());
}

/// Not told, and not needed: the start of a process is a moment of its own.
std::string bootId() {
    return "";
}

std::string processNamespace() {
    return "";
}

std::optional<ProcessState> stateOfProcess(int number) {
    const Handle process = number == ownProcessNumber() ? Handle() : openProcess(number);
    if (number == ownProcessNumber()) return ProcessState{false, startOf(::GetCurrentProcess())};
    if (!process) return std::nullopt;
    return ProcessState{isSet(process.get()), startOf(process.get())};
}

bool mayExist(int number) {
    return openProcess(number) || ::GetLastError() != ERROR_INVALID_PARAMETER;
}

ProcessHold::ProcessHold(int number) : _number(number) {
    if (Handle process = openProcess(number)) _process = OpenFile(numberOf(process.release()));
}

StopSent ProcessHold::askToStop(const User& who) const {
    const Handle pipe = openStopPipe(_number);
    const bool hasEnded = _process ? isSet(handleOf(_process.handle())) : !mayExist(_number);
    ULONG server = 0;
    if (!pipe) return hasEnded ? StopSent::Gone : StopSent::Refused;
    // Anybody may have made a pipe of that name first.
    if (!::GetNamedPipeServerProcessId(pipe.get(), &server) || static_cast<int>(server) != _number)
        return StopSent::Refused;
    DWORD written = 0;
    return ::WriteFile(pipe.get(), &who.number, sizeof who.number, &written, nullptr) ? StopSent::Sent
                                                                                      : StopSent::Refused;
}

}  // namespace carillon
