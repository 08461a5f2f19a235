#include "platform/IpAddress.h"

#include <winsock2.h>
#include <ws2tcpip.h>

namespace carillon {

std::optional<IpAddress> parseIpAddress(const std::string& text) {
    constexpr std::size_t kBits4 = 32;
    constexpr std::size_t kBits6 = 128;
    IpAddress address;
    if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address.bits = kBits4, address;
    if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address.bits = kBits6, address;
    return std::nullopt;
}

}  // namespace carillon
