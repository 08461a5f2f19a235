#include "platform/RunTraces.h"

#include "windows/OwnJob.h"
#include "windows/ProcessCodes.h"

#include <tlhelp32.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <csignal>
#include <cstddef>
#include <set>
#include <vector>

namespace carillon {
namespace {

/// How often to look again for what may be on its way out: 20 ms and more together.
constexpr int kLooks = 20;

constexpr std::array kSignals{SIGINT, SIGILL, SIGFPE, SIGSEGV, SIGTERM, SIGBREAK, SIGABRT};
constexpr std::array kStreams{STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};

using SignalHandler = void (*)(int);

std::size_t countOwnThreads() {
    const Handle all(::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
    THREADENTRY32 entry{};
    entry.dwSize = sizeof entry;
    std::size_t count = 0;
    for (BOOL more = ::Thread32First(all.get(), &entry); more; more = ::Thread32Next(all.get(), &entry))
        if (entry.th32OwnerProcessID == ::GetCurrentProcessId()) ++count;
    return count;
}

/// This process, perhaps the host of its console, and what it has started since it has a job of its own.
std::set<ULONG_PTR> processesOfJob() {
    constexpr std::size_t kMost = 1'024;
    std::vector<std::byte> bytes(sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST) + kMost * sizeof(ULONG_PTR));
    auto* const list = reinterpret_cast<JOBOBJECT_BASIC_PROCESS_ID_LIST*>(bytes.data());
    // More of them than that: the first ones, and the rest at the next look.
    if (!::QueryInformationJobObject(ownJob(), JobObjectBasicProcessIdList, list, static_cast<DWORD>(bytes.size()),
                                     nullptr) &&
        ::GetLastError() != ERROR_MORE_DATA)
        return {};
    return {list->ProcessIdList, list->ProcessIdList + list->NumberOfProcessIdsInList};
}

std::wstring currentFolder() {
    std::wstring folder(32'768, L'\0');
    folder.resize(::GetCurrentDirectoryW(static_cast<DWORD>(folder.size()), folder.data()));
    return folder;
}

std::wstring environmentNow() {
    wchar_t* const block = ::GetEnvironmentStringsW();
    std::size_t size = 0;
    while (block[size] != 0 || block[size + 1] != 0) ++size;
    std::wstring all(block, size);
    ::FreeEnvironmentStringsW(block);
    return all;
}

bool isStillPipe(std::intptr_t pipe) {
    return ::GetFileType(handleOf(pipe)) == FILE_TYPE_PIPE;
}

/// There is no other way to ask than to set.
SignalHandler handlerOf(int number) {
    const SignalHandler found = std::signal(number, SIG_DFL);
    if (found != SIG_ERR) std::signal(number, found);
    return found;
}

}  // namespace

struct RunTraces::State {
    explicit State(const HostPipes& given) : pipes(given) {
        for (std::size_t i = 0; i < kSignals.size(); ++i) handlers[i] = handlerOf(kSignals[i]);
        for (std::size_t i = 0; i < kStreams.size(); ++i) streams[i] = ::GetStdHandle(kStreams[i]);
    }

    void restoreHandlers() const {
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            if (handlers[i] != SIG_ERR) std::signal(kSignals[i], handlers[i]);
    }

    /// Returns whether there was a living one.
    bool endOthers() const {
        bool found = false;
        for (int look = 0; look < kLooks; ++look) {
            bool lives = false;
            for (const auto number : processesOfJob())
                if (!processes.contains(number)) lives = end(static_cast<DWORD>(number)) || lives;
            if (!lives) break;
            found = true;
            ::Sleep(1);
        }
        return found;
    }

    static bool end(DWORD number) {
        const Handle process(
            ::OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, number));
        if (!process || isSet(process.get())) return false;
        // The number may be another one's by now.
        BOOL isOwn = FALSE;
        if (!::IsProcessInJob(process.get(), ownJob(), &isOwn) || !isOwn) return false;
        ::TerminateProcess(process.get(), kKilledCode);
        return true;
    }

    /// One that was joined a moment ago is still counted.
    bool hasMoreThreads() const {
        for (int look = 0; look < kLooks; ++look) {
            if (countOwnThreads() <= threads) return false;
            ::Sleep(1);
        }
        return true;
    }

    bool hasOtherPipes() const {
        for (std::size_t i = 0; i < kStreams.size(); ++i)
            if (::GetStdHandle(kStreams[i]) != streams[i]) return true;
        return !isStillPipe(pipes.commands()) || !isStillPipe(pipes.messages());
    }

    HostPipes pipes;
    std::set<ULONG_PTR> processes = processesOfJob();
    std::size_t threads = countOwnThreads();
    std::wstring folder = currentFolder();
    std::wstring environment = environmentNow();
    std::string locale = std::setlocale(LC_ALL, nullptr);
    std::array<SignalHandler, kSignals.size()> handlers{};
    std::array<HANDLE, kStreams.size()> streams{};
};

RunTraces::RunTraces(const HostPipes& pipes) : _state(std::make_unique<State>(pipes)) {}

RunTraces::~RunTraces() = default;

std::string RunTraces::remove() {
    _state->restoreHandlers();
    if (_state->locale != std::setlocale(LC_ALL, nullptr)) std::setlocale(LC_ALL, _state->locale.c_str());
    if (_state->endOthers()) return "left a process behind";
    if (_state->hasMoreThreads()) return "left a thread behind";
    if (_state->hasOtherPipes()) return "closed or replaced a descriptor of its process";
    if (currentFolder() != _state->folder && !::SetCurrentDirectoryW(_state->folder.c_str()))
        return "left the folder of its process";
    if (environmentNow() != _state->environment) return "changed the environment of its process";
    return "";
}

}  // namespace carillon
