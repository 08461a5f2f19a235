#include "store/SlotStory.h"

#include "RunStoreFixture.h"
#include "pages/PageTexts.h"
#include "pages/StoryWords.h"
#include "schedule/ZoneDatabase.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// What became of due times, out of a store, and in words.
class SlotStoryTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(SlotStoryTest);
    CPPUNIT_TEST(aSlotThatRanHasItsAttempts);
    CPPUNIT_TEST(aSkippedSlotNamesTheRunInItsWay);
    CPPUNIT_TEST(aMissedSlotTellsSinceWhenNobodyLooked);
    CPPUNIT_TEST(ofManySlotsThoseThatDidNotRunAreTold);
    CPPUNIT_TEST(neighboursAreTold);
    CPPUNIT_TEST(aSlotThatNobodyDecidedIsTold);
    CPPUNIT_TEST(whatTheLedgerDoesNotKnowIsSaid);
    CPPUNIT_TEST(slotsOfWhichTheSameIsSaidAreOneGroup);
    CPPUNIT_TEST(whoPausedItIsNamed);
    CPPUNIT_TEST(whatIsDisabledHasNoNextSlot);
    CPPUNIT_TEST(everyReasonHasItsSentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _store = std::make_unique<RunStore>(folder(), _clock); }
    void tearDown() override { _store.reset(); }

    void aSlotThatRanHasItsAttempts() {
        addRun("first", 0s, 2s, 1, "schedule", 2, "the gateway is down");
        addRun("second", 60s, 61s, 2, "retry", 0, "5 applied");
        addSlot(0s, "ran", "", "first");

        CPPUNIT_ASSERT_EQUAL(
            std::string("[good succeeded] Attempt 1 began 0 ms after its time and took 2.0 s: failed. <first>"
                        " \"the gateway is down\""
                        " Attempt 2 began 1 min 00 s after its time and took 1.0 s: succeeded. <second>"
                        " \"5 applied\""),
            told(0s, 1s));
    }

    void aSkippedSlotNamesTheRunInItsWay() {
        addRun("long", -300s, 5s, 1, "schedule", 0, "");
        addSlot(0s, "skipped", "overlap", "long");

        CPPUNIT_ASSERT_EQUAL(
            std::string("[warn skipped] A run was in progress, and job.overlap lets no other begin beside "
                        "it. That run began on 22 Nov 2026, 00:55:00 and ended on 22 Nov 2026, 01:00:05: "
                        "succeeded. <long>"),
            told(0s, 1s));
    }

    void aMissedSlotTellsSinceWhenNobodyLooked() {
        addSlot(-600s, "ran", "", "gone", -599s);
        addSlot(0s, "missed", "late, and job.misfire is skip (the store failed)", "", 3'600s);

        const std::string said = told(0s, 1s);

        CPPUNIT_ASSERT_EQUAL(
            std::string("[bad missed] It was seen too late, and job.misfire = skip lets such slots pass."
                        " Noted with it: the store failed. No host saw it in time: none left a trace "
                        "between 22 Nov 2026, 00:50:01 and 22 Nov 2026, 02:00:00."),
            said);
        CPPUNIT_ASSERT_EQUAL(std::string("[calm ran] It ran; the history no longer has that run."), told(-600s, -599s));
    }

    void ofManySlotsThoseThatDidNotRunAreTold() {
        for (int i = 0; i < 60; ++i) addSlot(i * 1s, "ran", "", "r");
        addSlot(60s, "skipped", "paused");
        addSlot(59'500ms, "missed", "older than job.misfire.window");

        const DueStory story = ask(0s, 61s);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{62}, story.due);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{60}, story.ran);
        CPPUNIT_ASSERT_EQUAL(DueStory::kMostTold, story.slots.size());
        CPPUNIT_ASSERT(story.slots.back().slot.ending == SlotEnding::Skipped);
        CPPUNIT_ASSERT(story.slots[48].slot.ending == SlotEnding::Missed);
        const auto said = summaryOf(reader(), story, asked(0s, 61s), {true, 0});
        CPPUNIT_ASSERT_EQUAL(std::string("62 slots were due from 22 Nov 2026, 01:00:00 to 22 Nov 2026, 01:01:01 "
                                         "(Europe/Paris); 60 ran."),
                             said.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("50 of them are shown; those that did not run come first."), said.at(1));
    }

    void neighboursAreTold() {
        addSlot(-60s, "ran", "", "a");
        addSlot(0s, "skipped", "paused");
        addSlot(60s, "missed", "older than job.misfire.window");

        const auto said = neighboursOf(reader(), ask(0s, 1s), {true, 0});

        CPPUNIT_ASSERT_EQUAL(std::string("The slot before: 22 Nov 2026, 00:59:00, ran"), said.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("The slot after: 22 Nov 2026, 01:01:00, missed"), said.at(1));
        const DueStory between = ask(10s, 20s);
        CPPUNIT_ASSERT_EQUAL(std::string("Nothing was due from 22 Nov 2026, 01:00:10 to 22 Nov 2026, 01:00:20 "
                                         "(Europe/Paris)."),
                             summaryOf(reader(100s), between, asked(10s, 20s), {true, 0}).at(0));
    }

    void aSlotThatNobodyDecidedIsTold() {
        addSlot(-60s, "ran", "", "a");
        schedule(0s, true);

        const DueStory story = ask(0s, 1s);

        CPPUNIT_ASSERT_EQUAL(
            std::string("A slot has been due since 22 Nov 2026, 01:00:00, and no host has decided it: none "
                        "runs, or its store fails."),
            summaryOf(reader(5s), story, asked(0s, 1s), {true, 0}).at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("The job is paused now."), neighboursOf(reader(5s), story, {true, 0}).back());
    }

    void whatTheLedgerDoesNotKnowIsSaid() {
        CPPUNIT_ASSERT_EQUAL(std::string("The ledger has nothing of this job."),
                             neighboursOf(reader(), ask(0s, 1s), {true, 0}).at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("Nothing was due from 22 Nov 2026, 01:00:00 to 22 Nov 2026, 01:00:01 "
                                         "(Europe/Paris)."),
                             summaryOf(reader(), ask(0s, 1s), asked(0s, 1s), {true, 0}).at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("The ledger has no row from 22 Nov 2026, 01:00:00 to 22 Nov 2026, 01:00:01 "
                                         "(Europe/Paris). By its schedule of today 7 slots were due then."),
                             summaryOf(reader(), ask(0s, 1s), asked(0s, 1s), {true, 7}).at(0));
        addSlot(0s, "ran", "", "a");
        CPPUNIT_ASSERT_EQUAL(std::string("The ledger of this job begins here."),
                             neighboursOf(reader(), ask(-10s, -5s), {true, 0}).at(0));
    }

    void slotsOfWhichTheSameIsSaidAreOneGroup() {
        addSlot(0s, "skipped", "paused by anna: travaux");
        addSlot(60s, "skipped", "paused by anna: travaux");
        addSlot(120s, "skipped", "day off: Noël");
        addSlot(180s, "skipped", "moved to 2026-12-28 03:00 (Noël)");
        addSlot(240s, "skipped", "stopped by anna");

        const auto groups = groupsOf(reader(), ask(0s, 300s));

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, groups.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, groups[0].count);
        CPPUNIT_ASSERT(groups[0].last - groups[0].first == 60s);
        const auto said = [&groups](std::size_t i) { return groups[i].words.sentences.at(0).text; };
        CPPUNIT_ASSERT_EQUAL(std::string("The job was paused by anna: travaux."), said(0));
        CPPUNIT_ASSERT_EQUAL(std::string("It lay on a day off: Noël."), said(1));
        CPPUNIT_ASSERT_EQUAL(std::string("It was moved to 2026-12-28 03:00 (Noël)."), said(2));
        CPPUNIT_ASSERT_EQUAL(std::string("The job was stopped by anna while its slot waited."), said(3));
    }

    void whoPausedItIsNamed() {
        schedule(60s, true);
        auto session = openFile();
        execute(session, "INSERT INTO job_pause (job, paused_by, since_at, until_at, note) VALUES ('sync', 'anna', " +
                             micros(-60s) + ", " + micros(3'600s) + ", 'travaux')");

        const auto said = neighboursOf(reader(), ask(0s, 1s), {true, 0});

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, said.size());
        CPPUNIT_ASSERT_EQUAL(std::string("anna paused the job on 22 Nov 2026, 00:59:00."), said[1]);
        CPPUNIT_ASSERT_EQUAL(std::string("“travaux”"), said[2]);
        CPPUNIT_ASSERT_EQUAL(std::string("It fires again from 22 Nov 2026, 02:00:00 on."), said[3]);
    }

    void whatIsDisabledHasNoNextSlot() {
        schedule(60s, false);

        CPPUNIT_ASSERT_EQUAL(std::string("The next one is due on 22 Nov 2026, 01:01:00."),
                             neighboursOf(reader(), ask(0s, 1s), {true, 0}).back());
        const auto said = neighboursOf(reader(), ask(0s, 1s), {false, 0});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, said.size());
        CPPUNIT_ASSERT_EQUAL(std::string("The job is disabled now: it does not fire."), said.back());
    }

    void everyReasonHasItsSentence() {
        for (const Language language : {Language::English, Language::French}) {
            const Texts& texts = pageTexts(language);
            for (const auto name : kEnumNames<SkipReason>) {
                const std::string key(name);
                if (key.empty() || key == nameOf(SkipReason::Other)) continue;
                CPPUNIT_ASSERT_MESSAGE(key, texts.word("why.skip", key) != key);
            }
            for (const auto name : kEnumNames<SlotEnding>)
                CPPUNIT_ASSERT(texts.word("mark", std::string(name), "?") != "?");
        }
    }

private:
    Reader reader(std::chrono::microseconds later = 0s) const {
        return {pageTexts(Language::English), findTimeZone("Europe/Paris"), _clock.now() + later};
    }
    TypedTime asked(std::chrono::microseconds from, std::chrono::microseconds until) const {
        return {_clock.now() + from, _clock.now() + until};
    }
    DueStory ask(std::chrono::microseconds from, std::chrono::microseconds until) const {
        return _store->dueStory("sync", asked(from, until).from, asked(from, until).until);
    }

    /// Of the one slot in that time: its badge and its sentences, runs in angles.
    std::string told(std::chrono::microseconds from, std::chrono::microseconds until) const {
        const DueStory story = ask(from, until);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, story.slots.size());
        const SlotWords words = wordsOf(reader(), story.slots.front());
        std::string text = '[' + words.ending.colour + ' ' + words.ending.words + ']';
        for (const auto& sentence : words.sentences) {
            text += sentence.isQuoted ? " \"" + sentence.text + '"' : ' ' + sentence.text;
            if (!sentence.run.empty()) text += " <" + sentence.run + '>';
        }
        return text;
    }

    std::string micros(std::chrono::microseconds later) const {
        return std::to_string((_clock.now() + later).time_since_epoch().count());
    }
    void addRun(const std::string& id, std::chrono::microseconds from, std::chrono::microseconds until, int attempt,
                const std::string& trigger, int outcome, const std::string& message) {
        auto session = openFile();
        execute(session,
                "INSERT INTO run (id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, "
                "finished_at, outcome, message) VALUES ('" +
                    id + "', 'sync', '" + trigger + "', " + std::to_string(attempt) + ", 'here', 1, " + micros(0s) +
                    ", " + micros(from) + ", " + micros(until) + ", " + std::to_string(outcome) + ", '" + message +
                    "')");
    }
    void addSlot(std::chrono::microseconds at, const std::string& ending, const std::string& reason,
                 const std::string& run = "", std::chrono::microseconds recorded = -1s) {
        auto session = openFile();
        execute(session,
                "INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at) VALUES ('sync', " +
                    micros(at) + ", '" + ending + "', '" + reason + "', '" + run + "', 'schedule', " +
                    micros(recorded == -1s ? at : recorded) + ")");
    }
    void schedule(std::chrono::microseconds next, bool paused) {
        auto session = openFile();
        execute(session, "INSERT INTO job_schedule (job, plan, next_at, paused, busy) VALUES ('sync', 1, " +
                             micros(next) + ", " + (paused ? "1" : "0") + ", 0)");
    }

    std::unique_ptr<RunStore> _store{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(SlotStoryTest);
