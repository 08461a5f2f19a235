#include "cli/StandardStreams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

namespace carillon {
namespace {

bool readerIsGone() {
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

/// Of a stream that failed some time ago nobody has kept the reason: what failed once fails again.
std::string reasonOfError(int error) {
    if (error == 0 && ::write(STDOUT_FILENO, "\n", 1) < 0) error = errno;
    return error == 0 ? "a part of them is missing" : std::strerror(error);
}

}  // namespace

void keepStandardStreams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        // Each is the lowest number that is free. Not open for what the program does with it: that fails as before.
        if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

std::optional<std::string> flushResults() {
    errno = 0;
    if (std::cout.flush()) return std::nullopt;
    const int error = errno;
    if (readerIsGone()) return std::nullopt;
    return "the results could not be written to stdout (" + reasonOfError(error) + ")";
}

}  // namespace carillon
