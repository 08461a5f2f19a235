#include "words/PluginTexts.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "Poco/TemporaryFile.h"

using namespace carillon;
namespace fs = std::filesystem;

/// What plugins call their own things, read from a folder.
class PluginTextsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginTextsTest);
    CPPUNIT_TEST(eachPluginHasTextsOfItsOwnInEachLanguage);
    CPPUNIT_TEST(whatIsMissingLeavesTheNames);
    CPPUNIT_TEST(otherFilesAreNotLookedAt);
    CPPUNIT_TEST(filesThatOthersMayWriteAreRefused);
    CPPUNIT_TEST(filesInAFolderThatOthersMayWriteAreRefused);
    CPPUNIT_TEST(filesThatAreTooLargeOrNoTextAreRefused);
    CPPUNIT_TEST(noMoreFilesAreReadThanMay);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = Poco::TemporaryFile::tempName();
        fs::create_directory(_folder);
        ::chmod(_folder.c_str(), 0755);
    }
    void tearDown() override { fs::remove_all(_folder); }

    void eachPluginHasTextsOfItsOwnInEachLanguage() {
        write("Apples.en.properties", "task.Pick.run = Pick now\ncounter.items = apples\r\n");
        write("Apples.fr.properties", "task.Pick.run = Cueillir\ncounter.items = pommes\n");
        write("Pears.en.properties",
              "\xef\xbb\xbf"
              "counter.items = pears\n");

        const PluginTexts texts = read();

        CPPUNIT_ASSERT(_refused.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("Pick now"), texts.of("Apples", Language::English).word("task", "Pick.run"));
        CPPUNIT_ASSERT_EQUAL(std::string("apples"), texts.of("Apples", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::string("pommes"), texts.of("Apples", Language::French).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::string("pears"), texts.of("Pears", Language::English).word("counter", "items"));
    }

    void whatIsMissingLeavesTheNames() {
        write("Pears.en.properties", "counter.items = pears\n");

        const PluginTexts texts = read();

        CPPUNIT_ASSERT_EQUAL(std::string("items"), texts.of("Pears", Language::French).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::string("boxes"), texts.of("Pears", Language::English).word("counter", "boxes"));
        CPPUNIT_ASSERT_EQUAL(std::string("items"), texts.of("Plums", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::string("Run now"), texts.of("Plums", Language::English).word("task", "x", "Run now"));
        CPPUNIT_ASSERT_EQUAL(std::string("items"),
                             PluginTexts().of("Pears", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT(PluginTexts(_folder + "/none", {}).of("Pears", Language::English).all().empty());
    }

    void otherFilesAreNotLookedAt() {
        write("libPears.so", std::string(100'000, 'x'));
        write("Pears.de.properties", std::string(100'000, 'x'));
        write("Pears.properties", std::string(100'000, 'x'));

        read();

        CPPUNIT_ASSERT(_refused.empty());
    }

    void filesThatOthersMayWriteAreRefused() {
        write("Apples.en.properties", "counter.items = apples\n");
        write("Pears.en.properties", "counter.items = pears\n");
        ::chmod((_folder + "/Pears.en.properties").c_str(), 0666);

        const PluginTexts texts = read();

        CPPUNIT_ASSERT_EQUAL(std::string("apples"), texts.of("Apples", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::string("items"), texts.of("Pears", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _refused.size());
        CPPUNIT_ASSERT_MESSAGE(_refused[0], _refused[0].find("chmod") != std::string::npos);
    }

    void filesInAFolderThatOthersMayWriteAreRefused() {
        write("Pears.en.properties", "counter.items = pears\n");
        ::chmod(_folder.c_str(), 0777);

        const PluginTexts texts = read();

        CPPUNIT_ASSERT_EQUAL(std::string("items"), texts.of("Pears", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _refused.size());
    }

    void filesThatAreTooLargeOrNoTextAreRefused() {
        write("Large.en.properties", "counter.items = " + std::string(PluginTexts::kMostBytes, 'x'));
        write("Latin.en.properties",
              "counter.items = p\xea"
              "ches\n");

        read();

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _refused.size());
        CPPUNIT_ASSERT_EQUAL(_folder + "/Large.en.properties is larger than 64 KB", _refused[0]);
        CPPUNIT_ASSERT_MESSAGE(_refused[1], _refused[1].starts_with(_folder + "/Latin.en.properties is not UTF-8"));
    }

    void noMoreFilesAreReadThanMay() {
        for (std::size_t i = 0; i < PluginTexts::kMostFiles + 5; ++i)
            write("P" + std::to_string(1000 + i) + ".en.properties", "counter.items = things\n");

        const PluginTexts texts = read();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _refused.size());
        CPPUNIT_ASSERT_EQUAL(std::string("things"), texts.of("P1000", Language::English).word("counter", "items"));
        CPPUNIT_ASSERT_EQUAL(std::string("items"), texts.of("P1204", Language::English).word("counter", "items"));
    }

private:
    void write(const std::string& name, const std::string& text) {
        std::ofstream(_folder + '/' + name, std::ios::binary) << text;
        ::chmod((_folder + '/' + name).c_str(), 0644);
    }
    PluginTexts read() {
        return PluginTexts(_folder,
                           [this](const auto& path, const auto& why) { _refused.push_back(path + ' ' + why); });
    }

    std::string _folder;
    std::vector<std::string> _refused;
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginTextsTest);
