#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "support/Command.h"
#include "support/HostFolder.h"

namespace {

using Words = std::vector<std::string>;

/// What stands in every English sentence, and is no French.
const std::regex kEnglish(
    R"(\b(the|of|is|are|was|were|has|have|had|no|nothing|and|with|which|there|this|that|expected|cannot|only|by|job|)"
    R"(jobs|slot|slots|never|from|until|added|removed|changed|wrote|next|when|who|what|state|yes|all)\b)",
    std::regex::icase);

/// Texts that are the reader's own, names of keys and verbs, and what the log says.
std::string withoutNames(const std::string& line) {
    static const std::regex names(
        R"(all went well|vouliez-vous dire \w+|'[^']*'|«[^»]*»|--[\w-]+( yes| no)?|\bcarillon [\w-]+( [a-z]+)?|\b\w+\.[\w.]+|/\S+|\b(job|JOB)\b)");
    return std::regex_replace(line, names, "");
}

}  // namespace

/// The verbs as somebody whose locale is French has them.
class FrenchCommandTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FrenchCommandTest);
    CPPUNIT_TEST(everyVerbSpeaksFrench);
    CPPUNIT_TEST(wrongWordsAreToldInFrench);
    CPPUNIT_TEST(numbersHaveTheirSingular);
    CPPUNIT_TEST(logsOfActsStayInEnglish);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>("host.timezone = Europe/Paris\njobs.enabled = job\n");
        _folder->addPlugin(std::filesystem::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
        _folder->addJob("job",
                        "job.plugin = Troublemaker\njob.task = Troublemaker\njob.title = Nuit\n"
                        "job.schedule = 30 3 * * *\ntask.run = succeed\n");
    }
    void tearDown() override { _folder.reset(); }

    void everyVerbSpeaksFrench() {
        const std::string other = (_folder->path() / "other").string();
        std::vector<Words> all{{"run", "job"},
                               {"passwd", "alice"},
                               {"passwd", "alice", "--role", "viewer", "--job", "job"},
                               {"passwd", "alice", "--role", "viewer"},
                               {"passwd", "alice", "--role", "operator", "--people", "no"},
                               {"token", "add", "grafana", "--role", "viewer"},
                               {"users"},
                               {"token", "remove", "grafana"},
                               {"passwd", "alice", "--delete"},
                               {"users"},
                               {"jobs"},
                               {"plugins"},
                               {"history"},
                               {"ledger"},
                               {"pause", "job", "--until", "2999-12-24 18:00", "--note", "travaux"},
                               {"jobs"},
                               {"status"},
                               {"backfill", "job", "--from", "yesterday", "--dry-run"},
                               {"backfill", "job", "--from", "tomorrow"},
                               {"resume", "job"},
                               {"resume", "job"},
                               {"next", "job", "-n", "2"},
                               {"next", "--expr", "H 3 * * *", "-n", "1"},
                               {"explain", "--job", "job"},
                               {"explain"},
                               {"stop", "job"},
                               {"stop", "nowhere"},
                               {"alerts"},
                               {"alerts", "test"},
                               {"alerts", "snooze", "job", "2h"},
                               {"alerts", "snooze", "job", "--end"},
                               {"alerts"},
                               {"activity", "--what", "run"},  // what else it tells is kept as it was written
                               {"activity", "--by", "nobody.at.all"},
                               {"why", "job"},
                               {"reload"},
                               {"validate"},
                               {"init", other},
                               {"init", other},
                               {"init", other + "/plugin", "--plugin", "Greeter"},
                               {"init", other + "/none", "--plugin", "class"}};
        for (const auto& words : all) assertFrench(words);
    }

    void wrongWordsAreToldInFrench() {
        for (const Words& words : {Words{"jbos"},
                                   {"run"},
                                   {"run", "jbo"},
                                   {"run", "job", "--nothing"},
                                   {"run", "job", "--set", "x"},
                                   {"run", "job", "--timeout", "soon"},
                                   {"history", "--since", "soon"},
                                   {"history", "--trigger", "soon"},
                                   {"history", "--outcome", "soon"},
                                   {"history", "--longer", "soon"},
                                   {"history", "-n", "many"},
                                   {"history", "-n", "9999999"},
                                   {"ledger", "--end", "soon"},
                                   {"activity", "--what", "soon"},
                                   {"activity", "--since", "soon"},
                                   {"logs", "--level", "soon"},
                                   {"logs", "--until", "soon"},
                                   {"logs", "--until", "2h", "--follow"},
                                   {"logs", "jbo*"},
                                   {"why", "job", "soon"},
                                   {"pause", "job", "--until", "soon"},
                                   {"pause", "job", "--until", "2001-01-01"},
                                   {"next", "job", "--from", "soon"},
                                   {"backfill", "job", "--from", "soon"},
                                   {"backfill", "job", "--from", "today", "--rate", "0"},
                                   {"items", "job", "--person", ""},
                                   {"items", "job", "--verify", "--id", "3"},
                                   {"items", "job", "--person", "x", "--no-people"},
                                   {"replay", "job"},
                                   {"dismiss", "job", "3", "--reason", " "},
                                   {"rejects", "job", "--older", "soon"},
                                   {"passwd", "a b"},
                                   {"passwd", "bob", "--delete"},
                                   {"passwd", "bob", "--role", "soon"},
                                   {"passwd", "bob", "--job", "a b"},
                                   {"token"},
                                   {"token", "rmove"},
                                   {"token", "remove", "x"},
                                   {"alerts", "snooze", "job"},
                                   {"alerts", "snooze", "job", "soon"}})
            assertFrench(words);
        const auto weak = french({"passwd", "bob"}).input("court\n").run();
        CPPUNIT_ASSERT_MESSAGE(weak.err,
                               weak.err.find("le mot de passe a 5 caractères, 12 au moins") != std::string::npos);
    }

    void numbersHaveTheirSingular() {
        CPPUNIT_ASSERT_EQUAL(std::string("1 tâche n’était pas en pause\n"), french({"resume", "job"}).run().err);
        const auto would = french({"backfill", "job", "--from", "2026-11-28", "--to", "2026-11-28", "--dry-run"}).run();
        CPPUNIT_ASSERT_MESSAGE(would.out, would.out.ends_with("1 échéance de job serait exécutée\n"));
    }

    /// And what programs read.
    void logsOfActsStayInEnglish() {
        french({"run", "job"}).run();
        french({"passwd", "alice"}).input(kPassword).run();
        french({"stop", "job"}).run();

        const auto acts = french({"activity", "--json"}).run();

        for (const std::string part :
             {"\"stop\"", "\"add-user\"", "operator of all jobs", "job has no run in progress"})
            CPPUNIT_ASSERT_MESSAGE(acts.out, acts.out.find(part) != std::string::npos);
    }

private:
    inline static const std::string kPassword = "correct horse battery\n";

    Command french(Words words) const {
        words.insert(words.begin(), {CARILLON_TEST_PROGRAM, "--config", _folder->config()});
        return Command(std::move(words)).set("LC_ALL", "fr_FR.UTF-8");
    }

    void assertFrench(const Words& words) const {
        const auto result = french(words).input(kPassword).run();
        std::istringstream lines(result.out + result.err);
        std::string command;
        for (const auto& word : words) command += word + ' ';
        CPPUNIT_ASSERT_MESSAGE(command, !lines.str().empty());
        for (std::string line; std::getline(lines, line);) {
            std::smatch found;
            const std::string rest = withoutNames(line);
            if (line.starts_with("  cmake ") || line.starts_with("  ctest ") || line.starts_with("  Authorization"))
                continue;
            CPPUNIT_ASSERT_MESSAGE(command + "says: " + line, !std::regex_search(rest, found, kEnglish));
        }
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(FrenchCommandTest);
