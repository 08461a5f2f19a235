#pragma once

#include "config/InstanceTable.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A text with variables ${instance.COLUMN}, taken apart once so that each row costs only its copy.
class InstanceText {
public:
    /// Whether there is such a variable in the text at all.
    static bool isOne(std::string_view text);

    /// `onUnknown` gets each variable's name that is no column; it stays as written.
    InstanceText(std::string_view text, const InstanceTable& table,
                 const std::function<void(std::string_view name)>& onUnknown);

    std::string of(const InstanceTable& table, std::size_t row) const;
    /// The columns it needs; one may come twice.
    std::vector<std::size_t> columns() const;
    /// Whether a variable is left in what stands between those that are columns.
    bool hasOtherVariable() const;

private:
    struct Piece {
        std::string literal{};  ///< What comes first,
        std::size_t column;     ///< and the column that follows it.
    };

    std::vector<Piece> _pieces{};
    std::string _end{};
};

}  // namespace carillon
