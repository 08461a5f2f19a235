#include "platform/ChildProcess.h"

#include "windows/PipeEnds.h"
#include "windows/ProcessCodes.h"

#include "Poco/Exception.h"

#include <psapi.h>

#include <array>
#include <cstddef>
#include <iostream>
#include <memory>
#include <vector>

namespace carillon {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw Poco::SystemException(what, lastError().message());
}

/// What is in it ends with its last handle, and that is with this process.
Handle makeJob() {
    Handle job(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    if (!job || !::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits))
        fail("job object");
    return job;
}

/// Only these handles reach the child.
class HandleList {
public:
    explicit HandleList(std::vector<HANDLE> handles) : _handles(std::move(handles)) {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        _bytes.resize(size);
        if (!::InitializeProcThreadAttributeList(get(), 1, 0, &size) ||
            !::UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, _handles.data(),
                                         _handles.size() * sizeof(HANDLE), nullptr, nullptr))
            fail("handle list");
    }
    HandleList(const HandleList&) = delete;
    HandleList& operator=(const HandleList&) = delete;
    ~HandleList() { ::DeleteProcThreadAttributeList(get()); }

    LPPROC_THREAD_ATTRIBUTE_LIST get() { return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(_bytes.data()); }

private:
    std::vector<HANDLE> _handles;
    std::vector<std::byte> _bytes{};
};

/// What the child is given, beside its pipes.
struct Gifts {
    Gifts() {
        SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
        stop = Handle(::CreateEventW(&inherited, TRUE, FALSE, nullptr));
        nothing = Handle(::CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited,
                                       OPEN_EXISTING, 0, nullptr));
        if (!stop || !nothing) fail("event");
    }

    ChildPipe commands{ChildPipe::Way::ToChild};
    ChildPipe messages{ChildPipe::Way::FromChild};
    ChildPipe output{ChildPipe::Way::FromChild};
    Handle stop{};
    Handle nothing{};  // an empty stdin
};

/// The command line that HostPipes::inherited() reads.
std::wstring commandLine(const std::wstring& program, const Gifts& gifts) {
    std::wstring line = L"\"" + program + L"\" worker";
    for (const HANDLE handle : {gifts.commands.childs.get(), gifts.messages.childs.get(), gifts.stop.get()})
        line += L' ' + std::to_wstring(numberOf(handle));
    return line;
}

PROCESS_INFORMATION startSuspended(const std::string& program, const Gifts& gifts) {
    const HANDLE output = gifts.output.childs.get();
    HandleList list(
        {gifts.commands.childs.get(), gifts.messages.childs.get(), output, gifts.stop.get(), gifts.nothing.get()});
    STARTUPINFOEXW start{};
    start.StartupInfo.cb = sizeof start;
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = gifts.nothing.get();
    start.StartupInfo.hStdOutput = output;
    start.StartupInfo.hStdError = output;
    start.lpAttributeList = list.get();
    const std::wstring name = wide(program);
    std::wstring line = commandLine(name, gifts);
    PROCESS_INFORMATION made{};
    // No console: what somebody types for the host is not for the child, and one of its own takes as long to start as
    // a process.
    if (!::CreateProcessW(name.c_str(), line.data(), nullptr, nullptr, TRUE,
                          EXTENDED_STARTUPINFO_PRESENT | CREATE_SUSPENDED | DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP,
                          nullptr, nullptr, &start.StartupInfo, &made))
        fail(program);
    return made;
}

struct Child {
    explicit Child(Gifts& gifts)
        : commands(std::move(gifts.commands.own)),
          messages(std::move(gifts.messages.own)),
          output(std::move(gifts.output.own)) {}

    Handle job = makeJob();
    Handle process{};
    Handle stop{};
    WriteEnd commands;
    ReadEnd messages;
    ReadEnd output;
};

Child& childOf(void* more) {
    return *static_cast<Child*>(more);
}

/// It runs only once it is in the job, so that nothing of it can escape.
void start(Child& child, const std::string& program, const Gifts& gifts, int& number) {
    const PROCESS_INFORMATION made = startSuspended(program, gifts);
    child.process = Handle(made.hProcess);
    const Handle thread(made.hThread);
    if (!::AssignProcessToJobObject(child.job.get(), child.process.get())) {
        const std::error_code error = lastError();
        ::TerminateProcess(child.process.get(), kKilledCode);
        throw Poco::SystemException("job object", error.message());
    }
    ::ResumeThread(thread.get());
    number = static_cast<int>(made.dwProcessId);
}

ExitStatus exitStatusOf(DWORD code) {
    if (code == kKilledCode) return {ExitStatus::Kind::Killed, static_cast<int>(code)};
    // The system's codes of the severity `error`; those of exit() are smaller, or negative.
    const bool crashed = (code & 0xF0000000) == 0xC0000000;
    return {crashed ? ExitStatus::Kind::Crashed : ExitStatus::Kind::Exited, static_cast<int>(code)};
}

}  // namespace

ChildProcess::ChildProcess(Launch, const std::string& program, Main) {
    std::cout.flush();
    Gifts gifts;
    auto child = std::make_unique<Child>(gifts);
    start(*child, program, gifts, _number);
    child->stop = std::move(gifts.stop);  // the other end is the child's by now
    _process = numberOf(child->process.get());
    _commands = _messages = _output = 0;
    _more = child.release();
}

ChildProcess::~ChildProcess() {
    const std::unique_ptr<Child> child(&childOf(_more));
    child->commands.close();
    if (_collected) return;
    kill();
    collect(Wait::UntilEnd);
}

std::optional<std::size_t> ChildProcess::write(std::string_view bytes) {
    return childOf(_more).commands.write(bytes);
}

ChildProcess::Ready ChildProcess::wait(bool forCommands, std::chrono::milliseconds limit) {
    auto& child = childOf(_more);
    std::array<HANDLE, 4> events{child.process.get()};
    DWORD count = 1;
    if (child.output.isOpen()) events[count++] = child.output.event();
    if (child.messages.isOpen()) events[count++] = child.messages.event();
    if (forCommands) events[count++] = child.commands.event();
    ::WaitForMultipleObjects(count, events.data(), FALSE, waitTime(limit.count()));
    Ready ready;
    ready.output = child.output.isOpen() && isSet(child.output.event());
    // Output may have been read ahead: whatever was said before it is to be read now.
    ready.messages = child.messages.isOpen() && (ready.output || isSet(child.messages.event()));
    ready.commands = forCommands && isSet(child.commands.event());
    ready.end = isSet(child.process.get());
    return ready;
}

bool ChildProcess::readOutput(std::string& buffer) {
    const bool came = childOf(_more).output.take(buffer);
    if (!childOf(_more).output.isOpen()) _output = -1;
    return came;
}

bool ChildProcess::readMessages(std::string& buffer) {
    const bool came = childOf(_more).messages.take(buffer);
    if (!childOf(_more).messages.isOpen()) _messages = -1;
    return came;
}

void ChildProcess::closeMessages() {
    childOf(_more).messages.close();
    _messages = -1;
}

void ChildProcess::askToStop() {
    ::SetEvent(childOf(_more).stop.get());
}

void ChildProcess::kill() {
    ::TerminateJobObject(childOf(_more).job.get(), kKilledCode);
}

std::optional<ExitStatus> ChildProcess::collect(Wait wait) {
    const HANDLE process = childOf(_more).process.get();
    if (::WaitForSingleObject(process, wait == Wait::No ? 0 : INFINITE) != WAIT_OBJECT_0) return std::nullopt;
    DWORD code = 0;
    ::GetExitCodeProcess(process, &code);
    kill();  // what it started and left behind
    _collected = true;
    return exitStatusOf(code);
}

std::size_t ChildProcess::residentBytes() const {
    PROCESS_MEMORY_COUNTERS counters{};
    return ::GetProcessMemoryInfo(handleOf(_process), &counters, sizeof counters) ? counters.WorkingSetSize : 0;
}

}  // namespace carillon
