#pragma once

#include "access/Account.h"
#include "platform/FileReplacement.h"

#include <string>
#include <vector>

namespace carillon {

/// The file of accounts (http.users.file). One that is missing has nobody; one that cannot be read, that is not trusted
/// (FileRights.h), that others than its owner and group may read, or that is not as it should be is a fault, and
/// nobody is returned.
Accounts readAccountFile(const std::string& path, std::vector<ConfigFault>& faults);

/// A change of the file: reads it, holds back every other change as long as it lives, and replaces the file at save().
/// A process that ends in between leaves the file as it was. One thread.
class AccountFileChange {
public:
    /// Throws Poco::FileException when the folder is not there or not trusted, Failure with all faults of the
    /// file.
    explicit AccountFileChange(const std::string& path);
    AccountFileChange(const AccountFileChange&) = delete;
    AccountFileChange& operator=(const AccountFileChange&) = delete;

    Accounts accounts{};

    /// The file keeps its owner, group and mode, without any right of others; a new one gets those of its folder when
    /// root makes it, so that the host's user may read it. Throws Poco::FileException; the file is then as it was.
    void save() const;

private:
    FileReplacement _file;
};

}  // namespace carillon
