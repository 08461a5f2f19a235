#pragma once

#include "conceal/SecretForms.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// Finds many texts at once, and their beginnings, in time that depends on the length of what is searched alone
/// (Aho and Corasick, 1975). Plain data.
class SecretSearch {
public:
    /// From begin to end.
    using Span = std::pair<std::size_t, std::size_t>;

    /// A cut text counts as found when so many of its bytes are there, and three quarters of them at least: people make
    /// keys of words, such as harvest-2026, and those words are to be read.
    static constexpr std::size_t kShortestBeginning = 12;

    void add(const SecretForm& form);
    /// To be called after the last add().
    void prepare();

    /// Where any of them, or enough of its beginning, stands; in order, none in another.
    std::vector<Span> find(std::string_view text) const;

private:
    /// A beginning of some of the texts.
    struct Node {
        unsigned char byte = 0;     // its last
        bool counts = false;        // it is all of a text, or enough of it
        std::uint32_t depth = 0;    // its length
        std::uint32_t child = 0;    // 0: none; the others are the child's siblings
        std::uint32_t sibling = 0;  // 0: none
        std::uint32_t shorter = 0;  // the longest of its ends that is a beginning too; 0: none but the empty one
        std::uint32_t found = 0;    // the length of the longest of its ends that counts; 0: none
    };

    std::uint32_t childOf(std::uint32_t node, unsigned char byte) const;
    std::uint32_t makeChild(std::uint32_t node, unsigned char byte);
    std::uint32_t step(std::uint32_t node, unsigned char byte) const;

    std::vector<Node> _nodes{Node{}};
    std::array<std::uint32_t, 256> _first{};  // the root's children by their byte
};

}  // namespace carillon
