#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "support/Command.h"
#include "support/HostFolder.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// passwd, users and token, through the real command.
class AccountVerbsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AccountVerbsTest);
    CPPUNIT_TEST(firstUserOperatesAndOthersLook);
    CPPUNIT_TEST(roleAndJobsStayUnlessGiven);
    CPPUNIT_TEST(changedRightsAskForNoPasswordAndAreTold);
    CPPUNIT_TEST(deletedUserIsGone);
    CPPUNIT_TEST(passwordComesFromTheFirstLineOfStdin);
    CPPUNIT_TEST(weakOrMissingPasswordsChangeNothing);
    CPPUNIT_TEST(terminalIsAskedTwiceWithoutEcho);
    CPPUNIT_TEST(differingPasswordsChangeNothing);
    CPPUNIT_TEST(interruptedQuestionGivesTheEchoBack);
    CPPUNIT_TEST(tokenIsShownOnce);
    CPPUNIT_TEST(removedTokenMayBeMadeAnew);
    CPPUNIT_TEST(usersAreListedWithoutHashes);
    CPPUNIT_TEST(rightToPeopleIsGivenAndTaken);
    CPPUNIT_TEST(wrongWordsLeaveTwo);
    CPPUNIT_TEST(unknownJobsAreWarnedOf);
    CPPUNIT_TEST(lastOperatorIsWarnedOf);
    CPPUNIT_TEST(fileForOthersIsRefused);
    CPPUNIT_TEST(faultyFileIsRefusedAndFoundByValidate);
    CPPUNIT_TEST(fileMayStandElsewhere);
    CPPUNIT_TEST(concurrentChangesLoseNothing);
    CPPUNIT_TEST(killedChangeLeavesTheOldFile);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>(); }
    void tearDown() override { _folder.reset(); }

    void firstUserOperatesAndOthersLook() {
        const auto first = passwd({"alice"});
        const auto second = passwd({"bob"});

        CPPUNIT_ASSERT_EQUAL(std::string("added alice, operator of all jobs\n"), first.out);
        CPPUNIT_ASSERT_EQUAL(std::string("A running host knows it within a second.\n"), first.err);
        CPPUNIT_ASSERT_EQUAL(0, first.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("added bob, viewer of all jobs\n"), second.out);
        struct stat status {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat((_folder->path() / "users.json").c_str(), &status));
        CPPUNIT_ASSERT_EQUAL(mode_t{0640}, status.st_mode & 0777);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, _folder->read("users.json").find("correct horse"));
    }

    void roleAndJobsStayUnlessGiven() {
        passwd({"alice", "--role", "viewer", "--job", "sync@*", "--job", "clean"});

        CPPUNIT_ASSERT_EQUAL(std::string("changed the password of alice, viewer of sync@*, clean\n"),
                             passwd({"alice"}).out);
        carillon({"passwd", "alice", "--role", "operator"}).run();
        CPPUNIT_ASSERT_EQUAL(std::string("changed the password of alice, operator of sync@*, clean\n"),
                             passwd({"alice"}).out);
    }

    void changedRightsAskForNoPasswordAndAreTold() {
        passwd({"alice", "--role", "viewer", "--job", "sync@*"});
        const std::string before = _folder->read("users.json");
        const auto hashOf = [](const std::string& text) { return text.substr(text.find("\"hash\""), 60); };

        const auto given = carillon({"passwd", "alice", "--role", "operator", "--job", "*"}).onTerminal().run();
        const auto again = carillon({"passwd", "alice", "--role", "operator"}).run();
        const auto kept = carillon({"passwd", "alice", "--role", "viewer", "--people", "yes"}).run();

        CPPUNIT_ASSERT_MESSAGE(given.out, given.out.find("assword for") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, given.exitCode);
        for (const std::string line :
             {"changed what alice may do: operator of all jobs; the password stays as it is", "role: viewer → operator",
              "jobs: sync@* → all", "names, answers and comments in items: may not read them → may read them",
              "with the role operator alice may also read names, answers and comments in items"})
            CPPUNIT_ASSERT_MESSAGE(given.out, given.out.find(line) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("alice has these rights already: operator of all jobs; nothing was changed\n"),
                             again.out);
        CPPUNIT_ASSERT_EQUAL(std::string("changed what alice may do: viewer of all jobs, may read what concerns "
                                         "people; the password stays as it is\n  role: operator → viewer\n"),
                             kept.out);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, kept.err.find("with the role"));
        CPPUNIT_ASSERT(before != _folder->read("users.json"));
        CPPUNIT_ASSERT_EQUAL(hashOf(before), hashOf(_folder->read("users.json")));
    }

    void deletedUserIsGone() {
        passwd({"alice"});
        passwd({"bob"});

        const auto result = carillon({"passwd", "bob", "--delete"}).run();

        CPPUNIT_ASSERT_EQUAL(std::string("removed bob\n"), result.out);
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("alice "), names());
        const auto again = carillon({"passwd", "bob", "--delete"}).run();
        CPPUNIT_ASSERT_EQUAL(2, again.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: there is no user bob; there are: alice\n"), again.err);
    }

    void passwordComesFromTheFirstLineOfStdin() {
        for (const auto* input :
             {"correct horse battery", "correct horse battery\n", "correct horse battery\r\nmore\n"})
            CPPUNIT_ASSERT_EQUAL(0, carillon({"passwd", "alice"}).input(input).run().exitCode);
    }

    void weakOrMissingPasswordsChangeNothing() {
        const auto weak = carillon({"passwd", "alice"}).input("elevenchars\n").run();
        const auto none = carillon({"passwd", "alice"}).run();

        CPPUNIT_ASSERT_EQUAL(2, weak.exitCode);
        CPPUNIT_ASSERT(weak.err.find("the password has 11 characters, expected 12 or more") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, weak.err.find("elevenchars"));
        CPPUNIT_ASSERT_EQUAL(2, none.exitCode);
        CPPUNIT_ASSERT(none.err.find("no password on stdin") != std::string::npos);
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "users.json"));
    }

    void terminalIsAskedTwiceWithoutEcho() {
        auto running = carillon({"passwd", "alice"}).onTerminal().start();
        answer(running, "Password for the new user alice: ", "correct horse battery\n");
        answer(running, "The same again: ", "correct horse battery\n");

        const auto result = running.wait();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.out, 0, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.find("added alice, operator") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.find("correct horse") == std::string::npos);
    }

    void differingPasswordsChangeNothing() {
        auto running = carillon({"passwd", "alice"}).onTerminal().start();
        answer(running, "Password for the new user alice: ", "correct horse battery\n");
        answer(running, "The same again: ", "correct horse batteries\n");

        const auto result = running.wait();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT(result.out.find("the two passwords differ; nothing was changed") != std::string::npos);
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "users.json"));
    }

    void interruptedQuestionGivesTheEchoBack() {
        auto running = carillon({"passwd", "alice"}).onTerminal().start();
        await([&running] { return running.out().find("Password for the new user alice: ") != std::string::npos; });
        running.signal(SIGINT);
        await([&running] { return running.hasEnded(); });

        running.type("seen again");

        await([&running] { return running.out().find("seen again") != std::string::npos; });
        CPPUNIT_ASSERT_EQUAL(128 + SIGINT, running.wait().exitCode);
    }

    void tokenIsShownOnce() {
        const auto result = carillon({"token", "add", "grafana", "--role", "viewer", "--job", "sync"}).run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::size_t{9 + 43 + 1}, result.out.size());
        CPPUNIT_ASSERT(result.out.starts_with("carillon_"));
        CPPUNIT_ASSERT(result.err.find("added token grafana, viewer of sync.") != std::string::npos);
        CPPUNIT_ASSERT(result.err.find("Authorization: Bearer TOKEN") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, _folder->read("users.json").find(result.out.substr(9, 43)));
    }

    void removedTokenMayBeMadeAnew() {
        carillon({"token", "add", "grafana", "--role", "viewer"}).run();
        const auto again = carillon({"token", "add", "grafana", "--role", "viewer"}).run();
        const auto removed = carillon({"token", "remove", "grafana"}).run();
        const auto unknown = carillon({"token", "remove", "grafana"}).run();

        CPPUNIT_ASSERT_EQUAL(2, again.exitCode);
        CPPUNIT_ASSERT(again.err.find("'carillon token remove grafana' takes it away first") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), again.out);
        CPPUNIT_ASSERT_EQUAL(std::string("removed token grafana\n"), removed.out);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: there is no token grafana\n"), unknown.err);
        CPPUNIT_ASSERT_EQUAL(0, carillon({"token", "add", "grafana", "--role", "operator"}).run().exitCode);
    }

    void usersAreListedWithoutHashes() {
        CPPUNIT_ASSERT_EQUAL(std::string("nobody yet; 'carillon passwd USER' adds the first\n"),
                             carillon({"users"}).run().err);
        passwd({"alice", "--job", "sync"});
        carillon({"token", "add", "grafana", "--role", "viewer"}).run();

        const auto table = carillon({"users"}).run();
        const auto json = carillon({"users", "--json"}).run();

        CPPUNIT_ASSERT(table.out.starts_with(
            "NAME     KIND     ROLE      JOBS  PEOPLE  CREATED\nalice    person   operator  sync  yes     20"));
        CPPUNIT_ASSERT(table.out.find("\ngrafana  program  viewer    all   no      20") != std::string::npos);
        const auto list = Poco::JSON::Parser().parse(json.out).extract<Poco::JSON::Array::Ptr>();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, list->size());
        const auto alice = list->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("sync"), alice->getArray("jobs")->getElement<std::string>(0));
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, alice->size());
    }

    void rightToPeopleIsGivenAndTaken() {
        const auto given = passwd({"alice", "--role", "viewer", "--people", "yes"});
        const auto kept = passwd({"alice"});
        const auto taken = passwd({"alice", "--people", "no"});

        CPPUNIT_ASSERT_EQUAL(std::string("added alice, viewer of all jobs, may read what concerns people\n"),
                             given.out);
        CPPUNIT_ASSERT(kept.out.ends_with("alice, viewer of all jobs, may read what concerns people\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("changed what alice may do: viewer of all jobs, may not read what concerns "
                                         "people; the password stays as it is\n  names, answers and comments in items: "
                                         "may read them → may not read them\n"),
                             taken.out);
        CPPUNIT_ASSERT_EQUAL(2, passwd({"alice", "--people", "perhaps"}).exitCode);
        CPPUNIT_ASSERT_EQUAL(2, passwd({"alice", "--people", "no", "--delete"}).exitCode);
    }

    void wrongWordsLeaveTwo() {
        const std::vector<std::vector<std::string>> wrong{{"passwd"},
                                                          {"passwd", "alice", "--role", "admin"},
                                                          {"passwd", "a b"},
                                                          {"passwd", "alice", "--job", "two words"},
                                                          {"passwd", "alice", "--delete", "--role", "viewer"},
                                                          {"passwd", "alice", "--delete", "--job", "sync"},
                                                          {"token"},
                                                          {"token", "add", "x"},
                                                          {"token", "add", "x", "--role", "root"},
                                                          {"token", "add", "x/y", "--role", "viewer"},
                                                          {"token", "remove"},
                                                          {"users", "alice"}};
        for (const auto& words : wrong) {
            const auto result = carillon(words).input("correct horse battery\n").run();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(words.back() + ": " + result.err, 2, result.exitCode);
            CPPUNIT_ASSERT(result.err.starts_with("carillon: error: "));
        }
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "users.json"));
    }

    void unknownJobsAreWarnedOf() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\n");

        CPPUNIT_ASSERT_EQUAL(std::string::npos, passwd({"alice", "--job", "sync"}).err.find("warning"));
        CPPUNIT_ASSERT(passwd({"alice", "--job", "snyc"}).err.find("warning: no job is named snyc; 'carillon jobs'") !=
                       std::string::npos);
    }

    void lastOperatorIsWarnedOf() {
        passwd({"alice"});
        passwd({"bob"});

        const auto result = carillon({"passwd", "alice", "--delete"}).run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT(result.err.find("warning: no operator is left") != std::string::npos);
    }

    void fileForOthersIsRefused() {
        passwd({"alice"});
        const std::string before = _folder->read("users.json");
        ::chmod((_folder->path() / "users.json").c_str(), 0644);

        for (const std::vector<std::string>& words : {std::vector<std::string>{"users"},
                                                      {"passwd", "bob"},
                                                      {"passwd", "alice", "--delete"},
                                                      {"token", "add", "x", "--role", "viewer"},
                                                      {"token", "remove", "x"},
                                                      {"validate"}}) {
            const auto result = carillon(words).input("correct horse battery\n").run();
            CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("run: chmod o-rwx '") != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(before, _folder->read("users.json"));
    }

    void faultyFileIsRefusedAndFoundByValidate() {
        _folder->write("users.json", R"({"people": [], "tokens": 7, "groups": []})");

        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"users"}, {"passwd", "bob"}, {"validate"}}) {
            const auto result = carillon(words).input("correct horse battery\n").run();
            CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
            CPPUNIT_ASSERT(result.err.find("users.json: tokens: expected a list in [ ]") != std::string::npos);
            CPPUNIT_ASSERT(result.err.find("users.json: groups is not known here") != std::string::npos);
        }
    }

    void fileMayStandElsewhere() {
        fs::create_directory(_folder->path() / "secret");
        _folder->write("carillon.properties", "http.users.file = secret/who.json\n");

        passwd({"alice"});

        CPPUNIT_ASSERT(fs::exists(_folder->path() / "secret/who.json"));
        CPPUNIT_ASSERT_EQUAL(std::string("alice "), names());
    }

    void concurrentChangesLoseNothing() {
        std::vector<RunningCommand> writers;

        for (int i = 0; i < 8; ++i)
            writers.push_back(
                carillon({"passwd", "user" + std::to_string(i)}).input("correct horse battery\n").start());
        for (int i = 0; i < 8; ++i)
            writers.push_back(carillon({"token", "add", "token" + std::to_string(i), "--role", "viewer"}).start());

        for (auto& writer : writers) CPPUNIT_ASSERT_EQUAL(0, writer.wait().exitCode);
        const std::string all = names();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(all, std::ptrdiff_t{16}, std::count(all.begin(), all.end(), ' '));
    }

    void killedChangeLeavesTheOldFile() {
        passwd({"alice"});
        const std::string before = _folder->read("users.json");

        const auto killed = carillon({"passwd", "bob"})
                                .input("correct horse battery\n")
                                .set("CARILLON_CRASH_AT", "accounts.written")
                                .run();

        CPPUNIT_ASSERT_EQUAL(128 + SIGKILL, killed.exitCode);
        CPPUNIT_ASSERT_EQUAL(before, _folder->read("users.json"));
        CPPUNIT_ASSERT_EQUAL(0, passwd({"bob"}).exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("alice bob "), names());
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "users.json.new"));
    }

private:
    static constexpr const char* kProgram = CARILLON_TEST_PROGRAM;

    Command carillon(std::vector<std::string> words) const {
        words.insert(words.begin(), kProgram);
        return Command(words).set("CARILLON_CONFIG", _folder->config());
    }
    CommandResult passwd(std::vector<std::string> words) const {
        words.insert(words.begin(), "passwd");
        return carillon(words).input("correct horse battery\n").run();
    }
    std::string names() const {
        const auto result = carillon({"users", "--json"}).run();
        const auto list = Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Array::Ptr>();
        std::string names;
        for (unsigned i = 0; i < list->size(); ++i) names += list->getObject(i)->getValue<std::string>("name") + " ";
        return names;
    }

    static void await(const std::function<bool()>& condition) {
        for (int i = 0; i < 2'000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
        CPPUNIT_ASSERT(condition());
    }
    static void answer(RunningCommand& running, const std::string& question, const std::string& text) {
        await([&] { return running.out().ends_with(question); });
        running.type(text);
    }

    std::unique_ptr<HostFolder> _folder{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountVerbsTest);
