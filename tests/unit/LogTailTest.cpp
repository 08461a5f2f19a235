#include "logs/LogTail.h"

#include "Poco/TemporaryFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>

using namespace carillon;
using Lines = std::vector<std::string>;

class LogTailTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogTailTest);
    CPPUNIT_TEST(theLastLinesComeOldestFirst);
    CPPUNIT_TEST(aLogThatIsNotThereIsEmpty);
    CPPUNIT_TEST(aDeviceIsEmpty);
    CPPUNIT_TEST(anUnfinishedLineIsNotALine);
    CPPUNIT_TEST(linesMayBeLongerThanABlock);
    CPPUNIT_TEST(aHugeLogIsReadFromItsEnd);
    CPPUNIT_TEST(tooFewLinesAreFilledFromRotatedFiles);
    CPPUNIT_TEST(oneRotatedFileMayBeMissing);
    CPPUNIT_TEST(rotatedFilesCountWhenTheNewestIsMissing);
    CPPUNIT_TEST(bytesAreBoundedToo);
    CPPUNIT_TEST(aFollowerHandsOutEachNewLineOnce);
    CPPUNIT_TEST(aFollowerBeginsWithTheLastLines);
    CPPUNIT_TEST(aFollowerKeepsBackAnUnfinishedLine);
    CPPUNIT_TEST(aFollowerWaitsForTheFile);
    CPPUNIT_TEST(aFollowerThatWaitedMissesNoRotation);
    CPPUNIT_TEST(aFollowerGoesOverARotation);
    CPPUNIT_TEST(aFollowerGoesOverManyRotationsAtOnce);
    CPPUNIT_TEST(aFollowerGoesOverRotationsThatPurgedItsFile);
    CPPUNIT_TEST(aFollowerStaysWhileTheNewFileIsMissing);
    CPPUNIT_TEST(aFollowerSeesATruncation);
    CPPUNIT_TEST(aFollowerSeesATruncationThatHasGrownOver);
    CPPUNIT_TEST(aFollowerRepeatsNothingAfterAnUnfinishedFileWasRotated);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _dir = Poco::TemporaryFile::tempName();
        std::filesystem::create_directories(_dir);
        _path = _dir + "/a.log";
    }
    void tearDown() override { std::filesystem::remove_all(_dir); }

    void theLastLinesComeOldestFirst() {
        append("one\ntwo\n\nfour\n");

        check({"two", "", "four"}, lastLines(_path, 3));
        check({"one", "two", "", "four"}, lastLines(_path, 100));
        check({}, lastLines(_path, 0));
    }

    void aLogThatIsNotThereIsEmpty() { check({}, lastLines(_path, 5)); }

    void aDeviceIsEmpty() { check({}, lastLines("/dev/full", 5)); }

    void anUnfinishedLineIsNotALine() {
        append("one\ntwo\nthr");

        check({"one", "two"}, lastLines(_path, 2));
    }

    void linesMayBeLongerThanABlock() {
        const std::string a(200'000, 'a'), b(64 * 1024, 'b'), c(64 * 1024 - 1, 'c');
        append(a + "\n" + b + "\n" + c + "\n");

        check({a, b, c}, lastLines(_path, 3));
        check({b, c}, lastLines(_path, 2));
        check({c}, lastLines(_path, 1));
    }

    void aHugeLogIsReadFromItsEnd() {
        append("first\n");
        std::filesystem::resize_file(_path, std::uintmax_t{1} << 40);  // a hole: reading it all would take hours
        append("\nbefore last\nlast\n");

        check({"before last", "last"}, lastLines(_path, 2));
    }

    void tooFewLinesAreFilledFromRotatedFiles() {
        append("5\n6\n");
        write(".0", "3\n4");
        write(".1", "1\n2\n");
        write(".4", "never\n");

        check({"4", "5", "6"}, lastLines(_path, 3));
        check({"2", "3", "4", "5", "6"}, lastLines(_path, 5));
        check({"1", "2", "3", "4", "5", "6"}, lastLines(_path, 99));
    }

    void oneRotatedFileMayBeMissing() {
        append("3\n");
        write(".1", "2\n");
        write(".3", "1\n");

        check({"1", "2", "3"}, lastLines(_path, 9));
    }

    void rotatedFilesCountWhenTheNewestIsMissing() {
        write(".0", "1\n2\n");

        check({"2"}, lastLines(_path, 1));
    }

    void bytesAreBoundedToo() {
        append("5555\n6666\n");
        write(".0", "3333\n4444\n");
        write(".1", "1111\n2222\n");

        const auto some = endOfLog(_path, 99, 17);
        CPPUNIT_ASSERT_EQUAL(std::string("4444\n5555\n6666\n"), some.text);
        CPPUNIT_ASSERT(some.isCut);
        const auto all = endOfLog(_path, 99, 30);
        CPPUNIT_ASSERT_EQUAL(std::string("1111\n2222\n3333\n4444\n5555\n6666\n"), all.text);
        CPPUNIT_ASSERT(!all.isCut);
        CPPUNIT_ASSERT_EQUAL(std::string("6666\n"), endOfLog(_path, 99, 9).text);
        CPPUNIT_ASSERT_EQUAL(std::string(), endOfLog(_path, 99, 3).text);
        CPPUNIT_ASSERT(endOfLog(_path, 2, 1'000).isCut && endOfLog(_path, 1, 1'000).isCut);
        CPPUNIT_ASSERT(!endOfLog(_path + ".none", 5, 1'000).isCut);
    }

    void aFollowerHandsOutEachNewLineOnce() {
        append("old\n");
        LogFollower follower(_path);

        check({}, follower.poll());
        append("one\ntwo\n");
        check({"one", "two"}, follower.poll());
        check({}, follower.poll());
    }

    void aFollowerBeginsWithTheLastLines() {
        write(".0", "1\n2\n");
        append("3\n4\n");
        LogFollower follower(_path, 3);
        append("5\n");
        rotate();
        append("6\n");

        check({"2", "3", "4", "5", "6"}, follower.poll());
        check({}, follower.poll());
    }

    void aFollowerKeepsBackAnUnfinishedLine() {
        append("old\nha");
        LogFollower follower(_path);

        check({}, follower.poll());
        append("lf");
        check({}, follower.poll());
        append(" done\nnext");
        check({"half done"}, follower.poll());
    }

    void aFollowerWaitsForTheFile() {
        LogFollower follower(_path);

        check({}, follower.poll());
        append("one\n");
        check({"one"}, follower.poll());
    }

    void aFollowerThatWaitedMissesNoRotation() {
        write(".0", "old\n");
        LogFollower follower(_path);

        append("1\n");
        rotate();
        append("2\n");
        rotate();
        append("3\n");

        check({"1", "2", "3"}, follower.poll());
        check({}, follower.poll());
    }

    void aFollowerGoesOverARotation() {
        append("1\n");
        LogFollower follower(_path);
        append("2\n");
        check({"2"}, follower.poll());

        append("3\n");
        rotate();
        append("4\n");

        check({"3", "4"}, follower.poll());
        check({}, follower.poll());
    }

    void aFollowerGoesOverManyRotationsAtOnce() {
        write(".0", "old 1\n");
        write(".1", "old 0\n");
        append("1\n");
        LogFollower follower(_path);

        for (int i = 2; i < 6; ++i) {
            append(std::to_string(i) + "\n");
            rotate();
        }
        append("6\n");

        check({"2", "3", "4", "5", "6"}, follower.poll());
        check({}, follower.poll());
    }

    void aFollowerGoesOverRotationsThatPurgedItsFile() {
        append("1\n");
        LogFollower follower(_path);

        append("2\n");
        for (int i = 3; i < 6; ++i) {
            rotate();
            append(std::to_string(i) + "\n");
        }
        std::filesystem::remove(_path + ".2");

        check({"2", "3", "4", "5"}, follower.poll());
        check({}, follower.poll());
    }

    void aFollowerStaysWhileTheNewFileIsMissing() {
        append("1\n");
        LogFollower follower(_path);

        rotate();
        std::ofstream(_path + ".0", std::ios::app) << "2\n";
        check({"2"}, follower.poll());
        append("3\n");
        check({"3"}, follower.poll());
    }

    void aFollowerSeesATruncation() {
        append("one\ntwo\nthree\n");
        LogFollower follower(_path);

        std::filesystem::resize_file(_path, 0);
        check({}, follower.poll());
        append("four\n");
        check({"four"}, follower.poll());
    }

    void aFollowerSeesATruncationThatHasGrownOver() {
        append("one\n");
        LogFollower follower(_path);

        std::filesystem::resize_file(_path, 0);
        append("twenty\nthirty\n");

        check({"twenty", "thirty"}, follower.poll());
    }

    void aFollowerRepeatsNothingAfterAnUnfinishedFileWasRotated() {
        append("1\n");
        LogFollower follower(_path);
        append("2\nha");
        check({"2"}, follower.poll());

        rotate();
        append("3\n");

        check({"ha", "3"}, follower.poll());
    }

private:
    static void check(const Lines& expected, const Lines& lines) {
        CPPUNIT_ASSERT_EQUAL(expected.size(), lines.size());
        for (std::size_t i = 0; i < lines.size(); ++i) CPPUNIT_ASSERT_EQUAL(expected[i], lines[i]);
    }
    void write(const std::string& suffix, const std::string& text) const { std::ofstream(_path + suffix) << text; }
    void append(const std::string& text) const { std::ofstream(_path, std::ios::app) << text; }
    /// As Poco's FileChannel does, before it makes the new file.
    void rotate() const {
        int n = 0;
        while (std::filesystem::exists(_path + "." + std::to_string(n))) ++n;
        for (; n > 0; --n)
            std::filesystem::rename(_path + "." + std::to_string(n - 1), _path + "." + std::to_string(n));
        std::filesystem::rename(_path, _path + ".0");
    }

    std::string _dir;
    std::string _path;
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogTailTest);
