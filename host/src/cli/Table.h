#pragma once

#include "cli/Terminal.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// A table on stdout: columns as wide as their widest cell. On a terminal those that do not fit beside the others stand
/// on a second line, and the last one is cut at the edge.
class Table {
public:
    struct Cell {
        std::string text{};
        Colour colour = Colour::Plain;
    };

    explicit Table(std::vector<std::string> heads);
    void add(std::vector<Cell> row);
    bool empty() const { return _rows.empty(); }
    void print() const;

private:
    /// How a terminal shows it.
    struct Layout {
        std::vector<std::size_t> widths{};
        std::vector<bool> beginsLine{};  ///< Of each column.
    };

    Layout layOut(std::size_t terminal) const;
    void printRow(const std::vector<Cell>& row, const Layout& layout) const;

    std::vector<std::string> _heads;
    std::vector<std::vector<Cell>> _rows;
};

}  // namespace carillon
