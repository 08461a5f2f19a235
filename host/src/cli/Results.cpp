#include "cli/Results.h"

#include "cli/CliTexts.h"
#include "platform/StandardStreams.h"

#include <cerrno>
#include <iostream>
#include <system_error>

namespace carillon {
namespace {

/// Of a stream that failed some time ago nobody has kept the reason: what failed once fails again.
std::string reasonOfError(std::error_code error) {
    if (!error) error = tryStdout();
    return error ? error.message() : cliText("results.partly");
}

}  // namespace

std::optional<std::string> flushResults() {
    errno = 0;
    if (std::cout.flush()) return std::nullopt;
    const std::error_code error(errno, std::generic_category());
    if (!hasStdoutReader()) return std::nullopt;
    return cliText("results.lost", {{"reason", reasonOfError(error)}});
}

}  // namespace carillon
