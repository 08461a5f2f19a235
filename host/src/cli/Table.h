#pragma once

#include "cli/Terminal.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// A table on stdout: columns as wide as their widest cell. On a terminal those that do not fit beside the others stand
/// on a line of their own, and the last one goes on below itself.
class Table {
public:
    struct Cell {
        std::string text{};
        Colour colour = Colour::Plain;
    };

    /// What a terminal has no room for in the last column.
    enum class Rest {
        Wrapped,
        Cut  ///< Where all of it is told elsewhere.
    };

    explicit Table(std::vector<std::string> heads, Rest rest = Rest::Wrapped);
    void add(std::vector<Cell> row);
    bool empty() const { return _rows.empty(); }
    void print() const;

private:
    /// How a terminal shows it.
    struct Layout {
        std::vector<std::size_t> widths{};
        std::vector<bool> beginsLine{};  ///< Of each column.
        std::size_t last = 0;            ///< Where the last column begins.
    };

    Layout layOut(std::size_t terminal) const;
    void printRow(const std::vector<Cell>& row, const Layout& layout) const;
    void printLast(const Cell& cell, const Layout& layout) const;

    std::vector<std::string> _heads;
    Rest _rest;
    std::vector<std::vector<Cell>> _rows;
};

}  // namespace carillon
