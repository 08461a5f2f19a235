#include "cli/Table.h"

#include <algorithm>
#include <iostream>

namespace carillon {
namespace {

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
    std::vector<std::size_t> widths;
    for (const auto& head : _heads) widths.push_back(columns(head));
    for (const auto& row : _rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i].text));
    if (const std::size_t available = terminalWidth(); available > 0) {
        std::size_t before = 0;
        for (std::size_t i = 0; i + 1 < widths.size(); ++i) before += widths[i] + 2;
        const std::size_t least = std::min<std::size_t>(widths.back(), 20);
        widths.back() = std::min(widths.back(), available > before + least ? available - before : least);
    }
    std::vector<Cell> heads;
    for (const auto& head : _heads) heads.push_back({head, Colour::Bold});
    printRow(heads, widths);
    for (const auto& row : _rows) printRow(row, widths);
}

void Table::printRow(const std::vector<Cell>& row, const std::vector<std::size_t>& widths) const {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string text = cutTo(row[i].text, widths[i]);
        const bool last = i + 1 == row.size();
        std::cout << coloured(row[i].colour, text) << (last ? "" : std::string(widths[i] - columns(text) + 2, ' '));
    }
    std::cout << '\n';
}

}  // namespace carillon
