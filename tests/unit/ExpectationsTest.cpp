#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "alerts/ExpectationTroubles.h"
#include "alerts/RunJudgement.h"
#include "config/ConfigNotes.h"
#include "config/Configuration.h"
#include "config/ExpectationWords.h"
#include "support/HostFolder.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

const TimePoint kNow = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

std::string wordsOf(const std::vector<Expectation>& expectations, Language language = Language::English) {
    std::string words;
    for (const auto& expectation : expectations)
        words += (words.empty() ? "" : "; ") + expectationInWords(expectation, language);
    return words;
}

/// `slow+` is met, `slow-` is not.
std::string namesOf(const std::vector<ExpectationFinding>& findings) {
    std::string names;
    for (const auto& finding : findings)
        names += (names.empty() ? "" : " ") + finding.key() + (finding.isMet ? "+" : "-");
    return names;
}

}  // namespace

/// What a job's author writes below job.expect, how it is said, and what runs tell of it.
class ExpectationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ExpectationsTest);
    CPPUNIT_TEST(keysAreReadAndSaidInWords);
    CPPUNIT_TEST(whatIsWrongIsOneSentence);
    CPPUNIT_TEST(instancesMayExpectDifferently);
    CPPUNIT_TEST(limitThatNoRunReachesIsAWarning);
    CPPUNIT_TEST(notesSayWhatIsExpected);
    CPPUNIT_TEST(outcomesTellOfDifferentExpectations);
    CPPUNIT_TEST(counterThatIsNotToldIsNotEnough);
    CPPUNIT_TEST(runIsJustInTimeAtItsLimit);
    CPPUNIT_TEST(runsInTheHistoryAreJudged);
    CPPUNIT_TEST(newestRunThatTellsDecides);
    CPPUNIT_TEST(successIsMissedFromTheLastOne);
    CPPUNIT_TEST(findingsAreSaidInBothLanguages);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>("jobs.enabled = sync\n"); }
    void tearDown() override { _folder.reset(); }

    void keysAreReadAndSaidInWords() {
        const auto all = expectationsOf(
            "job.expect.duration = 2s..10m\njob.expect.success_within = 26h\n"
            "job.expect.counters.fetched = 1..\njob.expect.counters.items.applied = ..500\n"
            "job.expect.counters.left = 0\njob.expect.counters.rate = -1 .. 9\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("a run takes 10 min at most; a run takes 2 s at least; the last success was 26 h "
                        "ago at most; fetched is 1 or more; items.applied is 500 at most; left is 0; "
                        "rate is -1 to 9"),
            wordsOf(all));
        CPPUNIT_ASSERT_EQUAL(
            std::string("une exécution dure 10 min au plus; une exécution dure 2 s au moins; le dernier "
                        "succès remonte à 26 h au plus; fetched vaut 1 ou plus; items.applied vaut 500 "
                        "au plus; left vaut 0; rate vaut -1 à 9"),
            wordsOf(all, Language::French));
        CPPUNIT_ASSERT_EQUAL(std::string("a run takes 1 d at most"),
                             wordsOf(expectationsOf("job.expect.duration = ..24h\n")));
    }

    void whatIsWrongIsOneSentence() {
        const std::pair<const char*, const char*> wrong[] = {
            {"job.expect.duration = 10m",
             "job.expect.duration = 10m, expected a range of durations such as 2s..10m, ..10m or 2s.. (1ms to 366d)"},
            {"job.expect.duration = ..", "such as 2s..10m"},
            {"job.expect.duration = 2..10m", "such as 2s..10m"},
            {"job.expect.duration = ..0s", "such as 2s..10m"},
            {"job.expect.duration = 10m..2s",
             "job.expect.duration = 10m..2s begins above its end; write the smaller one first"},
            {"job.expect.success_within = 26", "job.expect.success_within = 26, expected a duration such as 26h"},
            {"job.expect.counters.fetched = some",
             "job.expect.counters.fetched = some, expected a whole number or a range such as 1.., ..500 or 1..500"},
            {"job.expect.counters.fetched = 5..1", "write the smaller one first"},
            {"job.expect.counters.Fetched = 1..", "names a counter with other than a-z, 0-9, _ and ."},
            {"job.expect.duration =", "job.expect.duration is empty: give a bound, or take the line out"},
            {"job.expect.success_within =", "job.expect.success_within is empty"},
            {"job.expect.counters.fetched =", "job.expect.counters.fetched is empty"},
            {"job.expect.durations = 2s..10m",
             "job.expect.durations is not a known key, did you mean job.expect.duration"}};
        for (const auto& [line, sentence] : wrong) {
            const auto faults = read(std::string(line) + '\n').allFaults();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(line, std::size_t{1}, faults.size());
            CPPUNIT_ASSERT_MESSAGE(faults.front().sentence(),
                                   faults.front().sentence().find(sentence) != std::string::npos);
        }
    }

    void instancesMayExpectDifferently() {
        _folder->write("jobs/sync.instances.csv", "name,most,least\nparis,5m,1..\nlyon,10m,\nnice,soon,1..\n");

        const auto all = read(
            "job.expect.duration = ..${instance.most}\n"
            "job.expect.counters.fetched = ${instance.least}\n");

        CPPUNIT_ASSERT_EQUAL(std::string("a run takes 5 min at most; fetched is 1 or more"),
                             wordsOf(all.find("sync@paris")->settings()->expectations));
        CPPUNIT_ASSERT_EQUAL(std::string("a run takes 10 min at most"),
                             wordsOf(all.find("sync@lyon")->settings()->expectations));
        CPPUNIT_ASSERT(all.find("sync@nice")->isFaulty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.allFaults().size());
    }

    void limitThatNoRunReachesIsAWarning() {
        CPPUNIT_ASSERT(read("job.timeout = 10m\njob.expect.duration = 1s..9m\n").allWarnings().empty());

        const auto warnings = read("job.timeout = 10m\njob.expect.duration = 1s..10m\n").allWarnings();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, warnings.size());
        CPPUNIT_ASSERT(warnings.front().sentence().find("job.timeout ends a run after 10m") != std::string::npos);
    }

    void notesSayWhatIsExpected() {
        const auto notes = notesOf(read("job.expect.duration = ..10m\njob.expect.success_within = 26h\n"));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, notes.size());
        CPPUNIT_ASSERT_EQUAL((_folder->path() / "jobs/sync.properties").string() +
                                 ": expects: a run takes 10 min at most; the last success was 26 h ago at most",
                             notes.front().sentence());
    }

    void outcomesTellOfDifferentExpectations() {
        const auto all = expectationsOf(
            "job.expect.duration = 2s..10m\njob.expect.success_within = 26h\njob.expect.counters.fetched = 1..\n");
        const auto judge = [&all](RunReport report, std::chrono::microseconds took) {
            return namesOf(judgeRun(all, report.counter("fetched", 3), took));
        };

        CPPUNIT_ASSERT_EQUAL(std::string("slow+ fast+ no_success+ counter fetched+"),
                             judge(RunReport::succeeded(""), 5s));
        CPPUNIT_ASSERT_EQUAL(std::string("slow- fast+ no_success+ counter fetched+"),
                             judge(RunReport::succeeded(""), 11min));
        CPPUNIT_ASSERT_EQUAL(std::string("slow+ fast- no_success+ counter fetched+"),
                             judge(RunReport::succeeded(""), 1s));
        // Nothing to do may be found out at once, and where something is expected it is not enough.
        CPPUNIT_ASSERT_EQUAL(std::string("slow+ no_success+ counter fetched-"),
                             namesOf(judgeRun(all, RunReport::nothingToDo(""), 1s)));
        // A failure is one, however soon it came.
        CPPUNIT_ASSERT_EQUAL(std::string(), judge(RunReport::failed(""), 1s));
        CPPUNIT_ASSERT_EQUAL(std::string("slow-"), judge(RunReport::failed(""), 11min));
        RunReport stopped;
        stopped.outcome = Outcome::Stopped;
        CPPUNIT_ASSERT_EQUAL(std::string(), judge(stopped, 11min));
        // Nobody saw how long it took.
        CPPUNIT_ASSERT_EQUAL(std::string(), namesOf(judgeRun(all, RunReport::failed(""), std::nullopt)));
    }

    void counterThatIsNotToldIsNotEnough() {
        const auto all = expectationsOf(
            "job.expect.counters.a = 1..\njob.expect.counters.b = ..5\n"
            "job.expect.counters.c = 0\njob.expect.counters.items.applied = 2\n");
        auto report = RunReport::succeeded("").total("items", 2, {{"outcome", "applied"}});

        const auto findings = judgeRun(all, report, 1s);

        CPPUNIT_ASSERT_EQUAL(std::string("counter a- counter b+ counter c+ counter items.applied+"), namesOf(findings));
        CPPUNIT_ASSERT_EQUAL(std::string("tells no a, expected 1 or more"),
                             findingInWords(findings.front(), Language::English));
    }

    void runIsJustInTimeAtItsLimit() {
        const auto all = expectationsOf("job.expect.duration = 2s..10m\n");
        const auto judge = [&all](std::chrono::microseconds took) {
            return namesOf(judgeRun(all, RunReport::succeeded(""), took));
        };

        CPPUNIT_ASSERT_EQUAL(std::string("slow+ fast+"), judge(10min));
        CPPUNIT_ASSERT_EQUAL(std::string("slow- fast+"), judge(10min + 1us));
        CPPUNIT_ASSERT_EQUAL(std::string("slow+ fast+"), judge(2s));
        CPPUNIT_ASSERT_EQUAL(std::string("slow+ fast-"), judge(2s - 1us));
        CPPUNIT_ASSERT_EQUAL(std::string("slow+ fast-"), judge(-1s));  // the clock was set back
    }

    void runsInTheHistoryAreJudged() {
        const auto all = expectationsOf("job.expect.duration = ..10m\njob.expect.counters.fetched = 1..\n");

        CPPUNIT_ASSERT_EQUAL(std::string("slow- counter fetched-"),
                             namesOf(judgeRun(all, ended("r", 11min, R"({"counters":{"fetched":0}})"), kNow)));
        auto replay = ended("r", 11min, "{}");
        replay.trigger = Trigger::Replay;
        CPPUNIT_ASSERT_EQUAL(std::string(), namesOf(judgeRun(all, replay, kNow)));
        // Its process was gone, which somebody noticed hours later.
        auto gone = ended("r", 11h, "");
        gone.report.reset();
        gone.outcome = Outcome::Failed;
        CPPUNIT_ASSERT_EQUAL(std::string(), namesOf(judgeRun(all, gone, kNow)));
        CPPUNIT_ASSERT_EQUAL(std::string(), namesOf(judgeRun(all, running("r", 10min), kNow)));
        const auto slow = judgeRun(all, running("r", 11min), kNow);
        CPPUNIT_ASSERT_EQUAL(std::string("slow-"), namesOf(slow));
        CPPUNIT_ASSERT_EQUAL(std::string("has been running for 11 min, expected 10 min at most"),
                             findingInWords(slow.front(), Language::English));
    }

    void newestRunThatTellsDecides() {
        const auto all = expectationsOf("job.expect.duration = 2s..10m\n");
        auto failed = ended("failed", 1s, "{}");
        failed.outcome = Outcome::Failed;

        CPPUNIT_ASSERT(findUnmet("sync", all, {}, kNow).empty());
        CPPUNIT_ASSERT(findUnmet("sync", all, {ended("c", 1min, "{}"), ended("b", 11min, "{}")}, kNow).empty());

        const auto troubles = findUnmet(
            "sync", all,
            {failed, ended("c", 11min, "{}"), ended("b", 12min, "{}"), ended("a", 1min, "{}"), ended("0", 11min, "{}")},
            kNow);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, troubles.size());
        CPPUNIT_ASSERT_EQUAL(std::string("c"), troubles.front().run);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, troubles.front().count);
        CPPUNIT_ASSERT_EQUAL(
            std::string("job sync is slow: its last run took 11 min, expected 10 min at most (2 runs in a "
                        "row); see carillon logs sync"),
            sentenceOf(troubles.front(), kNow));
    }

    void successIsMissedFromTheLastOne() {
        const auto expectation = expectationsOf("job.expect.success_within = 26h\n").front();

        CPPUNIT_ASSERT(!findLackOfSuccess("sync", expectation, kNow - 26h, kNow));
        const auto trouble = findLackOfSuccess("sync", expectation, kNow - 27h, kNow);

        CPPUNIT_ASSERT(trouble);
        CPPUNIT_ASSERT_EQUAL(
            std::string("job sync has had no success for 1 d 3 h, expected one within 26 h; see carillon "
                        "history sync"),
            sentenceOf(*trouble, kNow));
    }

    void findingsAreSaidInBothLanguages() {
        ExpectationFinding fast{{ExpectationKind::Fast, "", 2'000, {}}, 1'950};
        ExpectationFinding count{{ExpectationKind::Counter, "fetched", 1, 5}, 0};
        ExpectationFinding none{{ExpectationKind::NoSuccess, "", {}, 26 * 3'600'000}, 27 * 3'600'000};

        CPPUNIT_ASSERT_EQUAL(std::string("took 1.95 s, expected 2 s at least"),
                             findingInWords(fast, Language::English));
        CPPUNIT_ASSERT_EQUAL(std::string("a duré 1,95 s (attendu\u00a0: 2 s au moins)"),
                             findingInWords(fast, Language::French));
        CPPUNIT_ASSERT_EQUAL(std::string("tells fetched = 0, expected 1 to 5"),
                             findingInWords(count, Language::English));
        CPPUNIT_ASSERT_EQUAL(std::string("indique Récupérés = 0 (attendu\u00a0: 1 à 5)"),
                             findingInWords(count, "Récupérés", Language::French));
        CPPUNIT_ASSERT_EQUAL(std::string("reste sans succès depuis 1 j 3 h (attendu\u00a0: 26 h au plus)"),
                             findingInWords(none, Language::French));
    }

private:
    Configuration read(const std::string& lines) const {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\n" + lines);
        return readConfiguration(_folder->config());
    }
    std::vector<Expectation> expectationsOf(const std::string& lines) const {
        const auto all = read(lines);
        CPPUNIT_ASSERT(all.allFaults().empty());
        return all.find("sync")->settings()->expectations;
    }

    static RunRow running(const std::string& id, std::chrono::microseconds since) {
        RunRow run;
        run.id = id;
        run.job = "sync";
        run.trigger = Trigger::Schedule;
        run.startedAt = kNow - since;
        return run;
    }
    static RunRow ended(const std::string& id, std::chrono::microseconds took, const std::string& report) {
        RunRow run = running(id, took);
        run.finishedAt = kNow;
        run.outcome = Outcome::Succeeded;
        run.report = report;
        return run;
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ExpectationsTest);
