#include "pages/ReportFigures.h"

#include "base/JsonValue.h"

namespace carillon {

ReportFigures::ReportFigures(const std::string& json) {
    if (json.empty()) return;
    try {
        const auto report = JsonValue::parse(json);
        if (report.has("counters"))
            for (const auto& counter : report["counters"].members())
                _counters.emplace_back(counter.name, counter.value.number<std::int64_t>());
        if (report.has("warnings"))
            for (const auto& warning : report["warnings"].members()) _warnings.push_back(warning.value.text());
        if (report.has("warnings_omitted")) _warningsOmitted = report["warnings_omitted"].number<std::int64_t>();
    } catch (const Poco::DataFormatException&) {
    }
}

std::optional<std::int64_t> ReportFigures::counter(std::string_view name) const {
    for (const auto& [key, value] : _counters)
        if (key == name) return value;
    return std::nullopt;
}

std::optional<std::int64_t> ReportFigures::items() const {
    if (const auto fetched = counter("fetched")) return fetched;
    return _counters.empty() ? std::nullopt : std::optional(_counters.front().second);
}

std::optional<std::chrono::seconds> ReportFigures::lag() const {
    const auto seconds = counter("sync_lag_seconds");
    return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

}  // namespace carillon
