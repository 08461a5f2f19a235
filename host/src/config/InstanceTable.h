#pragma once

#include "base/ConfigSource.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

struct CsvRow;

/// The rows of one jobs/JOB.instances.csv, as CsvRows.h reads them; the first names the columns, one of which is
/// `name`. Immutable. Holds one block of text, four bytes a value and eight a row.
class InstanceTable {
public:
    InstanceTable() = default;
    /// A row that makes no instance is a fault by its line and leaves the others alone; without columns there is no
    /// row. `longestName`: of an instance.
    InstanceTable(std::string path, std::string_view text, std::size_t longestName, std::vector<ConfigFault>& faults);

    const std::string& path() const { return _path; }
    const std::vector<std::string>& columns() const { return _columns; }
    std::optional<std::size_t> findColumn(std::string_view name) const;

    /// Rows that make an instance, by its name.
    std::size_t size() const { return _rows.size(); }
    std::string_view value(std::size_t row, std::size_t column) const { return valueOf(_rows[row], column); }
    std::string_view name(std::size_t row) const { return nameOf(_rows[row]); }
    /// Where the row begins in the file.
    int line(std::size_t row) const { return static_cast<int>(_rows[row].line); }
    std::optional<std::size_t> find(std::string_view name) const;

private:
    struct Row {
        std::uint32_t line;
        std::uint32_t place;  ///< Among the rows of _ends.
    };

    void takeColumns(const CsvRow& row, std::vector<ConfigFault>& faults);
    void takeRow(const CsvRow& row);
    void sortByName(std::vector<ConfigFault>& faults);
    std::string_view valueOf(const Row& row, std::size_t column) const;
    std::string_view nameOf(const Row& row) const { return valueOf(row, _nameColumn); }

    std::string _path;
    std::vector<std::string> _columns;
    std::size_t _nameColumn = 0;
    std::string _text;                 ///< All values, one behind the other.
    std::vector<std::uint32_t> _ends;  ///< Of each value in _text, row by row.
    std::vector<Row> _rows;
};

}  // namespace carillon
