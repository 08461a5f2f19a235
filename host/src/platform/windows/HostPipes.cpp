#include "platform/HostPipes.h"

#include "windows/ProcessCodes.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>

namespace carillon {
namespace {

constexpr int kArguments = 5;  // program, verb, commands, messages, event

std::atomic<bool> stopRequested{false};
HANDLE stopEvent = nullptr;
std::mutex stopMutex;  // for what comes of the event

/// The event becomes the flag. Whoever comes second finds it done: a request to stop that came before a command must
/// not be noticed after it.
void noticeStop() {
    const std::lock_guard lock(stopMutex);
    if (stopEvent == nullptr || !isSet(stopEvent)) return;
    stopRequested.store(true);
    ::ResetEvent(stopEvent);
}

/// Null when it is no handle that this process has inherited.
HANDLE inheritedHandle(const char* text) {
    std::intptr_t number = 0;
    const auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
    DWORD flags = 0;
    const bool good = error == std::errc() && *end == '\0' && ::GetHandleInformation(handleOf(number), &flags) &&
                      (flags & HANDLE_FLAG_INHERIT) != 0;
    return good ? handleOf(number) : nullptr;
}

bool isPipe(HANDLE handle) {
    return handle != nullptr && ::GetFileType(handle) == FILE_TYPE_PIPE;
}

LONG WINAPI endByFault(EXCEPTION_POINTERS* fault) {
    ::TerminateProcess(::GetCurrentProcess(), fault->ExceptionRecord->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

/// A crash is an exit code: no dialogue waits for somebody, and no report of a debugger lands in a log.
void endPlainly() {
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    ::SetUnhandledExceptionFilter(endByFault);
    std::signal(SIGABRT, [](int) { ::TerminateProcess(::GetCurrentProcess(), kAbortedCode); });
}

}  // namespace

bool HostPipes::areNamed(int argc, const char* const* argv) {
    return argc >= 2 && std::string_view(argv[1]) == "worker" && (argc == 2 || argc == kArguments);
}

std::optional<HostPipes> HostPipes::inherited(int argc, const char* const* argv) {
    if (argc != kArguments) return std::nullopt;
    const HANDLE commands = inheritedHandle(argv[2]);
    const HANDLE messages = inheritedHandle(argv[3]);
    const HANDLE stop = inheritedHandle(argv[4]);
    if (!isPipe(commands) || !isPipe(messages) || stop == nullptr) return std::nullopt;
    for (const HANDLE handle : {commands, messages, stop}) ::SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0);
    stopEvent = stop;
    return HostPipes(numberOf(commands), numberOf(messages), true);
}

HostPipes::HostPipes(std::intptr_t commands, std::intptr_t messages, bool watched)
    : _commands(commands), _messages(messages), _process(::GetCurrentProcessId()), _watched(watched) {}

std::size_t HostPipes::read(char* bytes, std::size_t most) const {
    DWORD n = 0;
    if (!::ReadFile(handleOf(_commands), bytes, static_cast<DWORD>(most), &n, nullptr)) n = 0;
    noticeStop();
    return n;
}

bool HostPipes::write(std::string_view bytes) const {
    constexpr std::size_t kMostAtOnce = 1 << 20;
    while (!bytes.empty()) {
        DWORD n = 0;
        const auto most = static_cast<DWORD>(bytes.size() < kMostAtOnce ? bytes.size() : kMostAtOnce);
        if (!::WriteFile(handleOf(_messages), bytes.data(), most, &n, nullptr)) return false;
        bytes.remove_prefix(n);
    }
    return true;
}

bool HostPipes::areOfThisProcess() const {
    return ::GetCurrentProcessId() == _process;
}

/// The job object ends this process, and all that its tasks have started, with the host.
std::atomic<bool>& HostPipes::serve() const {
    endPlainly();
    std::setvbuf(stdout, nullptr, _IONBF, 0);  // a crash must not take with it what was printed before
    std::thread([] {
        while (::WaitForSingleObject(stopEvent, INFINITE) == WAIT_OBJECT_0) noticeStop();
    }).detach();
    return stopRequested;
}

}  // namespace carillon
