#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What a page shows of the report of a run, which is JSON: see reportJson(). A report that cannot be read is empty.
class ReportFigures {
public:
    explicit ReportFigures(const std::string& json);

    const std::vector<std::pair<std::string, std::int64_t>>& counters() const { return _counters; }
    std::optional<std::int64_t> counter(std::string_view name) const;
    const std::vector<std::string>& warnings() const { return _warnings; }
    std::int64_t warningsOmitted() const { return _warningsOmitted; }

    /// Items that it dealt with: the counter `fetched`, else the first one there is.
    std::optional<std::int64_t> items() const;
    /// How old the oldest item that it left was: the counter `sync_lag_seconds`.
    std::optional<std::chrono::seconds> lag() const;

private:
    std::vector<std::pair<std::string, std::int64_t>> _counters{};
    std::vector<std::string> _warnings{};
    std::int64_t _warningsOmitted = 0;
};

}  // namespace carillon
