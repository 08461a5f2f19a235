#include "windows/PipeEnds.h"

#include "windows/FileTrust.h"

#include "Poco/Exception.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr DWORD kPipeSize = 1 << 20;
constexpr std::size_t kMostWritten = 1 << 20;

[[noreturn]] void fail() {
    throw Poco::SystemException("pipe", lastError().message());
}

/// Nobody can guess it, and so be there first.
std::wstring freshName() {
    constexpr std::size_t kRandomBytes = 16;
    return L"\\\\.\\pipe\\carillon-" + std::to_wstring(::GetCurrentProcessId()) + L'-' + wide(randomHex(kRandomBytes));
}

Handle makeEvent(bool set) {
    Handle event(::CreateEventW(nullptr, TRUE, set, nullptr));
    if (!event) fail();
    return event;
}

}  // namespace

ChildPipe::ChildPipe(Way way) {
    const std::wstring name = freshName();
    const bool toChild = way == Way::ToChild;
    PrivateRights rights;  // its name can be listed by anybody once it is there
    own = Handle(
        ::CreateNamedPipeW(name.c_str(), FILE_FLAG_OVERLAPPED | (toChild ? PIPE_ACCESS_OUTBOUND : PIPE_ACCESS_INBOUND),
                           PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, kPipeSize, kPipeSize, 0, rights.get()));
    if (!own) fail();
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    childs = Handle(::CreateFileW(name.c_str(), toChild ? GENERIC_READ : GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0,
                                  &inherited, OPEN_EXISTING, 0, nullptr));
    if (!childs) fail();
}

ReadEnd::ReadEnd(Handle pipe) : _pipe(std::move(pipe)), _event(makeEvent(false)) {
    begin();
}

/// Invariant: an open end has always begun to read, so that the event tells when there is something.
void ReadEnd::begin() {
    _reading = OVERLAPPED{};
    _reading.hEvent = _event.get();
    _reads = ::ReadFile(_pipe.get(), _block.data(), static_cast<DWORD>(_block.size()), nullptr, &_reading) ||
             ::GetLastError() == ERROR_IO_PENDING;
    if (!_reads) close();
}

bool ReadEnd::take(std::string& buffer) {
    const std::size_t before = buffer.size();
    // To the end of what is there: what is said first must not be read after what is printed next.
    // But not for ever: a writing of nothing is a reading too.
    constexpr int kMostRounds = 64;
    for (int round = 0; round < kMostRounds && isOpen() && buffer.size() - before < _block.size(); ++round) {
        DWORD n = 0;
        const bool came = ::GetOverlappedResult(_pipe.get(), &_reading, &n, FALSE);
        const DWORD problem = came ? ERROR_SUCCESS : ::GetLastError();
        if (problem == ERROR_IO_INCOMPLETE) break;
        _reads = false;
        buffer.append(_block.data(), came ? n : 0);
        // The system cancels the reading when the thread that began it ends.
        came || problem == ERROR_OPERATION_ABORTED ? begin() : close();
    }
    return buffer.size() > before;
}

void ReadEnd::close() {
    DWORD ignored = 0;
    if (_reads) {  // until the system has let go of the block, cancelled or done
        ::CancelIoEx(_pipe.get(), &_reading);
        ::GetOverlappedResult(_pipe.get(), &_reading, &ignored, TRUE);
    }
    _reads = false;
    _pipe.close();
}

WriteEnd::WriteEnd(Handle pipe) : _pipe(std::move(pipe)), _event(makeEvent(true)) {}

std::optional<std::size_t> WriteEnd::write(std::string_view bytes) {
    if (!_pipe) return std::nullopt;
    DWORD n = 0;
    if (_writes && !::GetOverlappedResult(_pipe.get(), &_writing, &n, FALSE)) {
        if (::GetLastError() == ERROR_IO_INCOMPLETE) return 0;
        _writes = false;
        close();
        return std::nullopt;
    }
    _text = bytes.substr(0, kMostWritten);
    _writing = OVERLAPPED{};
    _writing.hEvent = _event.get();
    _writes = ::WriteFile(_pipe.get(), _text.data(), static_cast<DWORD>(_text.size()), nullptr, &_writing) ||
              ::GetLastError() == ERROR_IO_PENDING;
    if (!_writes) close();
    return _writes ? std::optional(_text.size()) : std::nullopt;
}

void WriteEnd::close() {
    DWORD ignored = 0;
    if (_writes) {
        ::CancelIoEx(_pipe.get(), &_writing);
        ::GetOverlappedResult(_pipe.get(), &_writing, &ignored, TRUE);
    }
    _writes = false;
    _pipe.close();
}

}  // namespace carillon
