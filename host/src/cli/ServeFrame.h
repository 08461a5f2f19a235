#pragma once

#include "cli/Verb.h"
#include "config/Configuration.h"

#include <memory>
#include <string>

namespace carillon {

// In what the host of `carillon serve` lives: each system has its own. Unix can put it into the background; Windows
// keeps programs there as services, for which a verb of its own is (SystemVerbs.h).

struct ServeOptions {
    bool daemon = false;
    std::string pidFile{};
};

/// Those that this system has, and how a host is told to end.
void addServeOptions(Verb& verb, ServeOptions& options);

/// Runs the host until it is told to end. Returns its exit code. Throws Poco::Exception, with a sentence, when it does
/// not start.
int serveInFrame(std::shared_ptr<const Configuration> configuration, const ServeOptions& options);

}  // namespace carillon
