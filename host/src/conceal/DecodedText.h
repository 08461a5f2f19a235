#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// A text that another one stands for, and where in that each of its bytes comes from.
class DecodedText {
public:
    /// The text itself.
    explicit DecodedText(std::string_view text);

    /// Without the backslashes of JSON and of logs: `\"`, `\n`, `\u00e9`, `\xe9` and the like are what they mean, and
    /// any other backslash stays.
    DecodedText withoutEscapes() const;
    /// Without the `%XX` of addresses.
    DecodedText withoutPercents() const;
    /// Without the `&lt;`, `&#39;` and the like of web pages.
    DecodedText withoutEntities() const;

    const std::string& text() const { return _text; }
    /// What the bytes from `begin` to `end` stand as in the first text, with all of a character that they are a part
    /// of.
    std::pair<std::size_t, std::size_t> placeOf(std::size_t begin, std::size_t end) const;

private:
    DecodedText() = default;

    template <typename ReadUnit>
    DecodedText decoded(char mark, ReadUnit readUnit) const;

    std::string _text{};
    std::vector<std::uint32_t> _places{};  // of each byte and of the end
};

}  // namespace carillon
