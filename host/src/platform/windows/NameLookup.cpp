#include "platform/NameLookup.h"

#include <winsock2.h>
#include <ws2tcpip.h>

#include "windows/System.h"

#include "Poco/Net/Net.h"

#include <array>
#include <memory>

namespace carillon {
namespace {

std::string textOf(const ADDRINFOW& found) {
    std::array<wchar_t, 128> host{};
    const int failed = ::GetNameInfoW(found.ai_addr, static_cast<socklen_t>(found.ai_addrlen), host.data(),
                                      static_cast<DWORD>(host.size()), nullptr, 0, NI_NUMERICHOST);
    return failed == 0 ? utf8(host.data()) : "";
}

}  // namespace

NameLookup lookUpName(const std::string& host) {
    Poco::Net::initializeNetwork();
    NameLookup result;
    ADDRINFOW wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    ADDRINFOW* found = nullptr;
    if (const int problem = ::GetAddrInfoW(wide(host).c_str(), nullptr, &wanted, &found); problem != 0) {
        result.problem = systemError(static_cast<DWORD>(problem)).message();
        return result;
    }
    const std::unique_ptr<ADDRINFOW, void (*)(ADDRINFOW*)> all(found, [](ADDRINFOW* list) { ::FreeAddrInfoW(list); });
    for (const ADDRINFOW* address = found; address != nullptr; address = address->ai_next)
        if (std::string text = textOf(*address); !text.empty()) result.addresses.push_back(std::move(text));
    return result;
}

}  // namespace carillon
