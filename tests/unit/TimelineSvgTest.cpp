#include "PageFixture.h"
#include "pages/TimelineSvg.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// The bars of a day: what began before it, what goes on, and days of 23 and 25 hours.
class TimelineSvgTest : public PageFixture {
    CPPUNIT_TEST_SUITE(TimelineSvgTest);
    CPPUNIT_TEST(runFromTheDayBeforeIsClippedAndTellsWhenItBegan);
    CPPUNIT_TEST(runThatGoesOnReachesNow);
    CPPUNIT_TEST(runBeyondTheDayTellsWhenItEnded);
    CPPUNIT_TEST(daysOfOtherLengthsAreAsWideAsTheyAreLong);
    CPPUNIT_TEST(manyRunsAreOnePathAnOutcome);
    CPPUNIT_TEST_SUITE_END();

public:
    void runFromTheDayBeforeIsClippedAndTellsWhenItBegan() {
        const LocalDay day = dayOf(2026y / 11 / 21);
        const TimelineLane lane = laneOf(day.from - 30min, day.from + 60min, Outcome::Succeeded);

        const std::string english = TimelineSvg(reader(), day).lane(lane);
        CPPUNIT_ASSERT_MESSAGE(english, has(english, "d=\"M0 3h60v14h-60z\""));
        CPPUNIT_ASSERT_MESSAGE(english,
                               has(english, "<title>began on 20 Nov 2026, 23:30:00, 1 h 30 min, succeeded</title>"));
        const std::string french = TimelineSvg(reader(Language::French), day).lane(lane);
        CPPUNIT_ASSERT_MESSAGE(french,
                               has(french, "commencée le 20 nov. 2026, 23:30:00, 1\u00a0h 30\u00a0min, réussie") ||
                                   has(french, "commencée le 20 nov. 2026, 23:30:00, 1 h 30 min, réussie"));
    }

    void runThatGoesOnReachesNow() {
        // The clock stands at 01:00 of the 22nd in Paris.
        const LocalDay yesterday = dayOf(2026y / 11 / 21);
        const LocalDay today = dayOf(2026y / 11 / 22);
        const TimelineLane lane = laneOf(yesterday.from - 5h, {}, {});

        CPPUNIT_ASSERT(has(TimelineSvg(reader(), yesterday).lane(lane), "b-running\" d=\"M0 3h1440v14h-1440z\""));
        CPPUNIT_ASSERT(has(TimelineSvg(reader(), today).lane(lane), "b-running\" d=\"M0 3h60v14h-60z\""));
    }

    void runBeyondTheDayTellsWhenItEnded() {
        const LocalDay day = dayOf(2026y / 11 / 20);
        const std::string svg =
            TimelineSvg(reader(), day).lane(laneOf(day.until - 10min, day.until + 20min, Outcome::Failed));

        CPPUNIT_ASSERT_MESSAGE(svg, has(svg, "d=\"M1430 3h10v14h-10z\""));
        CPPUNIT_ASSERT_MESSAGE(svg, has(svg, "<title>23:50, ended on 21 Nov 2026, 00:20:00, 30 min 00 s, failed"));
    }

    void daysOfOtherLengthsAreAsWideAsTheyAreLong() {
        const LocalDay spring = dayOf(2026y / 3 / 29);
        const LocalDay autumn = dayOf(2026y / 10 / 25);
        const auto lastMinutes = [this](const LocalDay& day) {
            return TimelineSvg(reader(), day).lane(laneOf(day.until - 10min, day.until - 5min, Outcome::Succeeded));
        };

        CPPUNIT_ASSERT(has(lastMinutes(spring), "viewBox=\"0 0 1380 20\"") &&
                       has(lastMinutes(spring), "d=\"M1370 3h5v"));
        CPPUNIT_ASSERT(has(lastMinutes(autumn), "viewBox=\"0 0 1500 20\"") &&
                       has(lastMinutes(autumn), "d=\"M1490 3h5v"));
        const std::string over =
            TimelineSvg(reader(), autumn).lane(laneOf(autumn.from - 1h, autumn.from + 25h + 1h, Outcome::Succeeded));
        CPPUNIT_ASSERT_MESSAGE(over, has(over, "d=\"M0 3h1500v14h-1500z\""));
    }

    void manyRunsAreOnePathAnOutcome() {
        const LocalDay day = dayOf(2026y / 11 / 20);
        TimelineLane lane = laneOf(day.from + 2h, day.from + 2h + 30s, Outcome::Failed);
        for (int i = 0; i < 500; ++i)
            lane.runs.push_back(runOf(day.from + 1h + i * 100ms, day.from + 1h + 2s, Outcome::Succeeded));

        const std::string svg = TimelineSvg(reader(), day, TimelineSvg::Grain::Lane).lane(lane);

        CPPUNIT_ASSERT_MESSAGE(svg,
                               has(svg, "<path class=\"b-succeeded\" d=\"M60 3h4v14h-4z\"/><path class=\"b-failed\""));
        CPPUNIT_ASSERT(has(svg, "href=\"/jobs/sync?since=2026-11-20&amp;until=2026-11-20#history\""));
        CPPUNIT_ASSERT(has(svg, "500 succeeded") && !has(svg, "/runs/"));
    }

private:
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
    LocalDay dayOf(std::chrono::year_month_day date) const {
        return localDay(std::chrono::local_days(date), *reader().zone);
    }
    static RunFigure runOf(TimePoint from, std::optional<TimePoint> until, std::optional<Outcome> outcome) {
        return {"r", "sync", from, until, outcome};
    }
    static TimelineLane laneOf(TimePoint from, std::optional<TimePoint> until, std::optional<Outcome> outcome) {
        return {"sync", "sync", {runOf(from, until, outcome)}, {}, {}};
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(TimelineSvgTest);
