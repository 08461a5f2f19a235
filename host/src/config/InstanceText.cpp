#include "config/InstanceText.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kBegin = "${instance.";

}  // namespace

bool InstanceText::isOne(std::string_view text) {
    return text.find(kBegin) != std::string_view::npos;
}

InstanceText::InstanceText(std::string_view text, const InstanceTable& table,
                           const std::function<void(std::string_view name)>& onUnknown) {
    for (std::size_t begin = text.find(kBegin); begin != std::string_view::npos; begin = text.find(kBegin)) {
        const std::size_t end = text.find('}', begin);
        if (end == std::string_view::npos) break;
        const std::string_view name = text.substr(begin + kBegin.size(), end - begin - kBegin.size());
        const auto column = table.findColumn(name);
        if (!column) onUnknown(name);
        _end += text.substr(0, column ? begin : end + 1);
        if (column) _pieces.push_back({std::exchange(_end, {}), *column});
        text.remove_prefix(end + 1);
    }
    _end += text;
}

std::string InstanceText::of(const InstanceTable& table, std::size_t row) const {
    std::string text;
    for (const auto& piece : _pieces) text.append(piece.literal).append(table.value(row, piece.column));
    return text.append(_end);
}

std::vector<std::size_t> InstanceText::columns() const {
    std::vector<std::size_t> columns;
    for (const auto& piece : _pieces) columns.push_back(piece.column);
    return columns;
}

bool InstanceText::hasOtherVariable() const {
    const auto has = [](const std::string& literal) { return literal.find("${") != std::string::npos; };
    return has(_end) || std::any_of(_pieces.begin(), _pieces.end(), [&](const Piece& p) { return has(p.literal); });
}

}  // namespace carillon
