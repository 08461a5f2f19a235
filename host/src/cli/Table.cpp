#include "cli/Table.h"

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kIndent = 4;
constexpr std::size_t kLeastOfLast = 30;  // of its columns

/// The first characters, and as many bytes as they take.
std::size_t bytesOf(std::string_view text, std::size_t characters) {
    std::size_t bytes = 0;
    for (; characters > 0 && bytes < text.size(); --characters) do
            ++bytes;
        while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80);
    return bytes;
}

std::string cutTo(const std::string& text, std::size_t width) {
    return columnsOf(text) <= width ? text : text.substr(0, bytesOf(text, width - 1)) + "…";
}

/// Lines of so many columns at most, broken where a space is; a longer word is broken where the line ends.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (columnsOf(text) > width) {
        const std::size_t most = bytesOf(text, width);
        const std::size_t space = text.rfind(' ', most);
        const bool hasSpace = space != std::string_view::npos && space > 0;
        lines.emplace_back(text.substr(0, hasSpace ? space : most));
        text.remove_prefix(hasSpace ? space + 1 : most);
    }
    lines.emplace_back(text);
    return lines;
}

}  // namespace

Table::Table(std::vector<std::string> heads, Rest rest) : _heads(std::move(heads)), _rest(rest) {}

void Table::add(std::vector<Cell> row) {
    for (auto& cell : row) cell.text = printable(cell.text);
    _rows.push_back(std::move(row));
}

void Table::print() const {
    const Layout layout = layOut(terminalWidth());
    std::vector<Cell> heads;
    for (const auto& head : _heads) heads.push_back({head, Colour::Bold});
    printRow(heads, layout);
    for (const auto& row : _rows) printRow(row, layout);
}

Table::Layout Table::layOut(std::size_t terminal) const {
    Layout layout;
    auto& widths = layout.widths;
    for (const auto& head : _heads) widths.push_back(columnsOf(head));
    for (const auto& row : _rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columnsOf(row[i].text));
    layout.beginsLine.assign(widths.size(), false);
    if (terminal == 0) return layout;
    std::size_t used = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const bool last = i + 1 == widths.size();
        const std::size_t least = last ? std::min(widths[i], kLeastOfLast) : widths[i];
        if (i > 0 && used + least > terminal) {
            layout.beginsLine[i] = true;
            used = kIndent;
        }
        if (last) layout.last = used;
        if (last) widths[i] = std::min(widths[i], std::max(least, terminal - std::min(terminal, used)));
        used += widths[i] + kGap;
    }
    return layout;
}

void Table::printRow(const std::vector<Cell>& row, const Layout& layout) const {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto isEmpty = [](const Cell& cell) { return cell.text.empty(); };
        // A line that would hold nothing is left out.
        if (layout.beginsLine[i] && std::all_of(row.begin() + static_cast<std::ptrdiff_t>(i), row.end(), isEmpty))
            break;
        if (layout.beginsLine[i]) std::cout << '\n' << std::string(kIndent, ' ');
        if (i + 1 == row.size()) {
            printLast(row[i], layout);
            break;
        }
        const std::string space(layout.beginsLine[i + 1] ? 0 : layout.widths[i] - columnsOf(row[i].text) + kGap, ' ');
        std::cout << coloured(row[i].colour, row[i].text) << space;
    }
    std::cout << '\n';
}

void Table::printLast(const Cell& cell, const Layout& layout) const {
    const std::size_t width = layout.widths.back();
    if (_rest == Rest::Cut) {
        std::cout << coloured(cell.colour, cutTo(cell.text, width));
        return;
    }
    bool isFirst = true;
    for (const auto& line : wrapped(cell.text, width)) {
        if (!isFirst) std::cout << '\n' << std::string(layout.last, ' ');
        std::cout << coloured(cell.colour, line);
        isFirst = false;
    }
}

}  // namespace carillon
