#include "logs/JobLog.h"

#include "base/JsonValue.h"
#include "carillon/Failure.h"

#include "logs/LineFormatter.h"
#include "logs/LogTail.h"

#include "Poco/Channel.h"
#include "Poco/Exception.h"
#include "Poco/Instantiator.h"
#include "Poco/LoggingFactory.h"
#include "Poco/LoggingRegistry.h"
#include "Poco/TemporaryFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <thread>

using namespace carillon;
using namespace std::chrono_literals;
using Lines = std::vector<std::string>;
using Keys = std::map<std::string, std::string>;

namespace {

/// Throws while it is told to, and then wants to be closed before it works again, as a file on a full disk does.
class BrokenChannel final : public Poco::Channel {
public:
    static inline std::atomic<bool> broken{false};
    static inline Lines lines;

    void log(const Poco::Message& message) override {
        _stuck = _stuck || broken;
        if (_stuck) throw Poco::WriteFileException("no space\nleft");
        lines.push_back(message.getText());
    }
    void close() override { _stuck = false; }

private:
    bool _stuck = false;
};

/// What is written to stderr during its life.
class CapturedErrors {
public:
    CapturedErrors() : _before(std::cerr.rdbuf(_text.rdbuf())) {}
    ~CapturedErrors() { std::cerr.rdbuf(_before); }
    CapturedErrors(const CapturedErrors&) = delete;
    CapturedErrors& operator=(const CapturedErrors&) = delete;
    std::string text() const { return _text.str(); }

private:
    std::ostringstream _text;
    std::streambuf* _before;
};

class Umask {
public:
    explicit Umask(mode_t mask) : _before(::umask(mask)) {}
    ~Umask() { ::umask(_before); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

private:
    mode_t _before;
};

}  // namespace

class JobLogTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobLogTest);
    CPPUNIT_TEST(withoutKeysTheLogIsAFileOfTheJob);
    CPPUNIT_TEST(nothingIsMadeBeforeTheFirstLine);
    CPPUNIT_TEST(theDefaultIsRotatedAtTenMegabytes);
    CPPUNIT_TEST(aRestartGoesOnInTheSameFile);
    CPPUNIT_TEST(linesAboveTheLevelAreLeftOut);
    CPPUNIT_TEST(levelNoneLeavesOutEveryLine);
    CPPUNIT_TEST(aLevelAloneKeepsTheDefaultFile);
    CPPUNIT_TEST(channelsAndFormattersOfPocoWork);
    CPPUNIT_TEST(inlineChannelsAndFormattersWork);
    CPPUNIT_TEST(jsonLinesOnRequest);
    CPPUNIT_TEST(aPatternForgesNoLine);
    CPPUNIT_TEST(aFileChannelWithoutFormatterGetsTheLineFormatter);
    CPPUNIT_TEST(aFileBehindAFormatterGetsNoSecondOne);
    CPPUNIT_TEST(aSplitterWritesToAll);
    CPPUNIT_TEST(oneBrokenChannelOfASplitterLeavesTheOthersAlone);
    CPPUNIT_TEST(anAsyncChannelLosesNothingAtTheEnd);
    CPPUNIT_TEST(aRelativePathIsBelowTheLogsFolder);
    CPPUNIT_TEST(twoJobsMayUseTheSameNames);
    CPPUNIT_TEST(everyFaultIsFoundAtOnceWithItsLine);
    CPPUNIT_TEST(theConstructorThrowsTheFirstFault);
    CPPUNIT_TEST(channelsThatNoLoggerUsesAreAFault);
    CPPUNIT_TEST(channelsThatLeadBackToThemselvesAreAFault);
    CPPUNIT_TEST(valuesThatPocoWouldMisreadAreFaults);
    CPPUNIT_TEST(aVariableThatIsNotSetIsAFault);
    CPPUNIT_TEST(otherLoggersAreAcceptedWhenTheyAreValid);
    CPPUNIT_TEST(checkOpensNoFile);
    CPPUNIT_TEST(filesAreNotForOthersWhateverTheUmask);
    CPPUNIT_TEST(theModeOfAFileThatWasThereIsLeftAlone);
    CPPUNIT_TEST(aFileThatOthersWriteIsNotWrittenTo);
    CPPUNIT_TEST(aPipeThatNobodyReadsHoldsUpNobody);
    CPPUNIT_TEST(aFullDiskNeverThrowsAndIsToldOnce);
    CPPUNIT_TEST(theNextNoticeComesAfterTenSeconds);
    CPPUNIT_TEST(aBrokenChannelHealsAtTheNextLine);
    CPPUNIT_TEST(halfALineLeftByAFullDiskIsEnded);
    CPPUNIT_TEST(aFolderThatCannotBeMadeHealsWhenItCan);
    CPPUNIT_TEST(aRotationThatFailsHeals);
    CPPUNIT_TEST(aFileThatWasMovedAwayIsMadeAnew);
    CPPUNIT_TEST(aForgedLineIsOneLine);
    CPPUNIT_TEST(aFollowerSeesEveryLineOverRotations);
    CPPUNIT_TEST(manyThreadsWriteWholeLines);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _dir = Poco::TemporaryFile::tempName();
        std::filesystem::create_directories(_dir);
        static const bool registered = [] {
            Poco::LoggingFactory::defaultFactory().registerChannelClass(
                "BrokenChannel", new Poco::Instantiator<BrokenChannel, Poco::Channel>);
            return true;
        }();
        CPPUNIT_ASSERT(registered);
        BrokenChannel::broken = false;
        BrokenChannel::lines.clear();
    }
    void tearDown() override { std::filesystem::remove_all(_dir); }

    void withoutKeysTheLogIsAFileOfTheJob() {
        JobLog log(job({}), logs());

        log.write("20261122-103223-1a2b", Poco::Message::PRIO_INFORMATION, kAt, "batch.applied items=500");

        CPPUNIT_ASSERT_EQUAL(logs() + "/sync.log", log.path());
        CPPUNIT_ASSERT_EQUAL(static_cast<int>(Poco::Message::PRIO_INFORMATION), log.level());
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-11-22T10:32:23.123Z information 20261122-103223-1a2b batch.applied items=500\n"),
            read(log.path()));
    }

    void nothingIsMadeBeforeTheFirstLine() {
        { const JobLog log(job({}), logs()); }

        CPPUNIT_ASSERT(!std::filesystem::exists(logs()));
    }

    void theDefaultIsRotatedAtTenMegabytes() {
        JobLog log(job({}), logs());
        write(log, "x.first");
        std::filesystem::resize_file(log.path(), (10 << 20) + 1);  // Poco asks the file

        write(log, "x.second");
        write(log, "x.third");

        CPPUNIT_ASSERT(std::filesystem::exists(log.path() + ".0"));
        CPPUNIT_ASSERT(read(log.path()).size() < 200);
    }

    void aRestartGoesOnInTheSameFile() {
        for (const char* text : {"x.one", "x.two"}) {
            JobLog log(job({}), logs());
            write(log, text);
        }

        check({kHead + "x.one", kHead + "x.two"}, lastLines(logs() + "/sync.log", 9));
    }

    void linesAboveTheLevelAreLeftOut() {
        JobLog log(job({{"logging.loggers.root.level", "warning"}}), logs());

        log.write("r", Poco::Message::PRIO_NOTICE, kAt, "x.no");
        log.write("r", Poco::Message::PRIO_WARNING, kAt, "x.yes");

        CPPUNIT_ASSERT_EQUAL(static_cast<int>(Poco::Message::PRIO_WARNING), log.level());
        check({"2026-11-22T10:32:23.123Z warning r x.yes"}, lastLines(log.path(), 9));
    }

    void levelNoneLeavesOutEveryLine() {
        JobLog log(job({{"logging.loggers.root.level", "none"}}), logs());

        log.write("r", Poco::Message::PRIO_FATAL, kAt, "x.no");

        CPPUNIT_ASSERT(!std::filesystem::exists(log.path()));
    }

    void aLevelAloneKeepsTheDefaultFile() {
        JobLog log(job({{"logging.loggers.root.level", "debug"}}), logs());

        CPPUNIT_ASSERT_EQUAL(logs() + "/sync.log", log.path());
        CPPUNIT_ASSERT_EQUAL(static_cast<int>(Poco::Message::PRIO_DEBUG), log.level());
    }

    void channelsAndFormattersOfPocoWork() {
        Keys keys = fileKeys("a.log");
        keys["logging.channels.file.rotation"] = "100";
        keys["logging.channels.file.purgeCount"] = "2";
        keys["logging.channels.file.times"] = "local";
        keys["logging.channels.file.formatter"] = "short";
        keys["logging.formatters.short.class"] = "PatternFormatter";
        keys["logging.formatters.short.pattern"] = "%p|%t";
        JobLog log(job(keys), logs());

        for (int i = 0; i < 40; ++i) write(log, "line " + std::to_string(i));

        CPPUNIT_ASSERT_EQUAL(std::string("Information|line 39"), lastLines(log.path(), 1).front());
        // Which two, Poco decides by their age in whole seconds.
        const std::filesystem::directory_iterator files(logs());
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3}, std::distance(begin(files), end(files)));
    }

    void inlineChannelsAndFormattersWork() {
        JobLog log(job({{"logging.loggers.root.channel.class", "FileChannel"},
                        {"logging.loggers.root.channel.path", "inline.log"},
                        {"logging.loggers.root.channel.formatter.class", "PatternFormatter"},
                        {"logging.loggers.root.channel.formatter.pattern", "<%t>"}}),
                   logs());

        write(log, "x.y");

        check({"<x.y>"}, lastLines(logs() + "/inline.log", 9));
    }

    void jsonLinesOnRequest() {
        Keys keys = fileKeys("a.log");
        keys["logging.channels.file.formatter.class"] = "JsonLineFormatter";
        JobLog log(job(keys), logs());

        write(log, "x.y n=1");

        check({R"({"time":"2026-11-22T10:32:23.123Z","level":"information","run":"r","event":"x.y","n":1})"},
              lastLines(log.path(), 9));
    }

    void aPatternForgesNoLine() {
        Keys keys = fileKeys("a.log");
        keys["logging.channels.file.pattern"] = "%t";
        JobLog log(job(keys), logs());

        write(log, "one\nforged\x1b");

        check({"one\\nforged\\x1b"}, lastLines(log.path(), 9));
    }

    void aFileChannelWithoutFormatterGetsTheLineFormatter() {
        JobLog log(job(fileKeys("a.log")), logs());

        write(log, "x.y");

        check({kHead + "x.y"}, lastLines(logs() + "/a.log", 9));
    }

    void aFileBehindAFormatterGetsNoSecondOne() {
        Keys keys = fileKeys("a.log");
        keys["logging.channels.formatted.class"] = "FormattingChannel";
        keys["logging.channels.formatted.pattern"] = "<%t>";
        keys["logging.channels.formatted.channel"] = "file";
        keys["logging.loggers.root.channel"] = "formatted";
        JobLog log(job(keys), logs());

        write(log, "x.y");

        CPPUNIT_ASSERT_EQUAL(logs() + "/a.log", log.path());
        check({"<x.y>"}, lastLines(log.path(), 9));
    }

    void aSplitterWritesToAll() {
        Keys keys = splitterKeys("second, file");
        keys["logging.channels.second.class"] = "FileChannel";
        keys["logging.channels.second.path"] = "b.log";
        JobLog log(job(keys), logs());

        write(log, "x.y");

        CPPUNIT_ASSERT_EQUAL(logs() + "/b.log", log.path());
        check({kHead + "x.y"}, lastLines(logs() + "/a.log", 9));
        check({kHead + "x.y"}, lastLines(logs() + "/b.log", 9));
    }

    void oneBrokenChannelOfASplitterLeavesTheOthersAlone() {
        Keys keys = splitterKeys("broken, file");
        keys["logging.channels.broken.class"] = "BrokenChannel";
        JobLog log(job(keys), logs());
        const CapturedErrors errors;
        BrokenChannel::broken = true;

        write(log, "x.one");
        BrokenChannel::broken = false;
        write(log, "x.two");

        check({kHead + "x.one", kHead + "x.two"}, lastLines(logs() + "/a.log", 9));
        check({"x.two"}, BrokenChannel::lines);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, log.failures());
    }

    void anAsyncChannelLosesNothingAtTheEnd() {
        Keys keys = splitterKeys("file, broken");
        keys["logging.channels.broken.class"] = "BrokenChannel";
        keys["logging.channels.async.class"] = "AsyncChannel";
        keys["logging.channels.async.channel"] = "all";
        keys["logging.channels.async.pattern"] = "%t";
        keys["logging.loggers.root.channel"] = "async";
        const CapturedErrors errors;
        BrokenChannel::broken = true;
        {
            JobLog log(job(keys), logs());

            for (int i = 0; i < 500; ++i) write(log, std::to_string(i));
        }

        const Lines lines = lastLines(logs() + "/a.log", 999);
        CPPUNIT_ASSERT_EQUAL(std::size_t{500}, lines.size());
        CPPUNIT_ASSERT_EQUAL(std::string("499"), lines.back());
    }

    void aRelativePathIsBelowTheLogsFolder() {
        JobLog relative(job(fileKeys("deep/er/a.log")), logs());
        JobLog absolute(job(fileKeys(_dir + "/b.log")), logs());

        write(relative, "x.y");

        CPPUNIT_ASSERT_EQUAL(logs() + "/deep/er/a.log", relative.path());
        CPPUNIT_ASSERT(std::filesystem::exists(relative.path()));
        CPPUNIT_ASSERT_EQUAL(_dir + "/b.log", absolute.path());
    }

    void twoJobsMayUseTheSameNames() {
        JobLog first(job(fileKeys("first.log"), "first"), logs());
        JobLog second(job(fileKeys("second.log"), "second"), logs());

        write(first, "x.first");
        write(second, "x.second");

        check({kHead + "x.first"}, lastLines(logs() + "/first.log", 9));
        check({kHead + "x.second"}, lastLines(logs() + "/second.log", 9));
        CPPUNIT_ASSERT_THROW(Poco::LoggingRegistry::defaultRegistry().channelForName("file"), Poco::NotFoundException);
    }

    void everyFaultIsFoundAtOnceWithItsLine() {
        const auto faults = JobLog::check(job({{"logging.channels.a.class", "FooChannel"},
                                               {"logging.channels.b.path", "b.log"},
                                               {"logging.channels.c.class", "FileChannel"},
                                               {"logging.channels.c.colour", "red"},
                                               {"logging.channels.c.formatter", "nosuch"},
                                               {"logging.channels.c.rotation", "often"},
                                               {"logging.channels.d.class", "SplitterChannel"},
                                               {"logging.channels.d.channels", "c,nosuch"},
                                               {"logging.channels.e.class", "AsyncChannel"},
                                               {"logging.formatters.f.class", "FooFormatter"},
                                               {"logging.formatters.g.class", "LineFormatter"},
                                               {"logging.formatters.g.pattern", "%t"},
                                               {"logging.formatters.h.pattern", "%t"},
                                               {"logging.loggers.other.level", "debug"},
                                               {"logging.loggers.root.channel", "nosuch"},
                                               {"logging.loggers.root.colour", "red"},
                                               {"logging.loggers.root.level", "loud"},
                                               {"logging.level", "debug"}}),
                                          logs());

        CPPUNIT_ASSERT_EQUAL(std::size_t{15}, faults.size());
        const auto expect = [&faults](const std::string& key, int line, const std::string& problem) {
            for (const auto& fault : faults)
                if (fault.key == key) {
                    CPPUNIT_ASSERT_EQUAL(std::string("jobs/sync.properties"), fault.file);
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(key, line, fault.line);
                    CPPUNIT_ASSERT_MESSAGE(fault.problem.text, fault.problem.text.find(problem) != std::string::npos);
                    return;
                }
            CPPUNIT_FAIL("no fault of " + key);
        };
        expect("logging.channels.a.class", 1, "= FooChannel, expected one of FileChannel, ");
        expect("logging.channels.b.class", 2, "is missing, expected one of FileChannel, ");
        expect("logging.channels.c.colour", 4, "= red is refused (Property not supported: colour), expected ");
        expect("logging.channels.c.formatter", 5, "= nosuch, expected one of f, g, h");
        expect("logging.channels.c.rotation", 6, "expected a size such as 10 M");
        expect("logging.channels.d.channels", 7, "= nosuch, expected one of a, b, c, d, e");
        expect("logging.channels.e.channel", 9, "is missing, expected one of a, b, c, d, e");
        expect("logging.formatters.f.class", 10, "= FooFormatter, expected one of LineFormatter, ");
        expect("logging.formatters.g.pattern", 12, "expected for a LineFormatter: no property");
        expect("logging.formatters.h.class", 13, "is missing, expected one of LineFormatter");
        expect("logging.level", 14, "is not a known key, expected ");
        expect("logging.loggers.other.name", 15, "is missing, expected the name of a logger");
        expect("logging.loggers.root.channel", 16, "= nosuch, expected one of a, b, c, d, e");
        expect("logging.loggers.root.colour", 17, "is not a known key, expected name, channel or level");
        expect("logging.loggers.root.level", 18, "= loud, expected one of none, fatal");
    }

    void theConstructorThrowsTheFirstFault() {
        const JobConfig config = job({{"logging.loggers.root.level", "loud"}});
        std::string text;

        try {
            JobLog log(config, logs());
        } catch (const Failure& e) {
            text = e.message();
        }

        CPPUNIT_ASSERT_EQUAL(JobLog::check(config, logs()).front().sentence(), text);
        CPPUNIT_ASSERT(text.starts_with("jobs/sync.properties:1: logging.loggers.root.level = loud, expected "));
    }

    void channelsThatNoLoggerUsesAreAFault() {
        const auto faults = JobLog::check(job({{"logging.channels.file.class", "FileChannel"}}), logs());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, faults.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("jobs/sync.properties: logging.loggers.root.channel is missing, expected one of file"),
            faults.front().sentence());
    }

    void channelsThatLeadBackToThemselvesAreAFault() {
        const auto faults = JobLog::check(job({{"logging.channels.a.class", "AsyncChannel"},
                                               {"logging.channels.a.channel", "b"},
                                               {"logging.channels.b.class", "FormattingChannel"},
                                               {"logging.channels.b.channel", "a"},
                                               {"logging.loggers.root.channel", "a"}}),
                                          logs());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, faults.size());
        CPPUNIT_ASSERT(faults.front().sentence().find(":3: logging.channels.b.channel = a, which leads back") !=
                       std::string::npos);
    }

    void valuesThatPocoWouldMisreadAreFaults() {
        const std::pair<const char*, const char*> wrong[] = {
            {"rotation", "2048 M"}, {"rotation", "0"}, {"rotation", "99999999999999999999"},
            {"flush", "yes"},       {"compress", "1"}, {"archive", "letters"},
            {"purgeCount", "many"}, {"times", "moon"}};
        for (const auto& [property, value] : wrong) {
            Keys keys = fileKeys("a.log");
            keys["logging.channels.file.rotation"] = "10 M";
            keys[std::string("logging.channels.file.") + property] = value;

            CPPUNIT_ASSERT_EQUAL_MESSAGE(property, std::size_t{1}, JobLog::check(job(keys), logs()).size());
        }
        for (const char* right : {"2047 M", "10 M", "1000", "00:00", "daily", "12 hours", "never"}) {
            Keys keys = fileKeys("a.log");
            keys["logging.channels.file.rotation"] = right;

            CPPUNIT_ASSERT_MESSAGE(right, JobLog::check(job(keys), logs()).empty());
        }
    }

    void aVariableThatIsNotSetIsAFault() {
        const auto faults = JobLog::check(job(fileKeys("${system.env.NOSUCH}/a.log")), logs());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, faults.size());
        CPPUNIT_ASSERT(faults.front().problem.text.find("which names a variable that is not set") != std::string::npos);
    }

    void otherLoggersAreAcceptedWhenTheyAreValid() {
        Keys keys = fileKeys("a.log");
        keys["logging.loggers.gateway.name"] = "gateway";
        keys["logging.loggers.gateway.channel"] = "file";
        keys["logging.loggers.gateway.level"] = "debug";
        CPPUNIT_ASSERT(JobLog::check(job(keys), logs()).empty());

        keys["logging.loggers.gateway.channel"] = "nosuch";

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, JobLog::check(job(keys), logs()).size());
    }

    void checkOpensNoFile() {
        CPPUNIT_ASSERT(JobLog::check(job(fileKeys("a.log")), logs()).empty());

        CPPUNIT_ASSERT(!std::filesystem::exists(logs()));
    }

    void filesAreNotForOthersWhateverTheUmask() {
        for (const mode_t mask : {022U, 027U, 0U}) {
            const Umask umask(mask);
            const std::string dir = logs() + std::to_string(mask) + "/deep";
            Keys keys = fileKeys("a.log");
            keys["logging.channels.file.rotation"] = "60";
            JobLog log(job(keys), dir);

            for (int i = 0; i < 5; ++i) write(log, "x.y i=" + std::to_string(i));

            CPPUNIT_ASSERT_EQUAL(mode_t{0750}, modeOf(dir));
            CPPUNIT_ASSERT_EQUAL(mode_t{0640}, modeOf(dir + "/a.log"));
            CPPUNIT_ASSERT_EQUAL(mode_t{0640}, modeOf(dir + "/a.log.0"));
        }
    }

    void theModeOfAFileThatWasThereIsLeftAlone() {
        std::filesystem::create_directories(logs());
        std::ofstream(logs() + "/sync.log") << "x\n";
        ::chmod((logs() + "/sync.log").c_str(), 0604);
        JobLog log(job({}), logs());

        write(log, "x.y");

        CPPUNIT_ASSERT_EQUAL(mode_t{0604}, modeOf(log.path()));
    }

    void aFileThatOthersWriteIsNotWrittenTo() {
        const CapturedErrors errors;
        std::filesystem::create_directories(logs());
        const std::string open = logs() + "/open.log";
        std::ofstream(open).flush();
        ::chmod(open.c_str(), 0646);
        const std::string other = logs() + "/other.log";
        for (const auto& [first, second] : {std::pair{open, other}, {other, open}}) {
            JobLog log(job({{"logging.loggers.root.channel", "f"},
                            {"logging.channels.f.class", "SimpleFileChannel"},
                            {"logging.channels.f.path", first},
                            {"logging.channels.f.secondaryPath", second}}),
                       logs());

            write(log, "x.y");

            CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, log.failures());
        }
        CPPUNIT_ASSERT(std::filesystem::is_empty(open));
    }

    void aPipeThatNobodyReadsHoldsUpNobody() {
        const CapturedErrors errors;
        std::filesystem::create_directories(logs());
        const std::string pipe = logs() + "/pipe.log";
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(pipe.c_str(), 0600));
        JobLog log(job({{"logging.loggers.root.channel", "f"},
                        {"logging.channels.f.class", "FileChannel"},
                        {"logging.channels.f.path", pipe}}),
                   logs());

        write(log, "x.y");

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, log.failures());
    }

    void aFullDiskNeverThrowsAndIsToldOnce() {
        const CapturedErrors errors;
        JobLog log(job(fileKeys("/dev/full")), logs());

        for (int i = 0; i < 3; ++i) write(log, "x.y i=" + std::to_string(i));

        CPPUNIT_ASSERT_EQUAL(std::uint64_t{3}, log.failures());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(errors.text(), 1, static_cast<int>(lineCount(errors.text())));
        CPPUNIT_ASSERT_MESSAGE(errors.text(), errors.text().starts_with("carillon: error: log of sync: "));
        CPPUNIT_ASSERT_MESSAGE(errors.text(), errors.text().ends_with(": " + kHead + "x.y i=0\n"));
        CPPUNIT_ASSERT(errors.text().find("/dev/full") != std::string::npos);
    }

    void theNextNoticeComesAfterTenSeconds() {
        const CapturedErrors errors;
        std::chrono::steady_clock::time_point now{};
        JobLog log(job(brokenKeys()), logs(), [&now] { return now; });
        BrokenChannel::broken = true;

        write(log, "x.one");
        now += 9'999ms;
        write(log, "x.two");
        now += 1ms;
        write(log, "x.three");

        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: log of sync: Cannot write file: no space\\nleft "
                                         "(1 not written so far): x.one\n"
                                         "carillon: error: log of sync: Cannot write file: no space\\nleft "
                                         "(3 not written so far): x.three\n"),
                             withoutHead(errors.text()));
    }

    void aBrokenChannelHealsAtTheNextLine() {
        const CapturedErrors errors;
        JobLog log(job(brokenKeys()), logs());
        write(log, "x.one");

        BrokenChannel::broken = true;
        write(log, "x.two");
        BrokenChannel::broken = false;
        write(log, "x.three");

        check({"x.one", "x.three"}, BrokenChannel::lines);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, log.failures());
    }

    void halfALineLeftByAFullDiskIsEnded() {
        std::filesystem::create_directories(logs());
        std::ofstream(logs() + "/sync.log") << "half a li";
        JobLog log(job({}), logs());

        write(log, "x.y");

        check({"half a li", kHead + "x.y"}, lastLines(log.path(), 9));
    }

    void aFolderThatCannotBeMadeHealsWhenItCan() {
        const CapturedErrors errors;
        std::ofstream(logs()) << "a file in the place of the folder";
        JobLog log(job({}), logs());

        write(log, "x.one");
        std::filesystem::remove(logs());
        write(log, "x.two");

        check({kHead + "x.two"}, lastLines(log.path(), 9));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{1}, log.failures());
    }

    void aRotationThatFailsHeals() {
        const CapturedErrors errors;
        Keys keys = fileKeys("a.log");
        keys["logging.channels.file.rotation"] = "60";
        {
            JobLog log(job(keys), logs());
            write(log, "x.one " + std::string(80, 'x'));

            struct rlimit before {};
            CPPUNIT_ASSERT_EQUAL(0, ::getrlimit(RLIMIT_NOFILE, &before));
            const struct rlimit none { 3, before.rlim_max };
            CPPUNIT_ASSERT_EQUAL(0, ::setrlimit(RLIMIT_NOFILE, &none));  // no file can be opened any more
            write(log, "x.two");
            write(log, "x.three");
            CPPUNIT_ASSERT_EQUAL(0, ::setrlimit(RLIMIT_NOFILE, &before));
            write(log, "x.four");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(errors.text(), std::uint64_t{2}, log.failures());
        }
        check({kHead + "x.four"}, lastLines(logs() + "/a.log", 1));
        CPPUNIT_ASSERT_EQUAL(mode_t{0640}, modeOf(logs() + "/a.log"));
    }

    void aFileThatWasMovedAwayIsMadeAnew() {
        JobLog log(job({}), logs());
        write(log, "x.one");

        std::filesystem::rename(log.path(), log.path() + ".moved");
        write(log, "x.two");
        std::filesystem::remove_all(logs());
        write(log, "x.three");

        check({kHead + "x.three"}, lastLines(log.path(), 9));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, log.failures());
    }

    void aForgedLineIsOneLine() {
        JobLog log(job({}), logs());

        write(log, "x\n2026-11-22T10:32:23.123Z error r user.deleted name=ada");
        log.write("r\n2026", Poco::Message::PRIO_INFORMATION, kAt, "x.y");

        const Lines lines = lastLines(log.path(), 9);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, lines.size());
        CPPUNIT_ASSERT(!JsonValue::parse(*parseLogLine(lines[0])).has("event"));
        CPPUNIT_ASSERT_EQUAL(std::string("r\n2026"), JsonValue::parse(*parseLogLine(lines[1]))["run"].text());
    }

    void aFollowerSeesEveryLineOverRotations() {
        Keys keys = fileKeys("a.log");
        keys["logging.channels.file.rotation"] = "300";
        JobLog log(job(keys), logs());
        LogFollower follower(log.path());
        write(log, "x.begun");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, follower.poll().size());
        Lines expected, seen;

        for (int i = 0; i < 1'000; ++i) {
            expected.push_back(kHead + "x.y i=" + std::to_string(i));
            write(log, "x.y i=" + std::to_string(i));
            if (i % 17 != 0) continue;
            for (const auto& line : follower.poll()) seen.push_back(line);
        }
        for (const auto& line : follower.poll()) seen.push_back(line);

        check(expected, seen);
    }

    void manyThreadsWriteWholeLines() {
        constexpr int kLines = 500;
        Keys keys = fileKeys("a.log");
        keys["logging.channels.file.rotation"] = "20 K";
        JobLog log(job(keys), logs());
        LogFollower follower(log.path());
        std::atomic<int> running{2};
        const auto work = [&log, &running](char name) {
            for (int i = 0; i < kLines; ++i) write(log, std::string("x.") + name + " i=" + std::to_string(i));
            --running;
        };
        std::multiset<std::string> seen;

        std::thread one(work, 'a'), two(work, 'b');
        while (running > 0)
            for (const auto& line : follower.poll()) seen.insert(line);
        one.join();
        two.join();
        for (const auto& line : follower.poll()) seen.insert(line);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2 * kLines}, seen.size());
        for (int i = 0; i < kLines; ++i)
            for (const char* name : {"a", "b"})
                CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seen.count(kHead + "x." + name + " i=" + std::to_string(i)));
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, log.failures());
    }

private:
    static inline const Poco::Timestamp kAt{1'795'343'543'123'456};
    static inline const std::string kHead = "2026-11-22T10:32:23.123Z information r ";

    std::string logs() const { return _dir + "/logs"; }
    /// A job's file with these keys, one a line in the order of the alphabet.
    static JobConfig job(const Keys& keys, const std::string& name = "sync") {
        std::map<std::string, ConfigSource::Entry> entries;
        int line = 0;
        for (const auto& [key, value] : keys) entries[key] = {value, value, ++line};
        JobConfig config;
        config.name = name;
        config.source = ConfigSource("jobs/" + name + ".properties", std::move(entries));
        return config;
    }
    static Keys fileKeys(const std::string& path) {
        return {{"logging.channels.file.class", "FileChannel"},
                {"logging.channels.file.path", path},
                {"logging.loggers.root.channel", "file"}};
    }
    static Keys brokenKeys() {
        return {{"logging.channels.broken.class", "BrokenChannel"}, {"logging.loggers.root.channel", "broken"}};
    }
    /// Writes to `file`, a.log, and to others.
    static Keys splitterKeys(const std::string& channels) {
        Keys keys = fileKeys("a.log");
        keys["logging.channels.all.class"] = "SplitterChannel";
        keys["logging.channels.all.channels"] = channels;
        keys["logging.loggers.root.channel"] = "all";
        return keys;
    }
    static void write(JobLog& log, const std::string& text) {
        log.write("r", Poco::Message::PRIO_INFORMATION, kAt, text);
    }
    static void check(const Lines& expected, const Lines& lines) {
        CPPUNIT_ASSERT_EQUAL(expected.size(), lines.size());
        for (std::size_t i = 0; i < lines.size(); ++i) CPPUNIT_ASSERT_EQUAL(expected[i], lines[i]);
    }
    static std::string read(const std::string& path) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
    static mode_t modeOf(const std::string& path) {
        struct stat status {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(path.c_str(), &status));
        return status.st_mode & 0777;
    }
    static std::ptrdiff_t lineCount(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }
    /// A notice shows a line that has not been formatted yet in the form of the log.
    static std::string withoutHead(std::string text) {
        for (auto at = text.find(kHead); at != std::string::npos; at = text.find(kHead)) text.erase(at, kHead.size());
        return text;
    }

    std::string _dir;
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobLogTest);
