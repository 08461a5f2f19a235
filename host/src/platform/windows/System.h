#pragma once

// What of the system's headers this folder needs: without the sockets of long ago, and without macros for min and max.
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace carillon {

/// The system's texts are UTF-16, the host's UTF-8. What is neither becomes U+FFFD.
std::wstring wide(std::string_view text);
std::string utf8(std::wstring_view text);

/// The file of this process's program.
std::wstring fileOfThisProgram();

/// So many bytes that nobody can guess, in hexadecimal. By the system's own generator and not by Poco's stream, which
/// opens a provider of cryptography for each. Throws Poco::SystemException.
std::string randomHex(std::size_t bytes);

std::error_code systemError(DWORD number);
inline std::error_code lastError() {
    return systemError(::GetLastError());
}

/// Closes what it holds.
class Handle {
public:
    Handle() = default;
    /// Both values by which the system says that there is none become null.
    explicit Handle(HANDLE handle) : _handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
    Handle(Handle&& other) noexcept : _handle(std::exchange(other._handle, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(_handle, other._handle);
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { close(); }

    explicit operator bool() const { return _handle != nullptr; }
    HANDLE get() const { return _handle; }
    HANDLE release() { return std::exchange(_handle, nullptr); }
    void close() {
        if (_handle != nullptr) ::CloseHandle(std::exchange(_handle, nullptr));
    }

private:
    HANDLE _handle = nullptr;
};

inline std::intptr_t numberOf(HANDLE handle) {
    return reinterpret_cast<std::intptr_t>(handle);
}
inline HANDLE handleOf(std::intptr_t number) {
    return reinterpret_cast<HANDLE>(number);
}

inline std::uint64_t joined(DWORD high, DWORD low) {
    return std::uint64_t{high} << 32 | low;
}
/// In 100 ns since 1601.
inline std::uint64_t ticksOf(const FILETIME& time) {
    return joined(time.dwHighDateTime, time.dwLowDateTime);
}

/// A time to wait for; none is for ever.
inline DWORD waitTime(long long milliseconds) {
    constexpr long long kLongest = 0x7fffffff;
    return static_cast<DWORD>(milliseconds < 0 ? 0 : milliseconds < kLongest ? milliseconds : kLongest);
}

inline bool isSet(HANDLE waitable) {
    return ::WaitForSingleObject(waitable, 0) == WAIT_OBJECT_0;
}

}  // namespace carillon
