#include "config/PropertiesFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/HostFolder.h"
#include "support/TestSkipped.h"

using namespace carillon;

class PropertiesFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PropertiesFileTest);
    CPPUNIT_TEST(keysHaveTheirLines);
    CPPUNIT_TEST(commentsAndBlankLinesAreNoKeys);
    CPPUNIT_TEST(continuedValueIsOneAndLaterLinesKeepTheirNumbers);
    CPPUNIT_TEST(twoBackslashesContinueNothing);
    CPPUNIT_TEST(dosLineEndsAreTaken);
    CPPUNIT_TEST(loneCarriageReturnEndsALineToo);
    CPPUNIT_TEST(colonSeparatesToo);
    CPPUNIT_TEST(emptyFileIsNoFault);
    CPPUNIT_TEST(keyGivenTwiceIsAFaultThatNamesBothLines);
    CPPUNIT_TEST(lineWithoutSeparatorIsAFault);
    CPPUNIT_TEST(whatWasPastedThereIsNotShown);
    CPPUNIT_TEST(allFaultsComeAtOnceWithWhatCouldBeRead);
    CPPUNIT_TEST(setVariableExpands);
    CPPUNIT_TEST(unsetVariableStaysForTheReaderToRefuse);
    CPPUNIT_TEST(folderOfTheConfigurationExpands);
    CPPUNIT_TEST(rawTextKeepsAnUnclosedBrace);
    CPPUNIT_TEST(keyThatNamesItselfIsAFault);
    CPPUNIT_TEST(missingFileIsAFault);
    CPPUNIT_TEST(folderInsteadOfAFileIsAFault);
    CPPUNIT_TEST(unreadableFileIsAFault);
    CPPUNIT_TEST(filesOfWindowsAreTaken);
    CPPUNIT_TEST(otherEncodingIsOneFaultAndNothingIsTaken);
    CPPUNIT_TEST(invisibleBeginningOfALineIsNamed);
    CPPUNIT_TEST(backslashThatSwallowsAKeyIsAWarning);
    CPPUNIT_TEST(backslashThatSwallowsACommentIsAWarning);
    CPPUNIT_TEST(backslashThatIsLostIsAWarning);
    CPPUNIT_TEST(valueOverSeveralLinesIsNoWarning);
    CPPUNIT_TEST(loneBackslashIsAWarning);
    CPPUNIT_TEST(escapesAndPairsAreNoWarning);
    CPPUNIT_TEST(warningShowsNoValue);
    CPPUNIT_TEST(garbageNeverCrashes);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>(); }
    void tearDown() override {
        ::unsetenv("CARILLON_TEST_VALUE");
        _folder.reset();
    }

    void keysHaveTheirLines() {
        const auto source = load("first = 1\n\nsecond = 2 and more  \n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, source.entries().size());
        CPPUNIT_ASSERT_EQUAL(1, source.find("first")->line);
        CPPUNIT_ASSERT_EQUAL(3, source.find("second")->line);
        CPPUNIT_ASSERT_EQUAL(std::string("2 and more"), source.find("second")->value);
        CPPUNIT_ASSERT(_faults.empty());
    }

    void commentsAndBlankLinesAreNoKeys() {
        const auto source = load("# a = 1\n  ! b = 2 \\\n   \nc = 3 # no comment\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, source.entries().size());
        CPPUNIT_ASSERT_EQUAL(std::string("3 # no comment"), source.find("c")->value);
        CPPUNIT_ASSERT_EQUAL(4, source.find("c")->line);
        CPPUNIT_ASSERT(_faults.empty());
    }

    void continuedValueIsOneAndLaterLinesKeepTheirNumbers() {
        const auto source = load("list = a, \\\nb = x, \\\n# c\nnext = 2\n");

        CPPUNIT_ASSERT_EQUAL(std::string("a, b = x, # c"), source.find("list")->value);
        CPPUNIT_ASSERT_EQUAL(4, source.find("next")->line);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, source.entries().size());
        CPPUNIT_ASSERT(_faults.empty());
    }

    void twoBackslashesContinueNothing() {
        const auto source = load("path = C:\\\\\nnext = 2\n");

        CPPUNIT_ASSERT_EQUAL(std::string("C:\\"), source.find("path")->value);
        CPPUNIT_ASSERT_EQUAL(2, source.find("next")->line);
    }

    void dosLineEndsAreTaken() {
        const auto source = load("first = 1\r\nlong = a\\\r\nb\r\n\r\nlast = 3\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("1"), source.find("first")->value);
        CPPUNIT_ASSERT_EQUAL(std::string("ab"), source.find("long")->value);
        CPPUNIT_ASSERT_EQUAL(std::string("3"), source.find("last")->value);
        CPPUNIT_ASSERT_EQUAL(5, source.find("last")->line);
        CPPUNIT_ASSERT(_faults.empty());
    }

    void loneCarriageReturnEndsALineToo() {
        const auto source = load("first = 1\rsecond = 2\r");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, source.entries().size());
        CPPUNIT_ASSERT_EQUAL(std::string("2"), source.find("second")->value);
        CPPUNIT_ASSERT_EQUAL(2, source.find("second")->line);
    }

    void colonSeparatesToo() {
        const auto source = load("url: http://host = x\n");

        CPPUNIT_ASSERT_EQUAL(std::string("http://host = x"), source.find("url")->value);
    }

    void emptyFileIsNoFault() {
        const auto source = load("");

        CPPUNIT_ASSERT(source.entries().empty());
        CPPUNIT_ASSERT(_faults.empty());
    }

    void keyGivenTwiceIsAFaultThatNamesBothLines() {
        load("a = 1\nb = 2\na = 3\n");

        CPPUNIT_ASSERT_EQUAL(_file + ":3: a is given twice, first on line 1", onlyFault());
    }

    void lineWithoutSeparatorIsAFault() {
        const auto source = load("good = 1\nno separator here\nlast = 2\n");

        CPPUNIT_ASSERT_EQUAL(_file + ":2: the line has no key and '=', expected KEY = VALUE", onlyFault());
        CPPUNIT_ASSERT_EQUAL(3, source.find("last")->line);
    }

    void whatWasPastedThereIsNotShown() {
        for (const std::string line :
             {"hunter2000", "hunter:2000", "  hunter2000 ", "https://me:hunter2000@host/", "- hunter2000"}) {
            _faults.clear();
            const auto source = load("a.b = 1\n" + line + "\nc.d: 2\n");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(line, std::size_t{2}, source.entries().size());
            CPPUNIT_ASSERT_MESSAGE(onlyFault(), onlyFault().starts_with(_file + ":2: the line has no key and '='"));
            CPPUNIT_ASSERT_MESSAGE(onlyFault(), onlyFault().find("hunter") == std::string::npos);
        }
    }

    void allFaultsComeAtOnceWithWhatCouldBeRead() {
        const auto source = load("one\n= 2\na = 1\na = 2\nb = ok\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(1, _faults[0].line);
        CPPUNIT_ASSERT_EQUAL(2, _faults[1].line);
        CPPUNIT_ASSERT_EQUAL(4, _faults[2].line);
        CPPUNIT_ASSERT_EQUAL(std::string("ok"), source.find("b")->value);
    }

    void setVariableExpands() {
        ::setenv("CARILLON_TEST_VALUE", "a ${b}", 1);

        const auto source = load("key = <${system.env.CARILLON_TEST_VALUE}>\n");

        CPPUNIT_ASSERT_EQUAL(std::string("<a ${b}>"), source.find("key")->value);
        CPPUNIT_ASSERT_EQUAL(std::string("<${system.env.CARILLON_TEST_VALUE}>"), source.find("key")->raw);
    }

    void unsetVariableStaysForTheReaderToRefuse() {
        const auto source = load("key = ${system.env.CARILLON_TEST_VALUE}\n");

        CPPUNIT_ASSERT_EQUAL(std::string("${system.env.CARILLON_TEST_VALUE}"), source.find("key")->value);
    }

    void folderOfTheConfigurationExpands() {
        const auto source = load("key = ${application.configDir}/x\n");

        CPPUNIT_ASSERT_EQUAL(std::string("/the/folder/x"), source.find("key")->value);
    }

    void rawTextKeepsAnUnclosedBrace() {
        const auto source = load("key = pa${ss wörd\n");

        CPPUNIT_ASSERT_EQUAL(std::string("pa${ss wörd"), source.find("key")->raw);
        CPPUNIT_ASSERT(source.find("key")->value.find("${") != std::string::npos);
        CPPUNIT_ASSERT(_faults.empty());
    }

    void keyThatNamesItselfIsAFault() {
        const auto source = load("a = ${b}\nb = ${a}\nc = 1\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(std::string("a"), _faults[0].key);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), source.find("c")->value);
    }

    void missingFileIsAFault() {
        _file = (_folder->path() / "absent.properties").string();

        loadPropertiesFile(_file, "/the/folder", _faults, _warnings);

        CPPUNIT_ASSERT_EQUAL(_file + ": cannot be read: No such file or directory", onlyFault());
    }

    void folderInsteadOfAFileIsAFault() {
        loadPropertiesFile(_folder->path().string(), "/the/folder", _faults, _warnings);

        CPPUNIT_ASSERT_EQUAL(_folder->path().string() + ": cannot be read: Is a directory", onlyFault());
    }

    void unreadableFileIsAFault() {
        if (::geteuid() == 0) throw TestSkipped{"root reads everything"};
        const auto file = _folder->write("secret.properties", "a = 1\n");
        ::chmod(file.c_str(), 0);

        loadPropertiesFile(file.string(), "/the/folder", _faults, _warnings);

        CPPUNIT_ASSERT_EQUAL(file.string() + ": cannot be read: Permission denied", onlyFault());
    }

    void filesOfWindowsAreTaken() {
        const auto source = load(
            "\xef\xbb\xbf"
            "first\t=\t1\r\n\r\n# a comment\r\nsecond = caf\u00e9\u00a0!\r\n");

        CPPUNIT_ASSERT_EQUAL(std::string("1"), source.find("first")->value);
        CPPUNIT_ASSERT_EQUAL(std::string("caf\u00e9\u00a0!"), source.find("second")->value);
        CPPUNIT_ASSERT_EQUAL(4, source.find("second")->line);
        CPPUNIT_ASSERT(_faults.empty() && _warnings.empty());
        CPPUNIT_ASSERT_EQUAL(1, load("\xef\xbb\xbf# comment\nkey = 1\n").find("key")->line - 1);
        CPPUNIT_ASSERT(_faults.empty());
    }

    void otherEncodingIsOneFaultAndNothingIsTaken() {
        CPPUNIT_ASSERT(load("a = 1\ntitle = d\x92\xc9vian\nno key\n").entries().empty());
        CPPUNIT_ASSERT_EQUAL(_file +
                                 ":2: is not UTF-8: it has the byte 0x92, which is \u2019 in Windows-1252; save the "
                                 "file as UTF-8",
                             onlyFault());
        _faults.clear();
        CPPUNIT_ASSERT(load(std::string("\xff\xfe"
                                        "a\0=\0001\0",
                                        8))
                           .entries()
                           .empty());
        CPPUNIT_ASSERT(onlyFault().starts_with(_file + ":1: is UTF-16; save the file as UTF-8"));
    }

    void invisibleBeginningOfALineIsNamed() {
        load("\u200b# comment\n");

        CPPUNIT_ASSERT_EQUAL(
            _file +
                ":1: the line has no key and '=', expected KEY = VALUE: it has U+200B zero-width space "
                "at the beginning; remove it",
            onlyFault());
    }

    void backslashThatSwallowsAKeyIsAWarning() {
        const auto source = load("job.title = Partage serveur\\\n  job.schedule=*/5 * * * *\nnext.one = 2\n");

        CPPUNIT_ASSERT(source.find("job.schedule") == nullptr);
        CPPUNIT_ASSERT_EQUAL(3, source.find("next.one")->line);
        CPPUNIT_ASSERT(_faults.empty());
        CPPUNIT_ASSERT_EQUAL(_file +
                                 ":1: job.title ends with a backslash, which makes line 2 a part of its value, "
                                 "although it looks like the key job.schedule; write \\\\ for each backslash that "
                                 "is meant",
                             onlyWarning());
        _warnings.clear();
        load("a.list = 1, \\\n 2\\\\\\\nb.c = 3\n");
        CPPUNIT_ASSERT(
            onlyWarning().starts_with(_file + ":2: a.list ends with a backslash, which makes line 3 a part"));
    }

    void backslashThatSwallowsACommentIsAWarning() {
        load("a.password = abc\\\n# The schedule\n");

        CPPUNIT_ASSERT(onlyWarning().find("line 2 a part of its value, although it looks like a comment") !=
                       std::string::npos);
    }

    void backslashThatIsLostIsAWarning() {
        for (const auto* text : {"a.password = abc\\", "a.password = abc\\\n", "a.password = abc\\\n\nb.c = 1\n"}) {
            _warnings.clear();

            CPPUNIT_ASSERT_EQUAL(std::string("abc"), load(text).find("a.password")->value);
            CPPUNIT_ASSERT_EQUAL(_file +
                                     ":1: a.password ends with a backslash, which is then no part of its value; "
                                     "write \\\\ for each backslash that is meant",
                                 onlyWarning());
        }
    }

    void valueOverSeveralLinesIsNoWarning() {
        load("jobs.enabled = a, \\\n    b, \\\n    c=d, \\\n  http://host.name:80/?x.y=1\nlast.one = 1\n");

        CPPUNIT_ASSERT(_warnings.empty());
    }

    void loneBackslashIsAWarning() {
        for (const auto* text : {"state.dir = C:\\new", "state.dir = D:\\data\\x", "job.title = \\\\serveur\\agora",
                                 "job.title = \\\\srv\\new", "job.title = d'\\u00c9vian", "a.b = x, \\\n  C:\\temp"}) {
            _warnings.clear();
            load(text);

            CPPUNIT_ASSERT_MESSAGE(
                text, onlyWarning().find(" has a backslash that is dropped, or makes a tab or line "
                                         "break, since it stands alone; write \\\\ for each") != std::string::npos);
        }
    }

    void escapesAndPairsAreNoWarning() {
        load(
            "a.a = one\\ttwo\\n\na.b = C:\\\\new\\\\\na.c = \\\\\\\\srv\\\\x\na.d = 1\\=2\\:3\\ 4\n# C:\\new\\\na.e = "
            "1\n");

        CPPUNIT_ASSERT_EQUAL(std::string(), _warnings.empty() ? "" : _warnings[0].sentence());
        CPPUNIT_ASSERT(_faults.empty());
    }

    void warningShowsNoValue() {
        load("a.password = s3cret\\x\\\na.b = t0ken\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _warnings.size());
        for (const auto& warning : _warnings)
            CPPUNIT_ASSERT_MESSAGE(warning.sentence(), warning.sentence().find("s3cret") == std::string::npos &&
                                                           warning.sentence().find("t0ken") == std::string::npos);
    }

    void garbageNeverCrashes() {
        std::mt19937 random(20261122);
        const std::string pieces[] = {"a", "b",  ".",  "=",  ":",  "#", "!",     "\\",
                                      " ", "\t", "\r", "\n", "${", "}", "\u00e9"};
        std::size_t keys = 0;
        for (int file = 0; file < 200; ++file) {
            std::string text;
            for (auto length = random() % 400; length > 0; --length)
                text += file % 2 == 0 ? std::string(1, static_cast<char>(1 + random() % 127))
                                      : pieces[random() % std::size(pieces)];
            if (file % 10 == 9) text += static_cast<char>(0x80 + random() % 128);

            const auto source = load(text);

            for (const auto& [key, entry] : source.entries()) CPPUNIT_ASSERT(entry.line > 0);
            for (const auto& fault : _faults) CPPUNIT_ASSERT(!fault.sentence().empty());
            keys += source.entries().size();
        }
        CPPUNIT_ASSERT(keys > 200);
    }

private:
    ConfigSource load(const std::string& text) {
        _file = _folder->write("test.properties", text).string();
        return loadPropertiesFile(_file, "/the/folder", _faults, _warnings);
    }

    std::string onlyWarning() const {
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _warnings.size());
        return _warnings[0].sentence();
    }

    std::string onlyFault() const {
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        return _faults[0].sentence();
    }

    std::unique_ptr<HostFolder> _folder{};
    std::string _file{};
    std::vector<ConfigFault> _faults{};
    std::vector<ConfigFault> _warnings{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(PropertiesFileTest);
