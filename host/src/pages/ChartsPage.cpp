#include "api/ApiContext.h"
#include "pages/BarChart.h"
#include "pages/JobWords.h"
#include "pages/LocalDay.h"
#include "pages/PageService.h"
#include "pages/RunPeriods.h"

#include <algorithm>
#include <memory>

namespace carillon {
namespace {

constexpr std::size_t kDaysCharted = 60;
constexpr std::size_t kWeeksCharted = 53;
/// Runs that are counted for a page; the oldest are left out first.
constexpr std::size_t kRunsCharted = 200'000;
constexpr std::array kOutcomesCharted{Outcome::Succeeded, Outcome::NothingToDo, Outcome::Stopped, Outcome::Failed};

/// What the page of charts is made from.
struct ChartsSource {
    std::vector<std::string> jobs{};  ///< To choose from.
    std::string job{};                ///< Empty: all of them.
    PeriodLength length = PeriodLength::Day;
    std::vector<RunPeriod> periods{};
    bool isCut = false;  ///< There are more runs than were counted.
};

/// `27 Nov`, or of a week its first day.
std::string shortDay(const Reader& reader, TimePoint at) {
    const auto words = timeText(reader, at + std::chrono::hours(12), TimeForm::Full);
    return words.substr(0, words.find(','));
}

std::string labelOf(const Reader& reader, const ChartsSource& source, std::size_t index) {
    const std::size_t apart = std::max<std::size_t>(1, (source.periods.size() + 6) / 7);
    if ((source.periods.size() - 1 - index) % apart != apart / 2) return "";
    const std::string words = shortDay(reader, source.periods[index].from);
    return words.substr(0, words.rfind(' '));
}

std::string placeOf(const Reader& reader, const ChartsSource& source, const RunPeriod& period) {
    const std::string from = localDayOf(period.from, *reader.zone).text();
    const std::string until = localDayOf(period.until - std::chrono::hours(1), *reader.zone).text();
    if (!source.job.empty()) return jobPath(source.job) + "?since=" + from + "&until=" + until + "#history";
    return source.length == PeriodLength::Day ? "/timeline?day=" + from : "/ledger?since=" + from + "&until=" + until;
}

std::string wordsOf(const Reader& reader, const RunPeriod& period) {
    std::string words = shortDay(reader, period.from) + reader.texts.say("why.colon");
    const char* mark = " ";
    for (const auto outcome : kOutcomesCharted) {
        if (period.endedAs(outcome) == 0) continue;
        words += mark + reader.texts.count("count." + std::string(outcomeName(outcome)),
                                           static_cast<std::int64_t>(period.endedAs(outcome)));
        mark = ", ";
    }
    return words;
}

std::string runsChart(const Reader& reader, const ChartsSource& source) {
    std::vector<ChartBar> bars;
    std::size_t most = 0;
    for (std::size_t i = 0; i < source.periods.size(); ++i) {
        const RunPeriod& period = source.periods[i];
        ChartBar bar{{}, labelOf(reader, source, i), wordsOf(reader, period), placeOf(reader, source, period)};
        for (const auto outcome : kOutcomesCharted) bar.parts.push_back(static_cast<double>(period.endedAs(outcome)));
        most = std::max(most, period.all() - period.running);
        bars.push_back(std::move(bar));
    }
    ChartForm form;
    for (const auto outcome : kOutcomesCharted) form.colours.emplace_back(outcomeName(outcome));
    form.most = numberText(reader.texts, static_cast<std::int64_t>(most));
    form.half = most > 1 ? numberText(reader.texts, static_cast<std::int64_t>(most / 2)) : "";
    form.alternative = reader.texts.say("charts.seebelow");
    return barChart(bars, form);
}

/// Of the longest run a bar, and in it the median.
std::string lengthsChart(const Reader& reader, const ChartsSource& source) {
    std::vector<ChartBar> bars;
    std::chrono::microseconds most{0};
    for (std::size_t i = 0; i < source.periods.size(); ++i) {
        const RunPeriod& period = source.periods[i];
        const auto median = period.median.value_or(std::chrono::microseconds(0));
        const auto longest = period.longest.value_or(std::chrono::microseconds(0));
        most = std::max(most, longest);
        const std::string words =
            shortDay(reader, period.from) + reader.texts.say("why.colon") + ' ' +
            reader.texts.say("charts.lengths", {{"median", durationText(reader.texts, median)},
                                                {"longest", durationText(reader.texts, longest)}});
        bars.push_back({{static_cast<double>(median.count()), static_cast<double>((longest - median).count())},
                        labelOf(reader, source, i),
                        words,
                        placeOf(reader, source, period)});
    }
    return barChart(bars, {{"median", "longest"},
                           durationText(reader.texts, most),
                           durationText(reader.texts, most / 2),
                           reader.texts.say("charts.seebelow")});
}

/// The figures of the pictures, newest first.
Fields figuresOf(const Reader& reader, const ChartsSource& source) {
    const Texts& texts = reader.texts;
    std::vector<Fields> rows;
    for (auto period = source.periods.rbegin(); period != source.periods.rend(); ++period) {
        Fields row("day", shortDay(reader, period->from));
        row.set("path", placeOf(reader, source, *period));
        row.set("all", numberText(texts, static_cast<std::int64_t>(period->all())));
        for (const auto outcome : kOutcomesCharted)
            row.set(std::string(outcomeName(outcome)),
                    numberText(texts, static_cast<std::int64_t>(period->endedAs(outcome))));
        row.set("median", period->median ? durationText(texts, *period->median) : "");
        row.set("longest", period->longest ? durationText(texts, *period->longest) : "");
        rows.push_back(std::move(row));
    }
    return asList(std::move(rows));
}

void readPeriods(PageService& service, const PageRequest& request, const WebCall& call, ChartsSource& source) {
    const Reader& reader = request.reader;
    const std::size_t most = source.length == PeriodLength::Week ? kWeeksCharted : kDaysCharted;
    const TimePoint from = beginOfPeriods(*reader.zone, reader.now, source.length, most);
    auto runs = service.context().stores.with(
        [&](RunStore& store) { return store.figures(source.job, from, kNever, kRunsCharted); });
    source.isCut = runs.size() == kRunsCharted;
    std::erase_if(runs,
                  [&call](const RunFigure& run) { return !isOwnWork(run.trigger) || !call.caller.mayView(run.job); });
    source.periods = runPeriods(runs, *reader.zone, reader.now, source.length, most);
}

HttpResponse showCharts(PageService& service, const Template& page, const PageRequest& request, const WebCall& call) {
    const Reader& reader = request.reader;
    const Texts& texts = reader.texts;
    ChartsSource source;
    source.job = call.request.query.get("job", "");
    if (!source.job.empty() && !call.caller.mayView(source.job)) refuseJob(source.job);
    source.length = call.request.query.get("by", "") == "week" ? PeriodLength::Week : PeriodLength::Day;
    source.jobs = visibleJobs(call.caller, *service.context().host.configuration(), "", kJobsOfAPage).names;
    readPeriods(service, request, call, source);
    const std::string by = source.length == PeriodLength::Week ? "week" : "day";
    Fields fields;
    fields.set("jobs", asChoices(source.jobs, source.job));
    fields.set("periods",
               asChoices({"day", "week"}, by, [&texts](const auto& one) { return texts.say("charts.by." + one); }));
    fields.set("perWords", texts.say("charts.by." + by));
    fields.set("isCut", asFlag(source.isCut));
    fields.set("cut", texts.say("charts.cut", {{"n", numberText(texts, kRunsCharted)}}));
    fields.set("hasRuns", asFlag(!source.periods.empty()));
    fields.set("runs", runsChart(reader, source));
    fields.set("lengths", lengthsChart(reader, source));
    fields.set("figures", figuresOf(reader, source));
    return service.frame().page(request, {texts.say("charts.title"), "charts"}, page.render(fields, texts));
}

}  // namespace

void addChartsPage(Router& router, PageService& service) {
    const auto page = std::make_shared<const Template>("charts.html");
    service.add(router, "GET", "/charts", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showCharts(service, *page, request, call);
    });
}

}  // namespace carillon
