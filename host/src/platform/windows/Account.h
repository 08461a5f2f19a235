#pragma once

#include "windows/System.h"

#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// An account or group of the system, by its SID.
class Account {
public:
    Account() = default;
    explicit Account(PSID sid);
    /// The one whose rights this process has.
    static Account own();

    PSID sid() const { return const_cast<unsigned char*>(_bytes.data()); }
    bool isKnown() const { return !_bytes.empty(); }
    /// Such as S-1-5-18.
    std::string text() const;
    /// Such as NT AUTHORITY\SYSTEM; the text of one who has none.
    std::string name() const;
    std::uint32_t lastPart() const;
    /// Of the same machine or domain with another last part.
    Account withLastPart(std::uint32_t part) const;

    /// Administrators, the system and its installer, and oneself: who can do everything anyway.
    bool isTrusted() const;

    bool operator==(const Account& other) const { return _bytes == other._bytes; }

private:
    std::vector<unsigned char> _bytes{};
};

}  // namespace carillon
