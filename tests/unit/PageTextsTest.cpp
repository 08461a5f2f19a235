#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "pages/PageRequest.h"
#include "pages/PageTexts.h"

using namespace carillon;
namespace fs = std::filesystem;

namespace {

const fs::path kPages = CARILLON_PAGES_DIR;

std::string read(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::set<std::string> findAll(const std::string& text, const std::string& pattern) {
    std::set<std::string> found;
    const std::regex regex(pattern);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), regex); it != std::sregex_iterator(); ++it)
        found.insert((*it)[1]);
    return found;
}

std::set<std::string> placeholdersOf(const std::string& text) {
    return findAll(text, R"(\{(\w+)\})");
}

std::set<std::string> keysOfTemplates() {
    std::set<std::string> keys;
    for (const auto& file : fs::directory_iterator(kPages / "templates"))
        keys.merge(findAll(read(file.path()), R"(\{\{t\.([\w.]+)\}\})"));
    return keys;
}

/// Keys that stand whole in a call of say() or count().
std::set<std::string> keysOfCode() {
    std::set<std::string> keys;
    for (const auto& file : fs::directory_iterator(kPages)) {
        if (file.path().extension() != ".cpp") continue;
        const std::string text = read(file.path());
        keys.merge(findAll(text, R"re(say\("([\w.]+)"[,)])re"));
        for (const auto& key : findAll(text, R"re(count\("([\w.]+)",)re")) {
            keys.insert(key + ".one");
            keys.insert(key + ".many");
        }
    }
    return keys;
}

std::string missingIn(const Texts& texts, const std::set<std::string>& keys) {
    std::string missing;
    for (const auto& key : keys)
        if (!texts.all().contains(key)) missing += key + ' ';
    return missing;
}

}  // namespace

class PageTextsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PageTextsTest);
    CPPUNIT_TEST(languagesHaveTheSameKeysAndPlaces);
    CPPUNIT_TEST(everyKeyThatIsUsedIsThere);
    CPPUNIT_TEST(aMissingKeyStandsForItself);
    CPPUNIT_TEST(numbersChooseTheirForm);
    CPPUNIT_TEST(languageIsTheOneThatWasChosenOrIsLiked);
    CPPUNIT_TEST(onlyPlacesOfThisHostAreLedTo);
    CPPUNIT_TEST(templatesHoldNothingInline);
    CPPUNIT_TEST_SUITE_END();

public:
    void languagesHaveTheSameKeysAndPlaces() {
        const auto& english = pageTexts(Language::English).all();
        const auto& french = pageTexts(Language::French).all();

        CPPUNIT_ASSERT(english.size() > 200);
        for (const auto& [key, text] : english) {
            CPPUNIT_ASSERT_MESSAGE(key, french.contains(key));
            CPPUNIT_ASSERT_MESSAGE(key, placeholdersOf(text) == placeholdersOf(french.at(key)));
        }
        CPPUNIT_ASSERT_EQUAL(english.size(), french.size());
    }

    void everyKeyThatIsUsedIsThere() {
        const auto templates = keysOfTemplates();
        const auto code = keysOfCode();

        CPPUNIT_ASSERT(templates.size() > 60);
        CPPUNIT_ASSERT(code.size() > 30);
        CPPUNIT_ASSERT_EQUAL(std::string(), missingIn(pageTexts(Language::English), templates));
        CPPUNIT_ASSERT_EQUAL(std::string(), missingIn(pageTexts(Language::English), code));
    }

    void aMissingKeyStandsForItself() {
        const Texts texts(Language::English, "# a remark\nknown = a {what}, {what}\n");

        CPPUNIT_ASSERT_EQUAL(std::string("a b, b"), texts.say("known", {{"what", "b"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("un.known"), texts.say("un.known"));
        CPPUNIT_ASSERT_EQUAL(std::string("raw_name"), texts.word("counter", "raw_name"));
    }

    void numbersChooseTheirForm() {
        const std::string file = "jobs.one = {n} job\njobs.many = {n} jobs\nnumber.thousands = ,\n";

        CPPUNIT_ASSERT_EQUAL(std::string("0 jobs"), Texts(Language::English, file).count("jobs", 0));
        CPPUNIT_ASSERT_EQUAL(std::string("1 job"), Texts(Language::English, file).count("jobs", 1));
        CPPUNIT_ASSERT_EQUAL(std::string("0 job"), Texts(Language::French, file).count("jobs", 0));
        CPPUNIT_ASSERT_EQUAL(std::string("1,234,567 jobs"), Texts(Language::French, file).count("jobs", 1'234'567));
    }

    void languageIsTheOneThatWasChosenOrIsLiked() {
        HttpRequest request;
        CPPUNIT_ASSERT(languageOf(request) == Language::English);
        request.headers.set("Accept-Language", "de, fr-CA;q=0.8, en;q=0.7");
        CPPUNIT_ASSERT(languageOf(request) == Language::French);
        request.headers.set("Accept-Language", "fr;q=0.3, en-GB;q=0.9");
        CPPUNIT_ASSERT(languageOf(request) == Language::English);
        request.headers.set("Accept-Language", "fr;q=0");
        CPPUNIT_ASSERT(languageOf(request) == Language::English);
        request.headers.set("Cookie", "a=b; carillon_language=fr");
        CPPUNIT_ASSERT(languageOf(request) == Language::French);
    }

    void onlyPlacesOfThisHostAreLedTo() {
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/a?outcome=failed"), localPath("/jobs/a?outcome=failed"));
        for (const char* elsewhere : {"", "jobs", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb"})
            CPPUNIT_ASSERT_EQUAL(std::string("/"), localPath(elsewhere));
    }

    void templatesHoldNothingInline() {
        for (const auto& file : fs::directory_iterator(kPages / "templates")) {
            const std::string text = read(file.path());
            const std::string name = file.path().filename();
            CPPUNIT_ASSERT_MESSAGE(name,
                                   !std::regex_search(text, std::regex(R"( style=|<style| on[a-z]+=|javascript:)")));
            CPPUNIT_ASSERT_MESSAGE(name, !std::regex_search(text, std::regex(R"(<script(?! src="\{\{))")));
            CPPUNIT_ASSERT_MESSAGE(name, !std::regex_search(text, std::regex(R"((src|href|action)="(https?:)?//)")));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PageTextsTest);
