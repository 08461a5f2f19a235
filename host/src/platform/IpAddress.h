#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace carillon {

/// An address of IPv4 or IPv6.
struct IpAddress {
    std::array<unsigned char, 16> bytes{};  ///< The first ones of it count.
    std::size_t bits = 0;                   ///< 32 or 128.
};

/// Of its text in full: of IPv4 four numbers without zeros before them, of IPv6 without brackets and scope.
std::optional<IpAddress> parseIpAddress(const std::string& text);

}  // namespace carillon
