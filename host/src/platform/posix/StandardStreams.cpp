#include "platform/StandardStreams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace carillon {

void keepStandardStreams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        // Each is the lowest number that is free. Not open for what the program does with it: that fails as before.
        if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

bool hasStdoutReader() {
    pollfd output{STDOUT_FILENO, 0, 0};
    return ::poll(&output, 1, 0) <= 0 || (output.revents & POLLERR) == 0;
}

std::error_code tryStdout() {
    return ::write(STDOUT_FILENO, "\n", 1) < 0 ? std::error_code(errno, std::generic_category()) : std::error_code();
}

}  // namespace carillon
