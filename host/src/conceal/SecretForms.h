#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A text that a secret may stand as.
struct SecretForm {
    std::string text{};
    std::size_t whole = 0;  ///< So many of its bytes are all of the secret; behind them comes padding.
};

/// The secret itself; in hexadecimal; as it is quoted from a web page, without tags and with one blank for several; and
/// what base64 makes of it, in either alphabet: alone, and behind one or two bytes of something else, as in the
/// `user:secret` of Basic credentials. Forms of fewer than `least` bytes are none.
std::vector<SecretForm> formsOf(std::string_view secret, std::size_t least);

}  // namespace carillon
