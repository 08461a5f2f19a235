#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace carillon {

/// One row of a CSV text. Valid while it is handed over.
struct CsvRow {
    int line = 0;  ///< Where it begins, from 1.
    std::vector<std::string_view> values{};
    /// Why it has no values.
    enum class Problem { None, Long, Quotes } problem = Problem::None;
};

/// Hands over each row of a text: RFC 4180, any line ends. Blank lines are no rows;
/// spaces at the ends of a value count only between quotes. After a row that cannot be read, the next line is tried.
void forEachCsvRow(std::string_view text, const std::function<void(const CsvRow&)>& take);

}  // namespace carillon
