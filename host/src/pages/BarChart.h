#pragma once

#include <string>
#include <vector>

namespace carillon {

/// One bar of a chart.
struct ChartBar {
    std::vector<double> parts{};  ///< From the bottom up, one for each colour.
    std::string label{};          ///< Beneath it; may be empty.
    std::string words{};          ///< Its tooltip.
    std::string path{};           ///< Where it leads to.
};

/// What it is drawn with.
struct ChartForm {
    std::vector<std::string> colours{};  ///< Classes of the parts.
    std::string most{};                  ///< The highest value in words,
    std::string half{};                  ///< and half of it.
    std::string alternative{};           ///< For who does not see it.
};

/// Bars as a picture, SVG, as wide as there is room. Its figures belong into a table beside it. Pure.
std::string barChart(const std::vector<ChartBar>& bars, const ChartForm& form);

}  // namespace carillon
