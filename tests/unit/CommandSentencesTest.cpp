#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/CommandLine.h"

namespace fs = std::filesystem;

namespace {

const fs::path kSources = fs::path(CARILLON_PAGES_DIR).parent_path();
const fs::path kProject = kSources.parent_path().parent_path();

/// What stands between quotes and has a space, and is nothing that people read as a sentence: commands to be typed,
/// what CLI11 says, names for programs, and what only the log and the activity log have.
const std::set<std::string> kNoSentences{
    "\\n  Authorization: Bearer TOKEN\\n", "\\n  carillon backfill ", " --from ", " --to ", " --config ",
    " validate\\n", " -DCMAKE_PREFIX_PATH=", "\\n  cmake -S ", "\\n  cmake --build ", "/build\\n  ctest --test-dir ",
    "carillon: ", "carillon serve", "(.*) is required", "(.*) excludes (.*)",
    "The following argument was not expected: (.*)", "The following arguments were not expected: (.*)",
    "(.*): 1 required .* missing", "Could not convert: (.*) = (.*)", "(.*): Value (.*) not in range (.*) to (.*)",
    R"((.*): (.*) not in \{(.*)\})", "label ", "a host that is starting",
    // Of Windows, with the help that is not in the program elsewhere.
    R"(C:\\Program Files\\Carillon\\bin\\carillon.exe)", R"(<?xml version=\"1.0\"?>)",
    R"(<?xml version=\"1.0\" encoding=\"UTF-16\"?>)", "\\n  schtasks /Create /TN ", " /XML \\\"",
    R"(\"\n  schtasks /Run /TN )", "The host as a service of Windows: install, remove, status",
    "Have the host start with the machine; for an administrator", "End the service and remove it; for an administrator",
    "Whether it is installed, and runs", "What the system itself starts",
    "'carillon reload' re-reads the configuration; Ctrl-C drains and ends, a second one at once. To have it start with "
    "the machine: 'carillon service install'."};

std::string textOf(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

bool isSpace(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

/// The literals of a source as they are written; those that follow each other are one.
std::vector<std::string> literalsOf(const std::string& source) {
    const std::regex token(R"re(//[^\n]*|R"(\w*)\(([^\n]*?)\)\1"|("(?:[^"\\\n]|\\.)*")|'(?:[^'\\\n]|\\.)+')re");
    std::vector<std::string> literals;
    std::size_t end = std::string::npos;
    for (auto it = std::sregex_iterator(source.begin(), source.end(), token); it != std::sregex_iterator(); ++it) {
        const auto& match = *it;
        if (!match[2].matched && !match[3].matched) continue;
        const std::string text = match[2].matched ? match[2].str() : match[3].str().substr(1, match[3].length() - 2);
        const auto begin = static_cast<std::size_t>(match.position());
        if (end != std::string::npos && isSpace(source.substr(end, begin - end)))
            literals.back() += text;
        else
            literals.push_back(text);
        end = begin + static_cast<std::size_t>(match.length());
    }
    return literals;
}

bool looksLikeASentence(const std::string& literal) {
    static const std::regex word(R"([A-Za-z]{2})");
    return literal.find(' ') != std::string::npos && std::regex_search(literal, word);
}

/// As a source would write it.
std::string escaped(const std::string& text) {
    std::string written;
    for (const char c : text) {
        if (c == '"' || c == '\\') written += '\\';
        written += c == '\n' ? "\\n" : std::string(1, c);
    }
    return written;
}

std::vector<fs::path> filesOf(const fs::path& folder, const std::set<std::string>& endings) {
    std::vector<fs::path> files;
    for (const auto& file : fs::recursive_directory_iterator(folder))
        if (endings.contains(file.path().extension().string())) files.push_back(file.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

/// What the command line says stands in its texts, in each language, and nowhere else.
class CommandSentencesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CommandSentencesTest);
    CPPUNIT_TEST(literalsAreFoundAsTheyAreWritten);
    CPPUNIT_TEST(noSentenceStandsInTheCode);
    CPPUNIT_TEST(noKeyStandsTwiceInAFile);
    CPPUNIT_TEST(numbersHaveASingularInFrench);
    CPPUNIT_TEST_SUITE_END();

public:
    void literalsAreFoundAsTheyAreWritten() {
        const auto found = literalsOf("f(\"a b\"\n  \" c\", 'x', '\"'); // \"no\"\nR\"(d \" e)\" + \"\\\"f g\"");

        CPPUNIT_ASSERT(found == (std::vector<std::string>{"a b c", "d \" e", "\\\"f g"}));
    }

    void noSentenceStandsInTheCode() {
        std::string help;
        for (const auto& [key, text] : carillon::commandHelp()) help += escaped(text) + '\n';
        std::set<std::string> allowed;
        std::string wrong;
        std::size_t looked = 0;
        for (const auto& path : filesOf(kSources / "cli", {".cpp", ".h"})) {
            if (path.parent_path().filename() == "plugin") continue;  // what `init --plugin` writes
            for (const auto& literal : literalsOf(textOf(path))) {
                if (!looksLikeASentence(literal) || literal.starts_with(" alignas alignof ")) continue;  // words of C++
                ++looked;
                if (kNoSentences.contains(literal))
                    allowed.insert(literal);
                else if (help.find(literal) == std::string::npos)
                    wrong += path.filename().string() + ": " + literal + '\n';
            }
        }
        CPPUNIT_ASSERT(looked > 20);
        CPPUNIT_ASSERT_EQUAL_MESSAGE("give it a key in cli/texts", std::string(), wrong);
        for (const auto& literal : kNoSentences)
            CPPUNIT_ASSERT_MESSAGE("stands nowhere: " + literal, allowed.contains(literal));
    }

    void noKeyStandsTwiceInAFile() {
        std::size_t files = 0;
        for (const auto* folder : {"conf", "host", "plugin", "tests"})
            for (const auto& path : filesOf(kProject / folder, {".properties"})) {
                ++files;
                std::set<std::string> keys;
                std::istringstream lines(textOf(path));
                for (std::string line; std::getline(lines, line);) {
                    const auto equals = line.find('=');
                    if (line.starts_with('#') || equals == std::string::npos) continue;
                    const std::string key = line.substr(0, line.find_last_not_of(' ', equals - 1) + 1);
                    CPPUNIT_ASSERT_MESSAGE(path.string() + ": " + key + " stands there twice", keys.insert(key).second);
                }
            }
        CPPUNIT_ASSERT(files > 10);
    }

    /// `{n} tâches` says "0 tâches" and "1 tâches" unless there is a text of its own for one.
    void numbersHaveASingularInFrench() {
        const std::set<std::string> neverOne{"trend.label", "timeline.cut", "charts.cut", "valve",
                                             "commentcut",  "address.long", "several",    "inarow"};
        const std::regex plural(R"(\{#?n\}(?: |\xc2\xa0|\xe2\x80\xaf)(?!fois|sans|dans|jours|mis )[^ ,;.)]*s(?:[ ,;.)]|$))");
        std::size_t counted = 0;
        for (const auto* folder : {"host/src", "plugin"})
            for (const auto& path : filesOf(kProject / folder, {".properties"})) {
                if (path.filename() != "fr.properties" && path.filename() != "Passerelle.fr.properties") continue;
                std::istringstream lines(textOf(path));
                for (std::string line; std::getline(lines, line);) {
                    const std::string key = line.substr(0, line.find(' '));
                    if (key.ends_with(".many")) ++counted;
                    if (key.ends_with(".many") || neverOne.contains(key)) continue;
                    CPPUNIT_ASSERT_MESSAGE(path.string() + ": " + line, !std::regex_search(line, plural));
                }
            }
        CPPUNIT_ASSERT(counted > 50);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CommandSentencesTest);
