#pragma once

#include "cli/Terminal.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// A table on stdout: columns as wide as their widest cell; on a terminal the last one is cut at the edge.
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
    void printRow(const std::vector<Cell>& row, const std::vector<std::size_t>& widths) const;

    std::vector<std::string> _heads;
    std::vector<std::vector<Cell>> _rows;
};

}  // namespace carillon
