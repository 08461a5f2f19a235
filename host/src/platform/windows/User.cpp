#include "platform/User.h"

#include "windows/Account.h"

#include <sddl.h>

namespace carillon {
namespace {

/// One of the system's own, such as S-1-5-18.
Account accountOfSystem(std::uint32_t number) {
    PSID sid = nullptr;
    if (!::ConvertStringSidToSidW((L"S-1-5-" + std::to_wstring(number)).c_str(), &sid)) return {};
    const Account account(sid);
    ::LocalFree(sid);
    return account;
}

std::string withoutDomain(const std::string& name) {
    return name.substr(name.rfind('\\') + 1);
}

}  // namespace

std::string User::name() const {
    constexpr std::uint32_t kFirstOfMachine = 500;
    const Account account = number < kFirstOfMachine ? accountOfSystem(number) : Account::own().withLastPart(number);
    const std::string name = account.name();
    return name.empty() || name == account.text() ? "#" + std::to_string(number) : withoutDomain(name);
}

User userOfThisProcess() {
    return {Account::own().lastPart()};
}

bool becomeOwnerOf(const std::string&) {
    return false;
}

User callingUser() {
    return {Account::own().lastPart()};
}

}  // namespace carillon
