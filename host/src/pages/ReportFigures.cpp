#include "pages/ReportFigures.h"

#include <set>

namespace carillon {

std::vector<Figure> ReportFigures::shown() const {
    std::vector<Figure> shown;
    std::set<FigureRole> seen;
    for (const Figure& figure : _report.figures) {
        const bool isPart = figure.name.find('.') != std::string::npos;
        if (!isPart && (figure.role == FigureRole::None || seen.insert(figure.role).second)) shown.push_back(figure);
    }
    return shown;
}

std::optional<std::int64_t> ReportFigures::items() const {
    if (const auto work = _report.valueOf(FigureRole::Work)) return work;
    return _report.figures.empty() ? std::nullopt : std::optional(_report.figures.front().value);
}

std::optional<std::chrono::seconds> ReportFigures::lag() const {
    const auto seconds = _report.valueOf(FigureRole::Lag);
    return seconds ? std::optional(std::chrono::seconds(*seconds)) : std::nullopt;
}

}  // namespace carillon
