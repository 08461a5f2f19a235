#pragma once

#include "platform/FileRights.h"
#include "platform/TrustSentence.h"
#include "windows/Account.h"

#include <string>
#include <vector>

namespace carillon {

/// The whole rule: what belongs to administrators, the system or oneself, and what nobody else may write to, is
/// trusted. `file` is open with READ_CONTROL.
Distrust distrustOf(const OpenFile& file, TrustRole role);

/// Whether others may read or write what is made in a folder without rights of its own.
bool isOpenToOthers(const OpenFile& folder);

/// Rights for administrators, the system and oneself alone. Throws Poco::SystemException.
class PrivateRights {
public:
    PrivateRights();
    PrivateRights(const PrivateRights&) = delete;
    PrivateRights& operator=(const PrivateRights&) = delete;
    ~PrivateRights() { ::LocalFree(_attributes.lpSecurityDescriptor); }

    SECURITY_ATTRIBUTES* get() { return &_attributes; }

private:
    SECURITY_ATTRIBUTES _attributes{};
};

}  // namespace carillon
