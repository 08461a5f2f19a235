#include "../Traces.h"

#include <io.h>
#include <windows.h>

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using carillon::RunReport;

namespace {

constexpr std::size_t kLeaked = 100;
constexpr std::size_t kBlock = 16 << 20;
constexpr int kStdout = 1;
constexpr int kStderr = 2;

RunReport closeStdout() {
    ::_close(kStdout);
    ::_close(kStderr);
    return RunReport::succeeded("closed stdout");
}

/// To the last byte, and nothing is given back.
RunReport leak() {
    for (;;) std::memset(new char[kLeaked], 1, kLeaked);
}

}  // namespace

std::optional<RunReport> leaveTrace(const std::string& name) {
    const std::map<std::string, std::function<RunReport()>> traces{
        {"fork", [] { return RunReport::succeeded(std::to_string(leaveSleeperBehind())); }},
        {"leave_thread", [] { return std::thread(loopForEver).detach(), RunReport::succeeded("left a thread"); }},
        {"leave_descriptor", [] { return RunReport::succeeded(std::to_string(::_dup(kStdout))); }},
        {"close_stdout", closeStdout},
        {"set_variable", [] { return ::_putenv("CARILLON_TRACE=1"), RunReport::succeeded("set a variable"); }},
        {"leak", leak},
    };
    const auto trace = traces.find(name);
    if (trace == traces.end()) return std::nullopt;
    return trace->second();
}

int leaveSleeperBehind() {
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION process{};
    std::wstring command = L"ping -n 3600 127.0.0.1";
    if (::CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process) == 0)
        return 0;
    ::CloseHandle(process.hThread);
    ::CloseHandle(process.hProcess);
    return static_cast<int>(process.dwProcessId);
}

void loopForEver() {
    for (;;) ::Sleep(INFINITE);
}

void crash() {
    static volatile int* const nowhere = nullptr;
    *nowhere = 1;
    loopForEver();
}

void killSelf() {
    ::TerminateProcess(::GetCurrentProcess(), 9);
    loopForEver();
}

/// That its job gives it, or with none, all that there is.
void exhaustMemory() {
    std::vector<std::unique_ptr<char[]>> blocks;
    for (;;) {
        blocks.push_back(std::make_unique<char[]>(kBlock));
        std::memset(blocks.back().get(), 1, kBlock);
    }
}
