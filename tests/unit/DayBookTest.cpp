#include "RunStoreFixture.h"
#include "pages/DayBook.h"
#include "store/ScheduleStore.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>
#include <variant>

using namespace carillon;
using namespace std::chrono_literals;

class DayBookTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(DayBookTest);
    CPPUNIT_TEST(slotsAreCountedByTheirEnds);
    CPPUNIT_TEST(whatIsRecordedLaterIsCountedOnce);
    CPPUNIT_TEST(aRunThatEndsIsRunningNoMore);
    CPPUNIT_TEST(aSlotThatIsRecordedLateIsCounted);
    CPPUNIT_TEST(lastRunTellsWhatIsPending);
    CPPUNIT_TEST(aReportOfAnEarlierVersionTellsNothing);
    CPPUNIT_TEST(yesterdayIsForgotten);
    CPPUNIT_TEST(anotherStoreIsReadAnew);
    CPPUNIT_TEST_SUITE_END();

public:
    void slotsAreCountedByTheirEnds() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded);
        run("b", Outcome::Failed);
        slot(SlotEnding::Skipped, 2min);
        slot(SlotEnding::Merged, 1min);
        slot(SlotEnding::Missed, 30s);

        run("c", Outcome::NothingToDo);

        CPPUNIT_ASSERT_EQUAL(std::string("nothing 1, ran 1, merged 1, skipped 1, missed 1, failed 1"), countsOf(book));
    }

    void whatIsRecordedLaterIsCountedOnce() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 1"), countsOf(book));
        CPPUNIT_ASSERT_EQUAL(std::string("ran 1"), countsOf(book));

        run("b", Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 2"), countsOf(book));
        _clock.advance(11s);
        run("c", Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 2, failed 1"), countsOf(book));
        _clock.advance(5s);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 2, failed 1"), countsOf(book));

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, day(book).durations.size());
    }

    void aRunThatEndsIsRunningNoMore() {
        DayBook book(folder(), _clock);
        RunStore store(folder(), _clock);
        const auto claim = std::get<Claim>(store.claim(request("a")));
        CPPUNIT_ASSERT_EQUAL(std::string("running 1"), countsOf(book));
        CPPUNIT_ASSERT(!day(book).last->finishedAt);

        _clock.advance(90s);
        store.finish(claim.identity, {Outcome::Failed, "it broke", "{}", _clock.now()});

        CPPUNIT_ASSERT_EQUAL(std::string("failed 1"), countsOf(book));
        CPPUNIT_ASSERT_EQUAL(std::string("it broke"), day(book).last->message);
        CPPUNIT_ASSERT(day(book).durations.back() == 90s);
    }

    void aSlotThatIsRecordedLateIsCounted() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded);
        countsOf(book);

        _clock.advance(1h);
        slot(SlotEnding::Missed, 5h);

        CPPUNIT_ASSERT_EQUAL(std::string("ran 1, missed 1"), countsOf(book));
    }

    void lastRunTellsWhatIsPending() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded,
            R"({"counters":{"waiting":7,"waited":90,"aside":2},)"
            R"("roles":{"waiting":"backlog","waited":"lag","aside":"rejected"}})");
        run("b", Outcome::Failed, "{}");

        const JobDay day = this->day(book);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, day.pending.value());
        CPPUNIT_ASSERT(day.lag == 90s);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, day.rejected);  // of the last one
        CPPUNIT_ASSERT_EQUAL(std::string("b"), day.last->id);
    }

    void aReportOfAnEarlierVersionTellsNothing() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded, R"({"counters":{"pending_after":7,"rejected":2}})");

        const JobDay day = this->day(book);

        CPPUNIT_ASSERT(!day.pending);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, day.rejected);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 1"), countsOf(book));
    }

    void yesterdayIsForgotten() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 1"), countsOf(book));

        _clock.advance(24h + 6min);

        CPPUNIT_ASSERT_EQUAL(std::string(), countsOf(book));
        CPPUNIT_ASSERT(day(book).last.has_value());
    }

    void anotherStoreIsReadAnew() {
        DayBook book(folder(), _clock);
        run("a", Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("ran 1"), countsOf(book));

        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file() + end);
        run("b", Outcome::Failed);

        CPPUNIT_ASSERT_EQUAL(std::string("failed 1"), countsOf(book));
    }

private:
    void run(const std::string& id, Outcome outcome, const std::string& report = "{}") {
        _clock.advance(1s);
        RunStore store(folder(), _clock);
        const auto claim = std::get<Claim>(store.claim(request(id)));
        store.finish(claim.identity, {outcome, "done", report, _clock.now()});
    }
    void slot(SlotEnding ending, std::chrono::microseconds before) {
        ScheduleStore store(folder(), "here", _clock);
        StoreBatch batch;
        batch.slots.push_back(
            {"sync", _clock.now() - before, ending, {SkipReason::Overlap, {}}, "", Trigger::Schedule, _clock.now()});
        store.write(batch);
    }

    static JobDay day(DayBook& book) { return book.read({"sync"}).front(); }

    /// `ran 2, failed 1`
    static std::string countsOf(DayBook& book) {
        MarkCounts sum{};
        for (const auto& stretch : day(book).stretches)
            for (std::size_t i = 0; i < kSlotMarks; ++i) sum[i] += stretch.counts[i];
        std::string text;
        for (std::size_t i = 0; i < kSlotMarks; ++i)
            if (sum[i] > 0)
                text += (text.empty() ? "" : ", ") + std::string(kSlotMarkNames[i]) + ' ' + std::to_string(sum[i]);
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DayBookTest);
