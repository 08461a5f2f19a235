#include "access/AccountFile.h"

#include "access/Account.h"
#include "base/TextFile.h"
#include "carillon/Failure.h"
#include "words/FileWords.h"

#include "Poco/Exception.h"

namespace carillon {
Accounts readAccountFile(const std::string& path, std::vector<ConfigFault>& faults) {
    const TextFile file = readTextFile(path, TrustRole::Secret);
    if (file.error == std::errc::no_such_file_or_directory) return {};
    if (file.error) faults.push_back({path, 0, "", sayFailure(file)});
    if (file.flaw) faults.push_back({path, file.flaw->line, "", sayFlaw(*file.flaw)});
    if (file.error || file.flaw) return {};
    const std::size_t before = faults.size();
    Accounts accounts = parseAccounts(file.text, path, faults);
    return faults.size() == before ? accounts : Accounts{};
}

AccountFileChange::AccountFileChange(const std::string& path) : _file(path) {
    std::vector<ConfigFault> faults;
    accounts = readAccountFile(_file.path(), faults);
    if (faults.empty()) return;
    Message all;
    for (const auto& fault : faults) all += (all.empty() ? Message() : Message("\n")) + fault.message();
    throw Failure(all);
}

void AccountFileChange::save() const {
    _file.replace(formatAccounts(accounts), "accounts.written");
}

}  // namespace carillon
