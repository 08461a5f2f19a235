#include "windows/Account.h"

#include <sddl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace carillon {
namespace {

std::vector<unsigned char> ownSid() {
    HANDLE found = nullptr;
    if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &found)) return {};
    const Handle token(found);
    alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> bytes{};
    DWORD length = 0;
    if (!::GetTokenInformation(token.get(), TokenUser, bytes.data(), static_cast<DWORD>(bytes.size()), &length))
        return {};
    const auto* sid = static_cast<const unsigned char*>(reinterpret_cast<TOKEN_USER*>(bytes.data())->User.Sid);
    return {sid, sid + ::GetLengthSid(const_cast<unsigned char*>(sid))};
}

}  // namespace

Account::Account(PSID sid)
    : _bytes(static_cast<unsigned char*>(sid), static_cast<unsigned char*>(sid) + ::GetLengthSid(sid)) {}

Account Account::own() {
    static const std::vector<unsigned char> sid = ownSid();
    Account account;
    account._bytes = sid;
    return account;
}

std::string Account::text() const {
    LPWSTR text = nullptr;
    if (!isKnown() || !::ConvertSidToStringSidW(sid(), &text)) return "";
    const std::string result = utf8(text);
    ::LocalFree(text);
    return result;
}

std::string Account::name() const {
    std::array<wchar_t, 512> name{};
    std::array<wchar_t, 512> domain{};
    auto nameSize = static_cast<DWORD>(name.size());
    auto domainSize = static_cast<DWORD>(domain.size());
    SID_NAME_USE use{};
    if (!isKnown() || !::LookupAccountSidW(nullptr, sid(), name.data(), &nameSize, domain.data(), &domainSize, &use))
        return text();
    return (domainSize > 0 ? utf8(domain.data()) + "\\" : "") + utf8(name.data());
}

std::uint32_t Account::lastPart() const {
    if (!isKnown() || *::GetSidSubAuthorityCount(sid()) == 0) return 0;
    return static_cast<std::uint32_t>(
        *::GetSidSubAuthority(sid(), static_cast<DWORD>(*::GetSidSubAuthorityCount(sid()) - 1)));
}

Account Account::withLastPart(std::uint32_t part) const {
    Account other = *this;
    if (isKnown() && *::GetSidSubAuthorityCount(sid()) > 0)
        *::GetSidSubAuthority(other.sid(), static_cast<DWORD>(*::GetSidSubAuthorityCount(sid()) - 1)) = part;
    return other;
}

bool Account::isTrusted() const {
    // Whoever owns a file is judged as its owner. Administrators of the machine and of its domain.
    constexpr std::array kKinds{WinLocalSystemSid,          WinBuiltinAdministratorsSid, WinCreatorOwnerRightsSid,
                                WinAccountAdministratorSid, WinAccountDomainAdminsSid,   WinAccountEnterpriseAdminsSid};
    const auto is = [this](WELL_KNOWN_SID_TYPE kind) { return ::IsWellKnownSid(sid(), kind); };
    // Who owns the system's own files. Other services may have no rights at all.
    constexpr std::string_view kTrustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
    return *this == own() || std::any_of(kKinds.begin(), kKinds.end(), is) || text() == kTrustedInstaller;
}

}  // namespace carillon
