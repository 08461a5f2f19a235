#pragma once

#include "carillon/ConfigReader.h"
#include "config/Network.h"

#include <vector>

namespace carillon {

/// http.proxy.trusted: the proxies that are believed whom they ask for. Faults are in the reader.
std::vector<Network> readTrustedProxies(ConfigReader& in);

}  // namespace carillon
