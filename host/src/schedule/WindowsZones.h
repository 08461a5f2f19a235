#pragma once

#include <string_view>

namespace carillon {

/// The zone of the time-zone database that Windows calls by a name such as `Romance Standard Time`: that of the land
/// which Windows means by it. Empty when it is no such name. Capitals do not matter.
std::string_view zoneOfWindowsName(std::string_view name);

}  // namespace carillon
