#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/Command.h"
#include "support/HostFolder.h"

namespace fs = std::filesystem;

/// `carillon backfill` and what `carillon why` tells of it.
class BackfillTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BackfillTest);
    CPPUNIT_TEST(slotsWithoutSuccessRunInTheirOrder);
    CPPUNIT_TEST(aFailureEndsItUnlessItIsToGoOn);
    CPPUNIT_TEST(whatWouldRunIsListed);
    CPPUNIT_TEST(badWordsAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>("host.timezone = Europe/Paris\n");
        _folder->addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
        addJob("succeed");
    }
    void tearDown() override { _folder.reset(); }

    void slotsWithoutSuccessRunInTheirOrder() {
        const auto first = backfill({"--from", "2026-11-28 03:00", "--to", "2026-11-28 06:00", "--rate", "6000"});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.err, 0, first.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{4}, lines(first.out));
        CPPUNIT_ASSERT(first.out.starts_with("2026-11-28 03:00:00 +01:00  nightly succeeded: "));
        const auto second = backfill({"--from", "2026-11-28", "--to", "2026-11-28 06:00", "--rate", "6000"});
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3}, lines(second.out));
        CPPUNIT_ASSERT(second.out.starts_with("2026-11-28 00:00:00 +01:00  nightly succeeded: "));
        const auto third = backfill({"--from", "2026-11-28", "--to", "2026-11-28 06:00"});
        CPPUNIT_ASSERT_EQUAL(
            std::string("nothing to run: each slot of nightly in that time has a success, or there is none\n"),
            third.out);
        const auto why = carillon({"why", "nightly", "2026-11-28 04:00", "--lang", "en"});
        CPPUNIT_ASSERT_MESSAGE(why.out, has(why.out,
                                            "nightly, 28 Nov 2026, 04:00:00 (Europe/Paris): succeeded\n"
                                            "  A backfill ran it on "));
        const auto acts = carillon({"activity", "--json"});
        CPPUNIT_ASSERT_MESSAGE(acts.out, has(acts.out, R"("note":"4 slots, from 2026-11-28 03:00 to 2026-11-28 06:00",)"
                                                       R"("note_code":"host.act.slots")") &&
                                             acts.out.find("backfill") != acts.out.rfind("backfill") &&
                                             !has(acts.out, R"("what":"run")"));
        const auto history = carillon({"history", "nightly", "--json"});
        CPPUNIT_ASSERT_MESSAGE(history.out, has(history.out, R"("trigger":"backfill")") &&
                                                has(history.out, R"("scheduled_at":"2026-11-28T05:00:00.000Z")"));
    }

    void aFailureEndsItUnlessItIsToGoOn() {
        addJob("fail");
        const std::vector<std::string> stretch{"--from",           "2026-11-28 03:00", "--to",
                                               "2026-11-28 05:00", "--rate",           "6000"};

        const auto stopped = backfill(stretch);

        CPPUNIT_ASSERT_EQUAL(1, stopped.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, lines(stopped.out));
        CPPUNIT_ASSERT_MESSAGE(
            stopped.err,
            has(stopped.err,
                "2 slots left; once the cause is mended the same command begins with the one that failed"));
        auto all = stretch;
        all.emplace_back("--keep-going");
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3}, lines(backfill(all).out));
        auto missing = stretch;
        missing.emplace_back("--missing");
        CPPUNIT_ASSERT(backfill(missing).out.starts_with("nothing to run"));
    }

    void whatWouldRunIsListed() {
        const auto listed = backfill({"--from", "2026-03-29", "--to", "2026-03-29", "--dry-run"});

        CPPUNIT_ASSERT(has(listed.out, "2026-03-29 01:00:00 +01:00\n2026-03-29 03:00:00 +02:00\n"));
        CPPUNIT_ASSERT(listed.out.ends_with("23 slots of nightly would run\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("[]\n"), carillon({"history", "--json"}).out);
    }

    void badWordsAreRefused() {
        const auto wrong = [&](const std::vector<std::string>& words, const std::string& said) {
            const auto result = backfill(words);
            CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(result.err, has(result.err, said));
        };
        wrong({"--from", "noon"}, "\"noon\" is no time");
        wrong({"--from", "2200-01-01"}, "--from 2200-01-01 is not before now");
        wrong({"--from", "2026-01-01", "--to", "2026-06-01"}, "slots to run, which are more than --most 500");
        wrong({}, "--from is required");
        wrong({"--from", "2026-11-28", "--rate", "0"}, "--rate 0 begins none");
        CPPUNIT_ASSERT_EQUAL(std::string("[]\n"), carillon({"history", "--json"}).out);
    }

private:
    inline static const std::string kProgram = CARILLON_TEST_PROGRAM;

    static std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

    void addJob(const std::string& run) {
        _folder->addJob(
            "nightly",
            "job.plugin = Troublemaker\njob.task = Troublemaker\njob.schedule = 0 * * * *\ntask.run = " + run + "\n");
    }
    CommandResult carillon(std::vector<std::string> words) const {
        words.insert(words.begin(), {kProgram, "--config", _folder->config()});
        return Command(std::move(words)).run();
    }
    CommandResult backfill(std::vector<std::string> words) const {
        words.insert(words.begin(), {"backfill", "nightly"});
        return carillon(std::move(words));
    }

    std::unique_ptr<HostFolder> _folder{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(BackfillTest);
