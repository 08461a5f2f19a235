#pragma once

#include "platform/FileFacts.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace carillon {

/// One open file or folder, which is closed with this object. Others may read it, write to it, rename and remove it
/// meanwhile, as a rotation does. Errors are those of the system, to be compared with std::errc. One thread at a time,
/// but for readAt().
class OpenFile {
public:
    /// What the system knows it by: a descriptor or a HANDLE.
    using Handle = std::intptr_t;
    static constexpr Handle kNone = -1;

    OpenFile() = default;
    /// Takes it over.
    explicit OpenFile(Handle handle) : _handle(handle) {}
    OpenFile(OpenFile&& other) noexcept : _handle(std::exchange(other._handle, kNone)) {}
    OpenFile& operator=(OpenFile&& other) noexcept {
        std::swap(_handle, other._handle);
        return *this;
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() { close(); }

    explicit operator bool() const { return _handle != kNone; }
    Handle handle() const { return _handle; }
    void close();

    /// Nothing, and the error, when the system does not tell.
    std::optional<FileFacts> facts(std::error_code& error) const;

    /// Up to `most` bytes from `offset`; returns how many, fewer only at the end of the file or with an error.
    std::size_t readAt(std::uint64_t offset, char* bytes, std::size_t most, std::error_code& error) const;
    /// All that is left of it from where it was read up to; of a pipe until its writers are gone. False: the error.
    bool readAll(std::string& bytes, std::error_code& error) const;
    /// Writes all, where the file stands; at its end when it was opened to append. False: the error.
    bool write(std::string_view bytes, std::error_code& error) const;
    /// Has these bytes alone in it from now on, as far as it can be written to.
    void replaceContent(std::string_view bytes) const;

private:
    Handle _handle = kNone;
};

/// Takes the lock of the whole file, at once or not at all; it is free again when the file is closed, also by the end
/// of the process. The file may be read by others meanwhile. False: somebody else has it.
bool tryLock(const OpenFile& file);

/// Whether a process has the lock of the file at the path. It is refused to who wants it in this very instant.
bool isLocked(const std::string& path);

/// Whether somebody reads from the pipe at the path. Does not wait.
bool hasReader(const std::string& pipe);

}  // namespace carillon
