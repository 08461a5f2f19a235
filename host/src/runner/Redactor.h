#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// Replaces every secret of a run in what leaves the run: log lines, report, checks, rejects.
class Redactor {
public:
    /// Shorter ones cannot be told from ordinary text.
    static constexpr std::size_t kShortestSecret = 4;

    void add(const std::string& secret);
    std::string apply(std::string text) const;

private:
    std::vector<std::string> _secrets;  // longest first: a secret may contain another one
};

}  // namespace carillon
