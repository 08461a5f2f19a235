#include "RunStoreFixture.h"
#include "schedule/ZoneDatabase.h"
#include "shared/FoldedText.h"
#include "store/FilterWords.h"

#include "Poco/Exception.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// Lists of runs and slots by the words that people type, in Paris, where the clock stands at 01:00 on 22 November.
class RunFilterTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(RunFilterTest);
    CPPUNIT_TEST(eachWordLeavesItsRuns);
    CPPUNIT_TEST(wordsHoldTogether);
    CPPUNIT_TEST(eachWordLeavesItsSlots);
    CPPUNIT_TEST(pagesOfAFilterAreWholeAndDisjoint);
    CPPUNIT_TEST(runsOfAllJobsArePaged);
    CPPUNIT_TEST(actsOnRejectsAreNoWorkOfTheJob);
    CPPUNIT_TEST(textIsFoundWithoutAccents);
    CPPUNIT_TEST(anyFilterFindsWhatItsWordsSay);
    CPPUNIT_TEST(searchTellsHowFarBackItLooked);
    CPPUNIT_TEST(searchesThatGoOnMissNothing);
    CPPUNIT_TEST(whatWasNotAsScheduledIsFoundHoweverOld);
    CPPUNIT_TEST(runsThatGoOnAtATimeAreFound);
    CPPUNIT_TEST(whatIsNoWordIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _store = std::make_unique<RunStore>(folder(), _clock);
        add("a", "sync", -3h, 2s, 0, "schedule", "5 applied");
        add("b", "sync", -2h, 9s, 2, "schedule", "The Gateway is down");
        add("c", "sync", -1h, 1s, 1, "cli", "nothing pending");
        add("d", "clean", -1h, 5s, 2, "schedule", "gateway? none");
        add("e", "sync", -4s, -1s, 0, "web", "");  // it goes on
    }
    void tearDown() override { _store.reset(); }

    void eachWordLeavesItsRuns() {
        CPPUNIT_ASSERT_EQUAL(std::string("e c b a"), runs({}));
        CPPUNIT_ASSERT_EQUAL(std::string("b"), runs({.outcome = "failed"}));
        CPPUNIT_ASSERT_EQUAL(std::string("e"), runs({.outcome = "running"}));
        CPPUNIT_ASSERT_EQUAL(std::string("c"), runs({.trigger = "cli"}));
        CPPUNIT_ASSERT_EQUAL(std::string("e b"), runs({.longer = "4s"}));
        CPPUNIT_ASSERT_EQUAL(std::string("b"), runs({.text = "gateway"}));
        CPPUNIT_ASSERT_EQUAL(std::string("d b"), runs({.text = "GATEWAY"}, ""));
        CPPUNIT_ASSERT_EQUAL(std::string("e c b"), runs({.since = "2026-11-21 23:00"}));
        CPPUNIT_ASSERT_EQUAL(std::string("b a"), runs({.until = "2026-11-21 23:00"}));
        CPPUNIT_ASSERT_EQUAL(std::string("b a"), runs({.since = "2026-11-21", .until = "2026-11-21"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), runs({.text = "%"}));
    }

    void runsThatGoOnAtATimeAreFound() {
        add("long", "clean", -50h, 60h, 0, "schedule", "");
        add("over", "clean", -4h, 1h, 0, "schedule", "");
        const auto at = [this](std::chrono::microseconds ago, std::chrono::hours surely, std::size_t most) {
            const auto found = _store->runsGoingOn(_clock.now() - ago, surely, most);
            std::string ids = found.lookedBackTo ? "(cut)" : "";
            for (const auto& run : found.rows) ids += ' ' + run.id;
            return ids;
        };

        CPPUNIT_ASSERT_EQUAL(std::string(" a long"), at(3h - 1s, 1h, 100));
        CPPUNIT_ASSERT_EQUAL(std::string(" long"), at(2h, 1h, 100));
        CPPUNIT_ASSERT_EQUAL(std::string(" e long"), at(0s, 48h, 100));
        CPPUNIT_ASSERT_EQUAL(std::string("(cut) a"), at(3h - 1s, 1h, 1));
        CPPUNIT_ASSERT_EQUAL(std::string("(cut) a long"), at(3h - 1s, 48h, 1));
    }

    void wordsHoldTogether() {
        CPPUNIT_ASSERT_EQUAL(std::string("b"), runs({.since = "2026-11-21", .outcome = "failed", .text = "down"}, ""));
        CPPUNIT_ASSERT_EQUAL(std::string(), runs({.outcome = "failed", .trigger = "cli"}));
    }

    void eachWordLeavesItsSlots() {
        slot("sync", -2h, "missed", "older than job.misfire.window");
        slot("sync", -1h, "skipped", "stopped by Anna");
        slot("clean", -30min, "ran", "");

        CPPUNIT_ASSERT_EQUAL(std::string("sync-60 sync-120"), slots({}));
        CPPUNIT_ASSERT_EQUAL(std::string("clean-30 sync-60 sync-120"), slots({}, ""));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-120"), slots({.outcome = "missed"}));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-60"), slots({.text = "anna"}));
        CPPUNIT_ASSERT_EQUAL(std::string("clean-30 sync-60"), slots({.since = "2026-11-22"}, ""));
        CPPUNIT_ASSERT_EQUAL(std::string(), slots({.trigger = "cli"}));
    }

    void pagesOfAFilterAreWholeAndDisjoint() {
        for (int i = 0; i < 10; ++i)
            add("same" + std::to_string(i), "sync", -10h, 1s, i % 2 == 0 ? 2 : 0, "schedule", "");
        RunQuery query{"sync", 2, "", Outcome::Failed};

        std::string all;
        for (auto page = _store->history(query); !page.empty(); page = _store->history(query)) {
            for (const auto& run : page) all += run.id + ' ';
            query.after = page.back().id;
        }

        CPPUNIT_ASSERT_EQUAL(std::string("b same8 same6 same4 same2 same0 "), all);
    }

    void runsOfAllJobsArePaged() {
        RunQuery query{"", 2};
        CPPUNIT_ASSERT_EQUAL(std::string("d"), _store->history(query).at(1).id);
        query.after = "d";
        CPPUNIT_ASSERT_EQUAL(std::string("c"), _store->history(query).at(0).id);
        query.job = "sync";  // whose list does not have it
        CPPUNIT_ASSERT(_store->history(query).empty());
    }

    /// A mistyped id of a reject is not how the job stands.
    void actsOnRejectsAreNoWorkOfTheJob() {
        for (int i = 0; i < 5; ++i)
            add("act" + std::to_string(i), "sync", -std::chrono::seconds(i + 1), 1s, 2, "replay", "no open reject");
        RunQuery query{"sync", 1'000};

        CPPUNIT_ASSERT_EQUAL(std::string("act0"), _store->history(query).at(0).id);
        query.ownWork = true;
        const auto own = _store->history(query);
        CPPUNIT_ASSERT_EQUAL(own.at(0).id, _store->lastRun("sync")->id);
        CPPUNIT_ASSERT(std::all_of(own.begin(), own.end(), [](const RunRow& run) { return isOwnWork(run.trigger); }));
        CPPUNIT_ASSERT_EQUAL(_store->history(RunQuery{"sync", 1'000}).size() - 5, own.size());
    }

    void textIsFoundWithoutAccents() {
        add("f", "sync", -5h, 2s, 2, "schedule", "Échec de l’École : ŒUVRE");

        for (const char* word : {"échec", "ECHEC", "ecole", "œuvre", "Oeuvre", "École : œ"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("f"), runs({.text = word}));
        CPPUNIT_ASSERT_EQUAL(std::string(), runs({.text = "échecs"}));
    }

    /// All combinations, by one job and of all, beside what their definition leaves of all rows.
    void anyFilterFindsWhatItsWordsSay() {
        fill();
        const auto all = _store->history(RunQuery{"", 1'000});
        for (const char* job : {"", "sync"})
            for (const char* outcome : {"", "succeeded", "nothing_to_do", "failed", "stopped", "running"})
                for (const char* trigger : {"", "schedule", "cli", "retry"})
                    for (const char* longer : {"", "5s"})
                        for (const char* text : {"", "pending", "gateway"}) {
                            const FilterWords words{
                                .outcome = outcome, .trigger = trigger, .longer = longer, .text = text};
                            const std::string about =
                                std::string(job) + '|' + outcome + '|' + trigger + '|' + longer + '|' + text;
                            CPPUNIT_ASSERT_EQUAL_MESSAGE(about, expected(all, words, job), runs(words, job));
                        }
    }

    void searchTellsHowFarBackItLooked() {
        fill();
        RunQuery query{"", 5};
        query.text = "nowhere";
        query.mostLookedAt = 20;

        const auto found = _store->search(query);
        CPPUNIT_ASSERT(found.rows.empty() && found.lookedBackTo);
        query.since = *found.lookedBackTo;
        query.mostLookedAt = 0;
        query.text.clear();
        query.limit = 1'000;
        CPPUNIT_ASSERT_EQUAL(std::size_t{21}, _store->search(query).rows.size());  // and was not told of more

        query = RunQuery{"", 5};
        query.mostLookedAt = 20;
        CPPUNIT_ASSERT(!_store->search(query).lookedBackTo);  // each row is wanted
        query.text = "a";
        query.mostLookedAt = 1'000;
        CPPUNIT_ASSERT(!_store->search(query).lookedBackTo);  // there are no more
    }

    void searchesThatGoOnMissNothing() {
        fill();
        for (const char* trigger : {"", "cli"}) {
            RunQuery query{"", 4};
            query.text = "gateway";
            if (*trigger != '\0') query.trigger = Trigger::Cli;
            const auto whole = _store->history(
                RunQuery{"", 1'000, "", {}, false, {}, kNever, query.trigger, false, {}, {}, query.text});
            CPPUNIT_ASSERT(whole.size() > 8);
            query.mostLookedAt = 7;

            std::string all;
            for (;;) {
                const auto found = _store->search(query);
                for (const auto& run : found.rows) all += run.id + ' ';
                if (found.lookedBackTo)
                    query.until = *found.lookedBackTo, query.after.clear();
                else if (found.rows.size() == query.limit)
                    query.after = found.rows.back().id;
                else
                    break;
            }

            std::string expected;
            for (const auto& run : whole) expected += run.id + ' ';
            CPPUNIT_ASSERT_EQUAL(expected, all);
        }
    }

    void whatWasNotAsScheduledIsFoundHoweverOld() {
        fill();
        add("oldest", "clean", -2'000h, 1s, 3, "schedule", "");
        RunQuery query{"", 1'000};
        query.outcome = Outcome::Stopped;
        query.mostLookedAt = 1;
        CPPUNIT_ASSERT_EQUAL(std::string("oldest"), _store->search(query).rows.back().id);

        slot("clean", -2'000h, "missed", "older");
        SlotQuery slots{"", 5};
        slots.ending = SlotEnding::Missed;
        slots.mostLookedAt = 1;
        const auto found = _store->search(slots);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.rows.size());
        CPPUNIT_ASSERT(!found.lookedBackTo);
    }

    void whatIsNoWordIsRefused() {
        for (const FilterWords& words :
             {FilterWords{.since = "noon"}, FilterWords{.until = "2026-02-30"}, FilterWords{.outcome = "fail"},
              FilterWords{.trigger = "Cron"}, FilterWords{.longer = "5"}})
            CPPUNIT_ASSERT_THROW(runs(words), Poco::SyntaxException);
        CPPUNIT_ASSERT_THROW(slots({.outcome = "failed"}), Poco::SyntaxException);
    }

private:
    /// 200 runs of two jobs, one and the same instant for each two of them.
    void fill() {
        const char* const triggers[] = {"schedule", "cli", "retry"};
        const char* const messages[] = {"5 applied", "nothing pending", "The Gateway is down", ""};
        for (int i = 0; i < 200; ++i)
            add("r" + std::to_string(1'000 + i), i % 3 == 0 ? "clean" : "sync", -24h - i / 2 * 1min,
                i % 23 == 0 ? -1s : std::chrono::seconds(i % 11), i % 4, triggers[i % 7 % 3], messages[i % 5 % 4]);
    }
    /// By the definition of each word.
    std::string expected(const std::vector<RunRow>& all, const FilterWords& words, const std::string& job) const {
        std::string ids;
        for (const auto& run : all) {
            const std::string outcome(run.outcome ? nameOf(*run.outcome) : "running");
            if ((!job.empty() && run.job != job) || (!words.outcome.empty() && outcome != words.outcome)) continue;
            if (!words.trigger.empty() && nameOf(run.trigger) != words.trigger) continue;
            if (!words.longer.empty() && run.finishedAt.value_or(_clock.now()) - run.startedAt < 5s) continue;
            if (folded(run.message).find(words.text) == std::string::npos) continue;
            ids += (ids.empty() ? "" : " ") + run.id;
        }
        return ids;
    }

    std::string runs(const FilterWords& words, const std::string& job = "sync") const {
        RunQuery query{job, 1'000};
        apply(words, *findTimeZone("Europe/Paris"), _clock.now(), query);
        std::string ids;
        for (const auto& run : _store->history(query)) ids += (ids.empty() ? "" : " ") + run.id;
        return ids;
    }
    /// Job and minutes from now.
    std::string slots(const FilterWords& words, const std::string& job = "sync") const {
        SlotQuery query{job};
        apply(words, *findTimeZone("Europe/Paris"), _clock.now(), query);
        std::string found;
        for (const auto& slot : _store->ledger(query))
            found += (found.empty() ? "" : " ") + slot.job + std::to_string((slot.slotAt - _clock.now()) / 1min);
        return found;
    }

    std::string micros(std::chrono::microseconds from) const {
        return std::to_string((_clock.now() + from).time_since_epoch().count());
    }
    /// `took` below 0: it goes on.
    void add(const std::string& id, const std::string& job, std::chrono::microseconds from,
             std::chrono::microseconds took, int outcome, const std::string& trigger, const std::string& message) {
        const bool goesOn = took < 0s;
        auto session = openFile();
        execute(session,
                "INSERT INTO run (id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, "
                "finished_at, outcome, message) VALUES ('" +
                    id + "', '" + job + "', '" + trigger + "', 1, 'here', " + std::to_string(++_fence) + ", " +
                    micros(from) + ", " + micros(from) + ", " + (goesOn ? "NULL" : micros(from + took)) + ", " +
                    (goesOn ? "NULL" : std::to_string(outcome)) + ", '" + message + "')");
    }
    void slot(const std::string& job, std::chrono::microseconds at, const std::string& ending,
              const std::string& reason) {
        auto session = openFile();
        execute(session, "INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at) VALUES ('" +
                             job + "', " + micros(at) + ", '" + ending + "', '" + reason + "', '', 'schedule', " +
                             micros(at) + ")");
    }

    int _fence = 0;
    std::unique_ptr<RunStore> _store{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(RunFilterTest);
