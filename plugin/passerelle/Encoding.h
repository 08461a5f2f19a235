#pragma once

#include <cstddef>
#include <string>

/// Bytes as the forms of others want them.
namespace passerelle {

/// The first byte that meets the test, `end` if none does. The test has no branches, so that the compiler can put 16
/// bytes to it at once: std::find_if would look at one after the other.
template <typename Test>
const char* findByte(const char* from, const char* end, Test test) {
    constexpr std::ptrdiff_t kBlock = 16;
    for (; end - from >= kBlock; from += kBlock) {
        unsigned char met = 0;
        for (std::ptrdiff_t i = 0; i < kBlock; ++i) met |= static_cast<unsigned char>(test(from[i]));
        if (met != 0) break;
    }
    while (from != end && !test(*from)) ++from;
    return from;
}

/// Appends the text as a JSON string, quotes included.
void appendJson(std::string& json, const std::string& text);

/// On one line.
std::string toBase64(const std::string& bytes);

}  // namespace passerelle
