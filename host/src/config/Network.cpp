#include "config/Network.h"

#include <array>
#include <charconv>
#include <cstring>

namespace carillon {
namespace {

using Poco::Net::IPAddress;

constexpr std::size_t kMostBytes = 16;
constexpr std::size_t kMappedBytes = 12;  // ::ffff:

/// The address with zeros behind its first bits.
IPAddress masked(const IPAddress& address, unsigned bits) {
    std::array<unsigned char, kMostBytes> bytes{};
    std::memcpy(bytes.data(), address.addr(), address.length());
    for (unsigned i = 0; i < address.length(); ++i) {
        const unsigned kept = bits > i * 8 ? bits - i * 8 : 0;
        if (kept < 8) bytes[i] = static_cast<unsigned char>(bytes[i] & (0xff00U >> kept));
    }
    return {bytes.data(), address.length()};
}

}  // namespace

Network::Network(const IPAddress& address, unsigned bits) : _first(masked(address, bits)), _bits(bits) {}

std::optional<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    IPAddress address;
    if (!IPAddress::tryParse(std::string(text.substr(0, slash)), address)) return std::nullopt;
    address = plainAddress(address);
    if (slash == std::string_view::npos) return Network(address);
    const auto length = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc{} || end != length.data() + length.size() || bits > address.length() * 8U)
        return std::nullopt;
    return Network(address, bits);
}

bool Network::contains(const IPAddress& address) const {
    return address.length() == _first.length() && masked(address, _bits) == _first;
}

std::string Network::toString() const {
    return _first.toString() + '/' + std::to_string(_bits);
}

IPAddress plainAddress(const IPAddress& address) {
    if (address.family() != IPAddress::IPv6 || !address.isIPv4Mapped()) return address;
    return {static_cast<const unsigned char*>(address.addr()) + kMappedBytes,
            static_cast<poco_socklen_t>(kMostBytes - kMappedBytes)};
}

std::optional<IPAddress> parseAddress(std::string_view text) {
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    } else if (const auto colon = text.find(':'); colon != std::string_view::npos && colon == text.rfind(':')) {
        text = text.substr(0, colon);  // IPv6 has two or more
    }
    IPAddress address;
    if (!IPAddress::tryParse(std::string(text), address)) return std::nullopt;
    return plainAddress(address);
}

}  // namespace carillon
