#include "cli/Table.h"

#include <algorithm>
#include <iostream>

namespace carillon {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kIndent = 4;
constexpr std::size_t kLeastOfLast = 20;  // of its columns

bool startsCharacter(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

std::size_t columns(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCharacter));
}

std::string cutTo(const std::string& text, std::size_t width) {
    if (columns(text) <= width) return text;
    std::string cut;
    std::size_t used = 0;
    for (const char c : text) {
        if (startsCharacter(c) && ++used >= width) break;
        cut += c;
    }
    return cut + "…";
}

}  // namespace

Table::Table(std::vector<std::string> heads) : _heads(std::move(heads)) {}

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
    for (const auto& head : _heads) widths.push_back(columns(head));
    for (const auto& row : _rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i].text));
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
        if (last) widths[i] = std::min(widths[i], std::max(least, terminal - std::min(terminal, used)));
        used += widths[i] + kGap;
    }
    return layout;
}

void Table::printRow(const std::vector<Cell>& row, const Layout& layout) const {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string text = cutTo(row[i].text, layout.widths[i]);
        const auto isEmpty = [](const Cell& cell) { return cell.text.empty(); };
        // A line that would hold nothing is left out.
        if (layout.beginsLine[i] && std::all_of(row.begin() + static_cast<std::ptrdiff_t>(i), row.end(), isEmpty))
            break;
        const bool endsLine = i + 1 == row.size() || layout.beginsLine[i + 1];
        if (layout.beginsLine[i]) std::cout << '\n' << std::string(kIndent, ' ');
        std::cout << coloured(row[i].colour, text)
                  << (endsLine ? "" : std::string(layout.widths[i] - columns(text) + kGap, ' '));
    }
    std::cout << '\n';
}

}  // namespace carillon
