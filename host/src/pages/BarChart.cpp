#include "pages/BarChart.h"

#include "pages/Wording.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace carillon {
namespace {

/// Percents of the picture: what the highest bar takes, under room for words, and where the bars stand.
constexpr double kTop = 10;
constexpr double kGround = 88;

/// Hundredths of a percent.
std::string percent(double value) {
    const auto hundredths = std::lround(value * 100);
    return std::to_string(hundredths / 100) + '.' + std::to_string(hundredths % 100 / 10) +
           std::to_string(hundredths % 10) + '%';
}

std::string line(double y) {
    return "<line class=\"m-hour\" x1=\"0\" x2=\"100%\" y1=\"" + percent(y) + "\" y2=\"" + percent(y) + "\"/>";
}

std::string textAt(double x, double y, const char* anchor, const std::string& words) {
    return "<text x=\"" + percent(x) + "\" y=\"" + percent(y) + "\" text-anchor=\"" + anchor + "\">" +
           escapeHtml(words) + "</text>";
}

double sumOf(const ChartBar& bar) {
    return std::accumulate(bar.parts.begin(), bar.parts.end(), 0.0);
}

void addBar(std::string& svg, const ChartBar& bar, const ChartForm& form, double x, double width, double most) {
    svg += "<a href=\"" + escapeHtml(bar.path) + "\" tabindex=\"-1\"><title>" + escapeHtml(bar.words) + "</title>";
    svg += "<rect class=\"ground\" x=\"" + percent(x) + "\" y=\"0\" width=\"" + percent(width) + "\" height=\"" +
           percent(kGround) + "\"/>";
    double bottom = kGround;
    for (std::size_t i = 0; i < bar.parts.size(); ++i) {
        if (bar.parts[i] <= 0) continue;
        // What is there shows, however little it is.
        const double height = std::max(0.6, bar.parts[i] / most * (kGround - kTop));
        bottom = std::max(0.0, bottom - height);
        svg += "<rect class=\"b-" + form.colours[i] + "\" x=\"" + percent(x + width * 0.12) + "\" y=\"" +
               percent(bottom) + "\" width=\"" + percent(width * 0.76) + "\" height=\"" + percent(height) + "\"/>";
    }
    svg += "</a>";
    if (!bar.label.empty()) svg += textAt(x + width / 2, 98, "middle", bar.label);
}

}  // namespace

std::string barChart(const std::vector<ChartBar>& bars, const ChartForm& form) {
    double most = 0;
    for (const auto& bar : bars) most = std::max(most, sumOf(bar));
    std::string svg = "<span class=\"sr\">" + escapeHtml(form.alternative) +
                      "</span><svg class=\"bars\" aria-hidden=\"true\">" + line(kTop) + line((kTop + kGround) / 2) +
                      line(kGround);
    // Few bars are no wider than those of a fortnight.
    const double width = 100.0 / static_cast<double>(std::max<std::size_t>(bars.size(), 14));
    for (std::size_t i = 0; i < bars.size(); ++i)
        addBar(svg, bars[i], form, static_cast<double>(i) * width, width, std::max(most, 1e-9));
    svg += textAt(0, kTop - 1.5, "start", form.most) + textAt(0, (kTop + kGround) / 2 - 1.5, "start", form.half);
    return svg + "</svg>";
}

}  // namespace carillon
