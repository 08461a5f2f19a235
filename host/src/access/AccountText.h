#pragma once

#include "access/Account.h"

#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Reads what formatAccounts() writes. Each fault names `file`, the place in it and what would be right; what is
/// returned is good only without any.
Accounts parseAccounts(std::string_view text, const std::string& file, std::vector<ConfigFault>& faults);

/// JSON, one account a line.
std::string formatAccounts(const Accounts& accounts);

}  // namespace carillon
