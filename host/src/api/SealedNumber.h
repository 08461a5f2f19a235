#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// Numbers in a form that tells nothing of them, and that nobody else can make: an encrypted block, with a key that
/// lives as long as this. Any thread.
class SealedNumber {
public:
    /// Throws Poco::SystemException when the library cannot.
    SealedNumber();
    ~SealedNumber();

    /// 32 hexadecimal digits, the same ones for the same number.
    std::string seal(std::uint64_t number) const;
    /// What seal() was given; nothing: this has not sealed it.
    std::optional<std::uint64_t> open(const std::string& sealed) const;

private:
    struct Ciphers;

    mutable std::mutex _mutex;  // of what is below
    const std::unique_ptr<Ciphers> _ciphers;
};

}  // namespace carillon
