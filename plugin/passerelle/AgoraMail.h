#pragma once

#include "carillon/MailAccount.h"

#include <map>
#include <string>
#include <vector>

namespace passerelle {

/// The names in Agora's table `settings` that make its mail account.
extern const std::vector<std::string> kMailSettingNames;

/// From rows of the table, by name. Throws Poco::NotFoundException and Poco::SyntaxException with a sentence that names
/// the setting.
carillon::MailAccount mailAccountFromRows(const std::map<std::string, std::string>& rows);

}  // namespace passerelle
