#include "api/LiveLog.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace carillon;

class LiveLogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LiveLogTest);
    CPPUNIT_TEST(linesAreReadFromWhereTheReaderIs);
    CPPUNIT_TEST(aLineIsOneObjectOfJson);
    CPPUNIT_TEST(readersThatAreOvertakenLearnHowManyTheyMissed);
    CPPUNIT_TEST(bytesAreBoundedToo);
    CPPUNIT_TEST(theLastMomentsLinesAreFound);
    CPPUNIT_TEST(idsComeBackAsTheirNumber);
    CPPUNIT_TEST(idsOfOthersAreNone);
    CPPUNIT_TEST(idsTellNobodyHowManyLinesThereWere);
    CPPUNIT_TEST(readersBesideWritersGetEachLineOnceOrMissIt);
    CPPUNIT_TEST_SUITE_END();

public:
    void linesAreReadFromWhereTheReaderIs() {
        LiveLog log;
        add(log, "a");
        add(log, "b");

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{2}, log.end());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, log.read(1, 10).lines.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, log.read(0, 1).lines.size());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, log.read(0, 1).first);
        CPPUNIT_ASSERT(log.read(2, 10).lines.empty());
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, log.read(2, 10).missed);
    }

    void aLineIsOneObjectOfJson() {
        LiveLog log;
        log.add(std::make_shared<LiveLine>("job", "1", Poco::Message::PRIO_WARNING, Poco::Timestamp(1'500),
                                           "text \"quoted\"\n\xe9"));

        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"time":"1970-01-01T00:00:00.001Z","level":"warning","job":"job","run":"1",)"
                        R"("text":"text \"quoted\"\n\\xe9"})"),
            log.read(0, 1).lines.front()->json());
    }

    void readersThatAreOvertakenLearnHowManyTheyMissed() {
        LiveLog log(LiveLog::Limits{3, 1'000'000});
        for (int i = 0; i < 10; ++i) add(log, std::to_string(i));

        const auto piece = log.read(2, 10);

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, piece.missed);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, piece.first);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, piece.lines.size());
        CPPUNIT_ASSERT(piece.lines.front()->json().find(R"("text":"7")") != std::string::npos);
    }

    void bytesAreBoundedToo() {
        LiveLog log(LiveLog::Limits{1'000, 5'000});
        for (int i = 0; i < 10; ++i) add(log, std::string(1'000, 'x'));

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, log.read(0, 1'000).lines.size());
        add(log, std::string(10'000, 'x'));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{11}, log.read(0, 1'000).missed);
        CPPUNIT_ASSERT(log.read(0, 1'000).lines.empty());
    }

    void theLastMomentsLinesAreFound() {
        LiveLog log;
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, log.since(Poco::Timestamp(5), 10));
        for (int i = 0; i < 10; ++i)
            log.add(std::make_shared<LiveLine>("job", "1", Poco::Message::PRIO_ERROR, Poco::Timestamp(i), "text"));

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{5}, log.since(Poco::Timestamp(5), 10));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{8}, log.since(Poco::Timestamp(5), 2));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{10}, log.since(Poco::Timestamp(10), 10));
    }

    void idsComeBackAsTheirNumber() {
        LiveLog log;
        add(log, "a");

        CPPUNIT_ASSERT(log.numberOf(log.idOf(0)) == std::uint64_t{0});
        CPPUNIT_ASSERT(log.numberOf(log.idOf(1)) == std::uint64_t{1});
    }

    void idsOfOthersAreNone() {
        LiveLog log;
        const LiveLog other;

        CPPUNIT_ASSERT(!log.numberOf(other.idOf(0)));
        CPPUNIT_ASSERT(!log.numberOf(log.idOf(1)));  // not yet
        for (const char* text : {"", "-", "5", "0x", "-1", "00000000000000000000000000000000"})
            CPPUNIT_ASSERT(!log.numberOf(text));
        CPPUNIT_ASSERT(!log.numberOf(log.idOf(0) + " "));
        CPPUNIT_ASSERT(!log.numberOf(log.idOf(0).substr(1)));
        CPPUNIT_ASSERT(!log.numberOf('z' + log.idOf(0).substr(1)));
    }

    void idsTellNobodyHowManyLinesThereWere() {
        const LiveLog log;

        for (const std::uint64_t number : {0U, 1U, 255U, 100'000U}) {
            const std::string one = log.idOf(number);
            const std::string next = log.idOf(number + 1);
            int same = 0;
            for (std::size_t i = 0; i < one.size(); ++i) same += one[i] == next[i] ? 1 : 0;

            CPPUNIT_ASSERT_EQUAL(std::size_t{32}, one.size());
            CPPUNIT_ASSERT_EQUAL(one, log.idOf(number));
            CPPUNIT_ASSERT_MESSAGE(one + ' ' + next, same < 16);  // 2 of 32 as a rule
        }
    }

    void readersBesideWritersGetEachLineOnceOrMissIt() {
        constexpr int kWriters = 4;
        constexpr std::uint64_t kLines = 5'000;
        LiveLog log(LiveLog::Limits{100, 1'000'000});
        std::vector<std::thread> threads;
        for (int w = 0; w < kWriters; ++w)
            threads.emplace_back([&log] {
                for (std::uint64_t i = 0; i < kLines; ++i) add(log, std::to_string(i));
            });
        std::vector<std::uint64_t> counted(4);
        for (auto& count : counted)
            threads.emplace_back([&log, &count] {
                std::uint64_t next = 0;
                while (next < kWriters * kLines) {
                    const auto piece = log.read(next, 10);
                    count += piece.missed + piece.lines.size();
                    for (const auto& line : piece.lines) CPPUNIT_ASSERT(!line->json().empty());
                    next = piece.first + piece.lines.size();
                }
            });
        for (auto& thread : threads) thread.join();

        for (const auto count : counted) CPPUNIT_ASSERT_EQUAL(kWriters * kLines, count);
    }

private:
    static void add(LiveLog& log, const std::string& text) {
        log.add(std::make_shared<LiveLine>("job", "1", Poco::Message::PRIO_INFORMATION, Poco::Timestamp(), text));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LiveLogTest);
