#include "platform/OpenFile.h"

#include "posix/FileStatus.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

namespace carillon {

void OpenFile::close() {
    if (_handle != kNone) ::close(static_cast<int>(std::exchange(_handle, kNone)));
}

std::optional<FileFacts> OpenFile::facts(std::error_code& error) const {
    struct stat status {};
    error = ::fstat(descriptorOf(*this), &status) == 0 ? std::error_code() : lastError();
    return error ? std::nullopt : std::optional(factsFrom(status));
}

std::size_t OpenFile::readAt(std::uint64_t offset, char* bytes, std::size_t most, std::error_code& error) const {
    error.clear();
    std::size_t have = 0;
    while (have < most) {
        const auto got = ::pread(descriptorOf(*this), bytes + have, most - have, static_cast<off_t>(offset + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) error = lastError();
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

bool OpenFile::readAll(std::string& bytes, std::error_code& error) const {
    const int file = descriptorOf(*this);
    struct stat status {};
    // The size is a first guess only: a pipe has none, and a file may grow.
    bytes.resize((::fstat(file, &status) == 0 ? static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)) : 0) +
                 4096);
    std::size_t size = 0;
    ssize_t n = 0;
    while ((n = ::read(file, bytes.data() + size, bytes.size() - size)) > 0 || (n < 0 && errno == EINTR)) {
        size += n > 0 ? static_cast<std::size_t>(n) : 0;
        if (size == bytes.size()) bytes.resize(2 * size);
    }
    error = n == 0 ? std::error_code() : lastError();
    bytes.resize(size);
    return n == 0;
}

bool OpenFile::write(std::string_view bytes, std::error_code& error) const {
    while (!bytes.empty()) {
        const ssize_t n = ::write(descriptorOf(*this), bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) {
            error = lastError();
            return false;
        }
        if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    error.clear();
    return true;
}

void OpenFile::replaceContent(std::string_view bytes) const {
    if (::ftruncate(descriptorOf(*this), 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(descriptorOf(*this), bytes.data(), bytes.size(), 0);
}

bool tryLock(const OpenFile& file) {
    return ::flock(descriptorOf(file), LOCK_EX | LOCK_NB) == 0;
}

bool isLocked(const std::string& path) {
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return file && ::flock(descriptorOf(file), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

bool hasReader(const std::string& pipe) {
    return static_cast<bool>(OpenFile(::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)));
}

}  // namespace carillon
