#pragma once

#include <string>
#include <vector>

namespace carillon {

/// The certificates, in DER, of those whom this system trusts to vouch for servers; none where OpenSSL finds them by
/// itself. Any thread.
std::vector<std::string> systemAuthorities();

}  // namespace carillon
