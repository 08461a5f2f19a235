#pragma once

#include "base/ConfigSource.h"

#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Whether a line of a properties file goes on with the next one: an odd number of backslashes ends it.
bool continuesOnNextLine(std::string_view line);

/// One key of a properties file as it is written.
struct WrittenKey {
    int line = 0;  ///< Where it begins, from 1.
    std::string name{};
    std::vector<std::string_view> lines{};  ///< With those that continue it.
};

/// Warns of backslashes that were hardly meant as what they are: one at the end, as of a Windows folder or a password,
/// which makes the next line a part of the value, and one within, which is dropped or makes a line break. What the
/// value is, which may be a secret, is not shown.
void warnOfBackslashes(const std::string& file, const WrittenKey& key, std::vector<ConfigFault>& warnings);

}  // namespace carillon
