#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// One answer of a validator as the gateway lists it, not yet judged.
struct Validation {
    std::int64_t gatewayId = 0;  ///< The gateway's row number, good for this listing only; 0: none that can be used.
    std::string token{};         ///< Its identity.
    std::string action{};        ///< As sent: valide, refuse, or anything.
    std::optional<std::string> comment{};
    std::string validatedAt{};  ///< As sent: `YYYY-MM-DD HH:MM:SS` in the gateway's zone, or anything.
    std::string payload{};      ///< The whole item as JSON.
    std::string fingerprint{};  ///< SHA-256 of the item without its id, lower-case hex: tells nameless items apart.
    std::string defect{};       ///< What is wrong with its form; empty: nothing.
    std::string identity{};     ///< Its key in the inbox (identify).
    std::string digest{};       ///< Tells two answers for one token apart (identify).
    std::string refusal{};      ///< What the database said when it refused this item alone; empty: it has not.
    bool cut = false;           ///< It is larger than the reader keeps: what is here is its beginning.
};

struct Batch {
    std::vector<Validation> items{};
    std::size_t bytes = 0;  ///< Of the payloads.
};

/// `bytes` of the text at most, cut at a character of UTF-8.
inline std::string beginningOf(const std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

/// A token as it may be shown: its first 8 characters.
inline std::string shortToken(const std::string& token) {
    return token.empty() ? "(none)" : beginningOf(token, 8);
}

}  // namespace passerelle
