#include "cli/ServeFrame.h"

#include "serve/Host.h"

#include <utility>

namespace carillon {

void addServeOptions(Verb& verb, ServeOptions&) {
    verb.footer(
        "'carillon reload' re-reads the configuration; Ctrl-C drains and ends, a second one at once. To have it start "
        "with the machine: 'carillon service install'.");
}

/// Not in Poco's frame, which would take the process for a service whenever it has no console.
int serveInFrame(std::shared_ptr<const Configuration> configuration, const ServeOptions&) {
    return Host(std::move(configuration)).run();
}

}  // namespace carillon
