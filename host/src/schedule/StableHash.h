#pragma once

#include <cstdint>
#include <string_view>

namespace carillon {

/// The same on every machine and for ever, since stored and published times depend on it: FNV-1a with the finaliser of
/// MurmurHash3, so that also its remainders are spread evenly.
inline std::uint64_t stableHash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
    return hash ^ (hash >> 33);
}

}  // namespace carillon
