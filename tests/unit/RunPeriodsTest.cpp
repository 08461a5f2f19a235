#include "PageFixture.h"
#include "pages/BarChart.h"
#include "pages/LocalDay.h"
#include "pages/RunPeriods.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// What the charts count, and how they are drawn.
class RunPeriodsTest : public PageFixture {
    CPPUNIT_TEST_SUITE(RunPeriodsTest);
    CPPUNIT_TEST(daysAreThoseOfTheZone);
    CPPUNIT_TEST(runsAreCountedWhereTheyBegan);
    CPPUNIT_TEST(weeksBeginOnMonday);
    CPPUNIT_TEST(nothingIsShownBeforeTheFirstRun);
    CPPUNIT_TEST(barsAreStackedAndLead);
    CPPUNIT_TEST_SUITE_END();

public:
    void daysAreThoseOfTheZone() {
        const auto zone = findTimeZone("Europe/Paris");
        const auto spring = localDay(std::chrono::local_days(2026y / 3 / 29), *zone);
        const auto autumn = localDay(std::chrono::local_days(2026y / 10 / 25), *zone);

        CPPUNIT_ASSERT(spring.until - spring.from == 23h && autumn.until - autumn.from == 25h);
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29"), spring.text());
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29"), localDayOf(spring.from, *zone).text());
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-28"), localDayOf(spring.from - 1us, *zone).text());
    }

    void runsAreCountedWhereTheyBegan() {
        const auto day = localDay(std::chrono::local_days(2026y / 3 / 29), *zone());
        const std::vector runs{run(day.until, Outcome::Succeeded, 1s),      run(day.until - 1us, Outcome::Failed, 3s),
                               run(day.from, Outcome::NothingToDo, 5s),     run(day.from + 1s, Outcome::Stopped, 9s),
                               run(day.from - 1us, Outcome::Succeeded, 1s), run(day.from + 2s, {}, {})};

        const auto periods = runPeriods(runs, *zone(), day.until + 1h, PeriodLength::Day, 3);

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, periods.size());
        CPPUNIT_ASSERT(periods[1].from == day.from && periods[1].until == day.until);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, periods[0].all());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, periods[1].all());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, periods[1].running);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, periods[1].endedAs(Outcome::Failed));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, periods[2].endedAs(Outcome::Succeeded));
        CPPUNIT_ASSERT(*periods[1].median == 5s && *periods[1].longest == 9s);
        CPPUNIT_ASSERT(beginOfPeriods(*zone(), day.until + 1h, PeriodLength::Day, 3) == periods[0].from);
    }

    void weeksBeginOnMonday() {
        const auto sunday = localDay(std::chrono::local_days(2026y / 3 / 29), *zone());
        const std::vector runs{run(sunday.until, Outcome::Succeeded, 1s), run(sunday.from, Outcome::Failed, 1s)};

        const auto periods = runPeriods(runs, *zone(), sunday.until + 1h, PeriodLength::Week, 2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, periods.size());
        CPPUNIT_ASSERT(periods[1].from == sunday.until);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, periods[0].endedAs(Outcome::Failed));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, periods[1].endedAs(Outcome::Succeeded));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-23"), localDayOf(periods[0].from, *zone()).text());
    }

    void nothingIsShownBeforeTheFirstRun() {
        const std::vector runs{run(ago(49h), Outcome::Succeeded, 1s)};

        CPPUNIT_ASSERT(runPeriods({}, *zone(), _clock.now(), PeriodLength::Day, 60).empty());
        const auto days = runPeriods(runs, *zone(), _clock.now(), PeriodLength::Day, 60).size();
        CPPUNIT_ASSERT(days == 3 || days == 4);
        CPPUNIT_ASSERT(runPeriods(runs, *zone(), _clock.now(), PeriodLength::Day, 2).empty());
    }

    void barsAreStackedAndLead() {
        const std::string svg = barChart({{{6, 2}, "1 <Dec>", "six & two", "/a?b&c"}, {{0, 4}, "", "", "/"}},
                                         {{"good", "bad"}, "8", "4", "in words"});

        CPPUNIT_ASSERT_MESSAGE(svg, svg.starts_with("<span class=\"sr\">in words</span><svg "));
        CPPUNIT_ASSERT_MESSAGE(
            svg, svg.find("<a href=\"/a?b&amp;c\" tabindex=\"-1\"><title>six &amp; two</title>") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("class=\"b-good\" x=\"0.86%\" y=\"29.50%\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("class=\"b-bad\" x=\"0.86%\" y=\"10.00%\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("1 &lt;Dec&gt;") != std::string::npos);
        CPPUNIT_ASSERT(barChart({}, {}).find("</svg>") != std::string::npos);
    }

private:
    std::shared_ptr<const TimeZone> zone() const { return findTimeZone("Europe/Paris"); }
    static RunFigure run(TimePoint at, std::optional<Outcome> outcome, std::chrono::microseconds length) {
        RunFigure figure{"id", "job", at, {}, outcome};
        if (outcome) figure.finishedAt = at + length;
        return figure;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunPeriodsTest);
