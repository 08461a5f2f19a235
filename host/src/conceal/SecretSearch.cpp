#include "conceal/SecretSearch.h"

#include <algorithm>

namespace carillon {

void SecretSearch::add(const SecretForm& form) {
    const std::size_t enough = std::min(form.whole, std::max(kShortestBeginning, (form.whole * 3 + 3) / 4));
    std::uint32_t node = 0;
    for (const char c : form.text) {
        node = makeChild(node, static_cast<unsigned char>(c));
        if (_nodes[node].depth >= enough) _nodes[node].counts = true;
    }
}

std::uint32_t SecretSearch::makeChild(std::uint32_t node, unsigned char byte) {
    if (const auto known = childOf(node, byte); known != 0) return known;
    const auto made = static_cast<std::uint32_t>(_nodes.size());
    Node child;
    child.byte = byte;
    child.depth = _nodes[node].depth + 1;
    child.sibling = _nodes[node].child;
    _nodes.push_back(child);
    _nodes[node].child = made;
    if (node == 0) _first[byte] = made;
    return made;
}

std::uint32_t SecretSearch::childOf(std::uint32_t node, unsigned char byte) const {
    if (node == 0) return _first[byte];
    std::uint32_t child = _nodes[node].child;
    while (child != 0 && _nodes[child].byte != byte) child = _nodes[child].sibling;
    return child;
}

std::uint32_t SecretSearch::step(std::uint32_t node, unsigned char byte) const {
    for (;; node = _nodes[node].shorter) {
        if (const auto child = childOf(node, byte); child != 0) return child;
        if (node == 0) return 0;
    }
}

/// By length, since each builds on shorter ones.
void SecretSearch::prepare() {
    std::vector<std::uint32_t> queue{0};
    for (std::size_t next = 0; next < queue.size(); ++next) {
        const std::uint32_t node = queue[next];
        for (auto child = _nodes[node].child; child != 0; child = _nodes[child].sibling) {
            Node& made = _nodes[child];
            made.shorter = node == 0 ? 0 : step(_nodes[node].shorter, made.byte);
            made.found = made.counts ? made.depth : _nodes[made.shorter].found;
            queue.push_back(child);
        }
    }
}

std::vector<SecretSearch::Span> SecretSearch::find(std::string_view text) const {
    std::vector<Span> spans;
    std::uint32_t node = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        node = node == 0 ? _first[byte] : step(node, byte);
        if (node == 0) continue;  // as nearly always
        const std::uint32_t length = _nodes[node].found;
        if (length == 0) continue;
        Span span{at + 1 - length, at + 1};
        // What grows, or overlaps, is one.
        while (!spans.empty() && spans.back().second > span.first) {
            span.first = std::min(span.first, spans.back().first);
            spans.pop_back();
        }
        spans.push_back(span);
    }
    return spans;
}

}  // namespace carillon
