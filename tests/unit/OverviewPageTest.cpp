#include "PageFixture.h"
#include "pages/DayStrip.h"
#include "pages/JobPage.h"
#include "pages/OverviewPage.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// What the overview and the pictures show, before any template.
class OverviewPageTest : public PageFixture {
    CPPUNIT_TEST_SUITE(OverviewPageTest);
    CPPUNIT_TEST(rowSaysHowTheJobStands);
    CPPUNIT_TEST(failedJobIsAnAlarm);
    CPPUNIT_TEST(jobWhoseSlotsPassIsLate);
    CPPUNIT_TEST(whatIsNotAsExpectedIsABadgeAndAnAlarm);
    CPPUNIT_TEST(runThatWasAskedToEndIsShownSo);
    CPPUNIT_TEST(manyFailuresAreSummedUp);
    CPPUNIT_TEST(pausedJobHasNoNextFiring);
    CPPUNIT_TEST(filtersByStateAndText);
    CPPUNIT_TEST(marksTellTheirEndByClassAndShape);
    CPPUNIT_TEST(eachMarkHasItsTimeAndALink);
    CPPUNIT_TEST(axisNamesTheHoursOfTheReadersZone);
    CPPUNIT_TEST(stretchShowsItsWorstEnd);
    CPPUNIT_TEST(whatNeedsAPersonComesFirst);
    CPPUNIT_TEST(anyColumnOrdersEitherWay);
    CPPUNIT_TEST(sumsAddUpToAllJobs);
    CPPUNIT_TEST(pageIsPartOfTheOrder);
    CPPUNIT_TEST(runThatGoesOnShowsForHowLong);
    CPPUNIT_TEST(runThatTellsItsProgressHasABar);
    CPPUNIT_TEST(trendNeedsTwoRuns);
    CPPUNIT_TEST(chartsLeaveOutWhatNoRunTells);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowSaysHowTheJobStands() {
        add("sync", JobPhase::Idle, Outcome::Succeeded);
        _source.jobs[0].title = "Gateway";
        _source.days[0].pending = 1'200;
        _source.days[0].lag = 3h;

        const auto row = overviewOf(reader(Language::French), _source).rows.front();

        CPPUNIT_ASSERT_EQUAL(std::string("Gateway"), row.title);
        CPPUNIT_ASSERT_EQUAL(std::string("prête"), row.badge.words);
        CPPUNIT_ASSERT_EQUAL(std::string("good"), row.badge.colour);
        CPPUNIT_ASSERT_EQUAL(std::string("réussie"), row.lastBadge.words);
        CPPUNIT_ASSERT(row.last.find("il y a 2 min") != std::string::npos);
        CPPUNIT_ASSERT(row.next.find("dans 5 min") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("1,5 s"), row.took);
        CPPUNIT_ASSERT_EQUAL(std::string("1\u202f200"), row.pending);
        CPPUNIT_ASSERT_EQUAL(std::string("3 h"), row.pendingAge);
    }

    void failedJobIsAnAlarm() {
        add("sync", JobPhase::Idle, Outcome::Failed);

        const auto model = overviewOf(reader(), _source);

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), model.rows.front().badge.words);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, model.alarms.size());
        CPPUNIT_ASSERT_EQUAL(std::string("The last run of sync failed."), model.alarms.front().what);
        CPPUNIT_ASSERT_EQUAL(std::string("it broke"), model.alarms.front().detail);
        CPPUNIT_ASSERT_EQUAL(std::string("/runs/run-of-sync"), model.alarms.front().path);
    }

    void jobWhoseSlotsPassIsLate() {
        add("sync", JobPhase::Idle, Outcome::Succeeded);
        add("long", JobPhase::Running, Outcome::Succeeded);
        _source.late = {"sync", "long"};

        const auto rows = overviewOf(reader(Language::French), _source).rows;

        CPPUNIT_ASSERT_EQUAL(std::string("en retard"), rows[0].badge.words);
        CPPUNIT_ASSERT_EQUAL(std::string("bad"), rows[0].badge.colour);
        CPPUNIT_ASSERT_EQUAL(std::string("en cours"), rows[1].badge.words);
    }

    void whatIsNotAsExpectedIsABadgeAndAnAlarm() {
        add("sync", JobPhase::Running, Outcome::Succeeded);
        add("well", JobPhase::Idle, Outcome::Succeeded);
        const ExpectationFinding slow{{ExpectationKind::Slow, "", {}, 600'000}, 660'000, true};
        const ExpectationFinding few{{ExpectationKind::Counter, "fetched", 1, {}}, 0};
        const ExpectationFinding none{{ExpectationKind::Counter, "applied", 1, {}}, {}};
        const ExpectationFinding late{{ExpectationKind::NoSuccess, "", {}, 93'600'000}, 97'200'000};
        _source.unmet = {{"sync", {slow, few, none, late}}, {"well", {}}};
        std::vector<JobTrouble> troubles;
        for (const auto& finding : _source.unmet["sync"]) {
            JobTrouble trouble;
            trouble.kind = *enumOf<JobTrouble::Kind>(nameOf(finding.kind));
            trouble.job = "sync";
            trouble.run = finding.kind == ExpectationKind::NoSuccess ? "" : "run1";
            trouble.expectation = finding;
            troubles.push_back(trouble);
        }

        const auto rows = overviewOf(reader(), _source).rows;
        const auto english = alarmsOfJobs(reader(), troubles);
        const auto french = alarmsOfJobs(reader(Language::French), troubles);

        CPPUNIT_ASSERT_EQUAL(std::string("slow, unexpected figures, no success"), rows[0].unmet);
        CPPUNIT_ASSERT_EQUAL(std::string(), rows[1].unmet);
        CPPUNIT_ASSERT_EQUAL(std::string("sync is slow: its run has been running for 11 min, expected 10 min at most."),
                             english[0].what);
        CPPUNIT_ASSERT_EQUAL(std::string("/runs/run1"), english[0].path);
        CPPUNIT_ASSERT_EQUAL(
            std::string("sync est trop lente : son exécution dure depuis 11 min (attendu\u00a0: 10 min au plus)."),
            french[0].what);
        CPPUNIT_ASSERT_EQUAL(
            std::string("sync ne répond pas aux attentes : sa dernière exécution ne mentionne pas applied "
                        "(attendu\u00a0: 1 ou plus)."),
            french[2].what);
        CPPUNIT_ASSERT_EQUAL(std::string("sync has had no success for 1 d 3 h, expected one within 26 h."),
                             english[3].what);
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/sync"), english[3].path);
    }

    void runThatWasAskedToEndIsShownSo() {
        add("sync", JobPhase::Running, Outcome::Succeeded);
        _source.jobs[0].stopping = "stopped by anna";

        CPPUNIT_ASSERT_EQUAL(std::string("stopping"), overviewOf(reader(), _source).rows.front().badge.words);
    }

    void manyFailuresAreSummedUp() {
        for (int i = 0; i < 9; ++i) add("job" + std::to_string(i), JobPhase::Idle, Outcome::Failed);

        const auto model = overviewOf(reader(), _source);

        CPPUNIT_ASSERT_EQUAL(std::size_t{9}, model.sumOf(ShownState::Failed));
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, model.alarms.size());
        CPPUNIT_ASSERT_EQUAL(std::string("4 more jobs have failed."), model.alarms.back().what);
    }

    void pausedJobHasNoNextFiring() {
        add("sync", JobPhase::Paused, Outcome::Failed);

        const auto model = overviewOf(reader(), _source);

        CPPUNIT_ASSERT_EQUAL(std::string("paused"), model.rows.front().badge.words);
        CPPUNIT_ASSERT_EQUAL(std::string(), model.rows.front().next);
        CPPUNIT_ASSERT(model.alarms.empty());
    }

    void filtersByStateAndText() {
        add("sync", JobPhase::Idle, Outcome::Failed);
        add("clean", JobPhase::Idle, Outcome::Succeeded);
        _source.jobs[1].title = "Ménage d’ÉTÉ";

        _source.state = "failed";
        CPPUNIT_ASSERT_EQUAL(std::string("sync"), overviewOf(reader(), _source).rows.front().job);
        _source.state = "";
        _source.text = "été";
        const auto model = overviewOf(reader(), _source);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, model.rows.size());
        CPPUNIT_ASSERT_EQUAL(std::string("clean"), model.rows.front().job);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, model.all);
    }

    void marksTellTheirEndByClassAndShape() {
        JobDay day;
        mark(day, 0min, SlotMark::Ran);
        mark(day, 10min, SlotMark::Failed);
        mark(day, 23h, SlotMark::Skipped);

        const Reader english = reader();
        DayStrips strips(english, DayStrips::Grain::Mark);
        const std::string svg = strips.strip(day, "sync");

        CPPUNIT_ASSERT_EQUAL(std::string("1 ran, 1 skipped, 1 failed"), dayInWords(english.texts, day));
        CPPUNIT_ASSERT_MESSAGE(svg,
                               svg.starts_with("<span class=\"sr\">Last 24 hours: 1 ran, 1 skipped, 1 failed</span>"));
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("m-ran w1\" d=\"M287 6v12\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("m-failed w1\" d=\"M285 0v20\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("m-skipped w1\" d=\"M11 10v8\"") != std::string::npos);
    }

    void eachMarkHasItsTimeAndALink() {
        JobDay day;
        mark(day, 10min, SlotMark::Failed);
        mark(day, 70min, SlotMark::Nothing);
        mark(day, 72min, SlotMark::Ran);
        const Reader french = reader(Language::French);
        const auto stretch = std::to_string(ago(10min).time_since_epoch() / JobDay::kStretch);
        const auto hour = std::to_string(ago(70min).time_since_epoch() / 1h * 12);

        const std::string each = DayStrips(french, DayStrips::Grain::Mark).strip(day, "a@b c");
        const std::string hourly = DayStrips(french, DayStrips::Grain::Hour).strip(day, "sync");

        const std::string clock = timeText(french, TimePoint(JobDay::kStretch * std::stoll(stretch)), TimeForm::Short);
        CPPUNIT_ASSERT_MESSAGE(each, each.find("<a href=\"/jobs/a@b%20c/at/" + stretch + "\" tabindex=\"-1\"><title>" +
                                               clock.substr(0, 5) + "\u00a0: 1 en échec</title>") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(each, each.find("1 sans rien à faire</title>") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(hourly, hourly.find("<a href=\"/jobs/sync/at/" + hour + "-12\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(hourly, hourly.find(": 1 sans rien à faire, 1 exécutée</title>") != std::string::npos);
    }

    void axisNamesTheHoursOfTheReadersZone() {
        const Reader english = reader();
        const std::string axis = DayStrips(english, DayStrips::Grain::Hour).axis();

        std::size_t named = 0;
        for (const char* hour : {">00:00<", ">06:00<", ">12:00<", ">18:00<"})
            named += axis.find(hour) != std::string::npos;
        CPPUNIT_ASSERT_MESSAGE(axis, named >= 3);  // one may stand at the very edge
    }

    void stretchShowsItsWorstEnd() {
        JobDay day;
        mark(day, 0min, SlotMark::Ran);
        mark(day, 0min, SlotMark::Missed);

        const Reader english = reader();
        const std::string svg = DayStrips(english, DayStrips::Grain::Mark).strip(day, "sync");

        CPPUNIT_ASSERT(svg.find("m-missed") != std::string::npos);
        CPPUNIT_ASSERT(svg.find("m-ran") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("1 ran, 1 missed"), dayInWords(reader().texts, day));
    }

    void whatNeedsAPersonComesFirst() {
        add("idle", JobPhase::Idle, Outcome::Succeeded);
        add("busy", JobPhase::Running, Outcome::Succeeded);
        add("odd", JobPhase::Idle, Outcome::Succeeded);
        add("off", JobPhase::Disabled, Outcome::Succeeded);
        add("late", JobPhase::Idle, Outcome::Succeeded);
        add("bad", JobPhase::Idle, Outcome::Failed);
        _source.late = {"late"};
        _source.unmet = {{"odd", {ExpectationFinding{{ExpectationKind::Counter, "fetched", 1, {}}, 0}}}};

        CPPUNIT_ASSERT_EQUAL(std::string("bad late odd busy idle off"), order());
        _source.order = overviewOrderOf("-state");
        CPPUNIT_ASSERT_EQUAL(std::string("off idle busy odd late bad"), order());
    }

    void anyColumnOrdersEitherWay() {
        add("b", JobPhase::Idle, Outcome::Succeeded);
        add("c", JobPhase::Idle, Outcome::Succeeded);
        add("a", JobPhase::Idle, Outcome::Succeeded);
        _source.jobs[0].title = "Zoo";
        _source.jobs[0].next = _source.jobs[0].next + 1h;
        _source.jobs[1].next = kNever;
        _source.days[1].last->startedAt -= 1h;
        _source.days[2].last.reset();
        _source.days[0].pending = 3;
        _source.days[2].pending = 12;
        mark(_source.days[1], 10min, SlotMark::Failed);
        const std::pair<const char*, const char*> expected[] = {
            {"job", "a c b"},     {"-job", "b c a"},     {"last", "b c a"},     {"-last", "c b a"},
            {"next", "a b c"},    {"-next", "b a c"},    {"day", "c a b"},      {"duration", "c b a"},
            {"pending", "a b c"}, {"-pending", "b a c"}, {"nonsense", "a c b"}, {"", "a c b"}};
        for (const auto& [word, jobs] : expected) {
            _source.order = overviewOrderOf(word);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string(jobs), order());
        }
    }

    void sumsAddUpToAllJobs() {
        const JobPhase phases[] = {JobPhase::Idle,   JobPhase::Running, JobPhase::Paused,   JobPhase::Manual,
                                   JobPhase::Faulty, JobPhase::Waiting, JobPhase::Retrying, JobPhase::Disabled};
        for (const auto phase : phases) add("ok-" + std::string(nameOf(phase)), phase, Outcome::Succeeded);
        add("bad", JobPhase::Idle, Outcome::Failed);
        _source.state = "failed";

        const auto model = overviewOf(reader(), _source);

        std::size_t sum = 0;
        for (const auto count : model.sums) sum += count;
        CPPUNIT_ASSERT_EQUAL(std::size_t{9}, sum);
        CPPUNIT_ASSERT_EQUAL(model.all, sum);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, model.sumOf(ShownState::Failed));
    }

    void pageIsPartOfTheOrder() {
        for (const char* name : {"e", "d", "c", "b", "a"}) add(name, JobPhase::Idle, Outcome::Succeeded);
        _source.most = 2;
        CPPUNIT_ASSERT_EQUAL(std::string("a b"), order());
        _source.first = 4;
        CPPUNIT_ASSERT_EQUAL(std::string("e"), order());
        _source.first = 9;
        CPPUNIT_ASSERT_EQUAL(std::string(), order());
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, overviewOf(reader(), _source).matching);
    }

    void runThatGoesOnShowsForHowLong() {
        add("sync", JobPhase::Running, Outcome::Succeeded);
        auto& day = _source.days[0];
        day.last->finishedAt.reset();
        day.last->outcome.reset();
        day.durations = {1min, 8min, 4min};

        const auto row = overviewOf(reader(Language::French), _source).rows.front();
        CPPUNIT_ASSERT_MESSAGE(
            row.progress, row.progress.find("title=\"depuis 2 min, d’habitude 4 min environ\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(row.progress, row.progress.find("<progress aria-label") != std::string::npos &&
                                                 row.progress.find("value") == std::string::npos);
    }

    void runThatTellsItsProgressHasABar() {
        add("sync", JobPhase::Running, Outcome::Succeeded);
        auto& day = _source.days[0];
        day.last->finishedAt.reset();
        day.last->outcome.reset();
        _source.jobs[0].run = day.last->id;
        _source.progress[day.last->id] = {"sync", {1'250, 10'000, "lettres <b>"}};

        const auto bar = overviewOf(reader(Language::French), _source).rows.front().progress;
        CPPUNIT_ASSERT_MESSAGE(bar, bar.find("max=\"10000\" value=\"1250\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(bar, bar.find("aria-valuetext=\"1\u202f250 sur 10\u202f000\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            bar, bar.find("title=\"1\u202f250 sur 10\u202f000 lettres &lt;b&gt;, depuis 2 min\"") != std::string::npos);
        _source.progress[day.last->id].progress = {20, 10, "letters"};
        const auto tooFar = overviewOf(reader(), _source).rows.front().progress;
        CPPUNIT_ASSERT_MESSAGE(tooFar, tooFar.find("value=\"10\"") != std::string::npos);
        _source.progress[day.last->id].progress = {1'250, 0, "letters"};
        const auto endless = overviewOf(reader(), _source).rows.front().progress;
        CPPUNIT_ASSERT_MESSAGE(endless, endless.find(" value=") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(endless, endless.find("<span data-figures>1,250</span>") != std::string::npos);
    }

    void trendNeedsTwoRuns() {
        JobDay day;
        day.durations = {1s};
        CPPUNIT_ASSERT_EQUAL(std::string(), durationTrend(reader(), day));
        day.durations = {1s, 4s, 2s};

        const std::string svg = durationTrend(reader(), day);

        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("between 1.0 s and 4.0 s") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(svg, svg.find("points=\"2,14 40,2 78,10\"") != std::string::npos);
    }

    void chartsLeaveOutWhatNoRunTells() {
        auto first = run("sync", Outcome::Succeeded);
        first.report = R"({"counters":{"fetched":12}})";
        auto second = first;
        second.id = "later";
        second.startedAt += 1min;
        second.report = R"({"counters":{"fetched":3}})";

        const auto charts = runChartsOf(reader(), {second, first});

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, charts.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Items a run: from 3 to 12 over 2 runs"), charts[0].alternative);
        CPPUNIT_ASSERT_EQUAL(std::string("[[1795305480000,12,\"run-of-sync\"],[1795305540000,3,\"later\"]]"),
                             charts[0].points);
        CPPUNIT_ASSERT_EQUAL(std::string("Duration (s)"), charts[1].title);
    }

private:
    std::string order() const {
        std::string jobs;
        for (const auto& row : overviewOf(reader(), _source).rows) jobs += (jobs.empty() ? "" : " ") + row.job;
        return jobs;
    }
    RunRow run(const std::string& job, Outcome outcome) const {
        RunRow row;
        row.id = "run-of-" + job;
        row.job = job;
        row.trigger = Trigger::Schedule;
        row.scheduledAt = row.startedAt = ago(2min);
        row.finishedAt = row.startedAt + 1'500ms;
        row.outcome = outcome;
        row.message = outcome == Outcome::Failed ? "it broke" : "done";
        return row;
    }
    void add(const std::string& name, JobPhase phase, Outcome outcome) {
        _source.jobs.push_back({name, name, phase, true, ago(-5min)});
        JobDay day;
        day.last = run(name, outcome);
        _source.days.push_back(day);
    }
    void mark(JobDay& day, std::chrono::microseconds before, SlotMark mark) const {
        ++day.countsOf(ago(before).time_since_epoch() / JobDay::kStretch)[static_cast<std::size_t>(mark)];
    }

    OverviewSource _source{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(OverviewPageTest);
