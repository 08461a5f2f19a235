#include "config/TextFile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace carillon {
namespace {

// The size is a first guess only: a pipe has none, and a file may grow.
std::optional<std::string> readAll(int file) {
    struct stat status {};
    if (::fstat(file, &status) != 0) return std::nullopt;
    std::string text(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)) + 4096, '\0');
    std::size_t size = 0;
    for (;;) {
        const ssize_t n = ::read(file, text.data() + size, text.size() - size);
        if (n < 0) return std::nullopt;
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
        if (size == text.size()) text.resize(2 * size);
    }
    text.resize(size);
    return text;
}

}  // namespace

std::optional<std::string> readWholeFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    auto text = readAll(file);
    const int error = errno;
    ::close(file);
    errno = error;
    return text;
}

std::string_view takeLine(std::string_view text, std::size_t& at) {
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    return line;
}

}  // namespace carillon
