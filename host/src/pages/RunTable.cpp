#include "pages/RunTable.h"

#include "base/JsonWriter.h"
#include "pages/JobWords.h"
#include "pages/ReportFigures.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace carillon {
namespace {

using Figure = std::function<std::optional<double>(const RunRow&, const ReportFigures&)>;

double secondsOf(std::chrono::microseconds length) {
    return std::round(static_cast<double>(length.count()) / 1000) / 1000;
}

std::optional<double> asDouble(const std::optional<std::int64_t>& number) {
    return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
}

/// Three decimals, without those that say nothing. Not below 0.
std::string decimal(double value) {
    const std::int64_t thousandths = std::llround(value * 1000);
    std::string text = std::to_string(thousandths / 1000);
    std::string digits = std::to_string(1000 + thousandths % 1000).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (!digits.empty()) text.append(".").append(digits);
    return text;
}

RunChart chartOf(const Reader& reader, const std::vector<RunRow>& runs, const std::string& title,
                 const Figure& figure) {
    std::vector<double> values;
    JsonWriter json;
    json.beginArray();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        if (!run->finishedAt) continue;
        const auto value = figure(*run, ReportFigures(run->report.value_or("")));
        if (!value) continue;
        values.push_back(*value);
        json.beginArray().value(run->startedAt.time_since_epoch() / std::chrono::milliseconds(1));
        json.raw(decimal(*value)).value(std::string_view(run->id)).endArray();
    }
    if (values.empty()) return {};
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return {title,
            reader.texts.say("job.chart.alt", {{"title", title},
                                               {"least", decimal(*least)},
                                               {"most", decimal(*most)},
                                               {"n", std::to_string(values.size())}}),
            json.endArray().text()};
}

}  // namespace

Fields runLine(const Reader& reader, const RunRow& run) {
    const Badge badge = badgeOfRun(reader.texts, run);
    const auto items = ReportFigures(run.report.value_or("")).items();
    Fields line;
    line.set("path", runPath(run.id));
    line.set("started", timeElement(reader, run.startedAt));
    line.set("age", distanceElement(reader, run.startedAt));
    line.set("outcome", badge.words);
    line.set("colour", badge.colour);
    // Set in any case: else the page's own of that name would be shown.
    line.set("took", run.finishedAt ? durationText(reader.texts, *run.finishedAt - run.startedAt) : "");
    line.set("items", items ? numberText(reader.texts, *items) : "");
    line.set("trigger", reader.texts.word("trigger", run.trigger));
    line.set("message", run.message);
    return line;
}

Fields runLines(const Reader& reader, const std::vector<RunRow>& runs) {
    std::vector<Fields> lines;
    for (const auto& run : runs) lines.push_back(runLine(reader, run));
    return asList(std::move(lines));
}

std::vector<RunChart> runChartsOf(const Reader& reader, const std::vector<RunRow>& runs) {
    const std::pair<const char*, Figure> figures[] = {
        {"job.chart.items", [](const RunRow&, const ReportFigures& report) { return asDouble(report.items()); }},
        {"job.chart.duration",
         [](const RunRow& run, const ReportFigures&) {
             return std::optional(secondsOf(*run.finishedAt - run.startedAt));
         }},
        {"job.chart.lag",
         [](const RunRow&, const ReportFigures& report) {
             return asDouble(report.counter(RunReport::kBacklogCounter));
         }},
        {"job.chart.delay", [](const RunRow& run, const ReportFigures&) -> std::optional<double> {
             if (run.trigger != "schedule") return std::nullopt;
             return secondsOf(std::max(run.startedAt - run.scheduledAt, std::chrono::microseconds(0)));
         }}};
    std::vector<RunChart> charts;
    for (const auto& [key, figure] : figures)
        if (auto chart = chartOf(reader, runs, reader.texts.say(key), figure); !chart.points.empty())
            charts.push_back(std::move(chart));
    return charts;
}

}  // namespace carillon
