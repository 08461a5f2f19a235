#include "windows/FileTrust.h"

#include "windows/FileStatus.h"

#include "Poco/Exception.h"

#include <aclapi.h>
#include <sddl.h>

#include <algorithm>

namespace carillon {
namespace {

// Names of the same bits: to read a file is to list a folder, to write one is to add a file, to append is to add a
// folder. Rights that are to be inherited are still general.
constexpr ACCESS_MASK kReads = FILE_READ_DATA | GENERIC_READ | GENERIC_ALL;
constexpr ACCESS_MASK kTakesOver = FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_ALL;
// Attributes are enough to make a link of an empty folder.
constexpr ACCESS_MASK kWrites = kTakesOver | FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_ATTRIBUTES | GENERIC_WRITE;

/// Who may make files in a folder that leads to others' cannot replace these, as it is with C:\ and C:\ProgramData.
ACCESS_MASK refusedRights(TrustRole role) {
    switch (role) {
        case TrustRole::Way:
            return kTakesOver;
        case TrustRole::Target:
            return kWrites;
        case TrustRole::Secret:
            break;
    }
    return kWrites | kReads;
}

struct Rights {
    Account account{};
    ACCESS_MASK mask = 0;
    bool isForNewOnly = false;  ///< Not of the folder: of what is made in it.
};

struct Security {
    Account owner{};
    bool hasList = false;  ///< False: everybody may do everything.
    std::vector<Rights> given{};
};

void readList(PACL list, Security& security) {
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (!::GetAce(list, i, &entry)) {
            security.hasList = false;  // whom it lets in is not known
            continue;
        }
        auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        const auto type = allowed->Header.AceType;
        const bool allows = type == ACCESS_ALLOWED_ACE_TYPE || type == ACCESS_ALLOWED_CALLBACK_ACE_TYPE;
        if (!allows) continue;
        Rights rights{Account(&allowed->SidStart), allowed->Mask};
        rights.isForNewOnly = (allowed->Header.AceFlags & INHERIT_ONLY_ACE) != 0;
        // Whoever makes a file there is judged as its owner.
        if (rights.isForNewOnly && ::IsWellKnownSid(rights.account.sid(), WinCreatorOwnerSid)) continue;
        security.given.push_back(std::move(rights));
    }
}

/// Nothing when the system does not tell.
std::optional<Security> securityOf(const OpenFile& file) {
    PSID owner = nullptr;
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR found = nullptr;
    if (::GetSecurityInfo(handleOf(file), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                          &owner, nullptr, &list, nullptr, &found) != ERROR_SUCCESS)
        return std::nullopt;
    Security security;
    if (owner != nullptr) security.owner = Account(owner);
    security.hasList = list != nullptr;
    if (list != nullptr) readList(list, security);
    ::LocalFree(found);
    return security;
}

/// Those who are not trusted and have one of the rights, each once; with those on what will be made in a folder, or
/// not.
std::vector<Account> othersWith(const Security& security, ACCESS_MASK rights, bool countsNew) {
    std::vector<Account> others;
    for (const auto& [account, mask, isForNewOnly] : security.given)
        if ((mask & rights) != 0 && (countsNew || !isForNewOnly) && !account.isTrusted() &&
            std::find(others.begin(), others.end(), account) == others.end())
            others.push_back(account);
    return others;
}

Distrust distrustOfOthers(const std::vector<Account>& others, bool isSecret) {
    std::string names;
    std::string numbers;
    for (const auto& account : others) {
        names += (names.empty() ? "" : ", ") + account.name();
        numbers += " *" + account.text();  // names differ with the language of the system
    }
    const Message::Values values{{"names", names}};
    return {isSecret
                ? trustSays("host.trust.secretof", "the secret stands in a file that others may read (" + names + ")",
                            values)
                : trustSays("host.trust.othersof", "may be written by others (" + names + ") and is refused", values),
            {},
            "/inheritance:d /remove:g" + numbers};
}

}  // namespace

Distrust distrustOf(const OpenFile& file, TrustRole role) {
    if (::GetFileType(handleOf(file)) == FILE_TYPE_PIPE) return {};
    const auto security = securityOf(file);
    if (!security)
        return {trustSays("host.trust.untold", "does not tell who may write to it and is refused"), {}, "/reset"};
    if (const std::string owner = security->owner.name(); !security->owner.isTrusted())
        return {
            trustSays("host.trust.owner", "belongs to another user (" + owner + ") and is refused", {{"owner", owner}}),
            {},
            "/setowner *S-1-5-32-544"};
    if (!security->hasList)
        return {trustSays("host.trust.everybody", "may be written by everybody and is refused"),
                {},
                "/inheritance:r /grant:r *S-1-5-32-544:F *S-1-5-18:F"};
    const auto others = othersWith(*security, refusedRights(role), role != TrustRole::Way);
    return others.empty() ? Distrust{} : distrustOfOthers(others, role == TrustRole::Secret);
}

bool isOpenToOthers(const OpenFile& folder) {
    const auto security = securityOf(folder);
    return !security || !security->hasList || !othersWith(*security, kReads | kWrites, true).empty();
}

PrivateRights::PrivateRights() {
    const std::wstring rights =
        L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;" + wide(Account::own().text()) + L")";
    _attributes.nLength = sizeof _attributes;
    if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(rights.c_str(), SDDL_REVISION_1,
                                                                &_attributes.lpSecurityDescriptor, nullptr))
        throw Poco::SystemException("access list", lastError().message());
}

}  // namespace carillon
