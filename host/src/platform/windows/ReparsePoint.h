#pragma once

#include "windows/System.h"

#include <optional>
#include <string>

namespace carillon {

/// Where a link leads: a path, perhaps relative to its folder. Nothing when it is no symbolic link and no junction, or
/// the system does not tell.
std::optional<std::wstring> targetOfLink(HANDLE link);

/// Whether what is open with FILE_FLAG_OPEN_REPARSE_POINT stands for something elsewhere.
bool isLink(HANDLE file);

}  // namespace carillon
