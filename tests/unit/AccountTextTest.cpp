#include "access/Account.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <random>
#include <string>

#include "unit/AccessFixture.h"

using namespace carillon;

class AccountTextTest : public AccessFixture {
    CPPUNIT_TEST_SUITE(AccountTextTest);
    CPPUNIT_TEST(whatIsWrittenIsRead);
    CPPUNIT_TEST(whoReadsOfPeopleIsWrittenOrFollowsFromTheRole);
    CPPUNIT_TEST(nobodyIsNobody);
    CPPUNIT_TEST(listsMayBeLeftOut);
    CPPUNIT_TEST(passwordsAndTokensAreNotThere);
    CPPUNIT_TEST(whatIsNoJsonIsRefused);
    CPPUNIT_TEST(everyFaultNamesItsPlace);
    CPPUNIT_TEST(unknownMembersAreRefusedWithTheNearest);
    CPPUNIT_TEST(membersGivenTwiceAreRefused);
    CPPUNIT_TEST(namesAreThereOnce);
    CPPUNIT_TEST(emptyJobsAreRefused);
    CPPUNIT_TEST(iterationsHaveBounds);
    CPPUNIT_TEST(garbageNeverCrashes);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsWrittenIsRead() {
        const auto read = parse(formatAccounts(sample()));

        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read.all.size());
        CPPUNIT_ASSERT_EQUAL(formatAccounts(sample()).size(), formatAccounts(read).size());
        CPPUNIT_ASSERT_EQUAL(formatAccounts(read), formatAccounts(parse(formatAccounts(read))));
        const auto& alice = *read.find(PrincipalKind::Person, "alice");
        CPPUNIT_ASSERT(alice.role == Role::Operator);
        CPPUNIT_ASSERT_EQUAL(std::string("sync@*"), alice.jobs.at(0).text());
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22T00:00:00.000Z"), toRfc3339(alice.created));
        CPPUNIT_ASSERT(alice.password.matches("correct horse battery"));
        CPPUNIT_ASSERT_EQUAL(sha256Hex("carillon_x"), read.find(PrincipalKind::Program, "grafana")->tokenHash);
    }

    void whoReadsOfPeopleIsWrittenOrFollowsFromTheRole() {
        for (const auto kind : {PrincipalKind::Person, PrincipalKind::Program})
            for (const auto role : {Role::Viewer, Role::Operator}) {
                Accounts accounts;
                Account& account = accounts.at(kind, "x");
                account.role = role;
                const bool usual = kind == PrincipalKind::Person && role == Role::Operator;
                CPPUNIT_ASSERT_EQUAL(usual, account.principal().mayReadPeople("job"));
                CPPUNIT_ASSERT_EQUAL(std::string::npos, formatAccounts(accounts).find("\"people\":t"));
                const std::string stamp = account.principal().stamp;
                for (const bool said : {true, false}) {
                    account.people = said;
                    const Account* read = parse(formatAccounts(accounts)).find(kind, "x");
                    CPPUNIT_ASSERT(read == nullptr || read->people == said);
                    CPPUNIT_ASSERT_EQUAL(said, account.principal().mayReadPeople("job"));
                    CPPUNIT_ASSERT(account.principal().stamp != stamp);
                }
                account.people = true;
                account.jobs.emplace_back("other");
                CPPUNIT_ASSERT(!account.principal().mayReadPeople("job"));
            }
        parse(R"({"people": [{"name": "a", "people": "yes"}]})");
        CPPUNIT_ASSERT_MESSAGE(_sentences,
                               _sentences.find("people[0].people: expected true or false\n") != std::string::npos);
    }

    void nobodyIsNobody() {
        CPPUNIT_ASSERT(parse(formatAccounts({})).all.empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
    }

    void listsMayBeLeftOut() {
        CPPUNIT_ASSERT(parse("{}").all.empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
    }

    void passwordsAndTokensAreNotThere() {
        const std::string text = formatAccounts(sample());

        CPPUNIT_ASSERT_EQUAL(std::string::npos, text.find("correct horse"));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, text.find("carillon_x"));
    }

    void whatIsNoJsonIsRefused() {
        parse("people: alice");
        CPPUNIT_ASSERT(_sentences.starts_with("users.json: is not JSON: expected "));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, _sentences.find("alice"));
        parse("");
        CPPUNIT_ASSERT(_sentences.starts_with("users.json: is not JSON: expected "));
        parse("[]");
        CPPUNIT_ASSERT_EQUAL(std::string("users.json: expected an object in { }\n"), _sentences);
    }

    void everyFaultNamesItsPlace() {
        parse(R"({"people": [{"name": "a b", "role": "admin", "jobs": ["x y"], "created": "today",
                              "password": {"iterations": "many", "salt": "00", "hash": 1}}, 7],
                  "tokens": [{"name": "grafana"}]})");

        for (const auto* sentence :
             {"users.json: people[0].name: expected a name of 1 to 64 letters",
              "users.json: people[0].role = admin, expected viewer or operator\n",
              "users.json: people[0].jobs: expected a job or a pattern such as sync-towns",
              "users.json: people[0].created = today, expected an instant such as 2026-11-22T10:32:24Z\n",
              "users.json: people[0].password.iterations: expected a whole number from 1 to 10000000\n",
              "users.json: people[0].password.salt: expected 32 hexadecimal digits of 0-9 and a-f\n",
              "users.json: people[0].password.hash: expected 64 hexadecimal digits in quotes\n",
              "users.json: people[1]: expected an object in { }\n",
              "users.json: tokens[0].role is missing, expected viewer or operator\n",
              "users.json: tokens[0].sha256 is missing, expected 64 hexadecimal digits\n"})
            CPPUNIT_ASSERT_MESSAGE(sentence + ("\n" + _sentences), _sentences.find(sentence) != std::string::npos);
        parse(R"({"people": {}, "tokens": "none"})");
        CPPUNIT_ASSERT_EQUAL(std::string("users.json: people: expected a list in [ ]\n"
                                         "users.json: tokens: expected a list in [ ]\n"),
                             _sentences);
    }

    void unknownMembersAreRefusedWithTheNearest() {
        parse(R"({"peeple": []})");
        CPPUNIT_ASSERT_EQUAL(std::string("users.json: peeple is not known here, did you mean people\n"), _sentences);

        parse(replaced("\"role\"", "\"admin\":true,\"role\""));
        CPPUNIT_ASSERT(_sentences.starts_with("users.json: people[0].admin is not known here"));
    }

    void membersGivenTwiceAreRefused() {
        parse(replaced("\"role\"", "\"role\":\"viewer\",\"role\""));

        CPPUNIT_ASSERT_EQUAL(std::string("users.json: people[0].role is given twice\n"), _sentences);
    }

    void namesAreThereOnce() {
        auto accounts = sample();
        accounts.all.push_back(person("alice", "another password"));
        accounts.all.push_back(program("alice", "carillon_y"));  // a program is somebody else

        parse(formatAccounts(accounts));

        CPPUNIT_ASSERT_EQUAL(std::string("users.json: people[1].name = alice is there twice\n"), _sentences);
    }

    void emptyJobsAreRefused() {
        parse(replaced("[\"sync@*\"]", "[]"));

        CPPUNIT_ASSERT_EQUAL(std::string("users.json: people[0].jobs is empty; leave it out to mean all jobs\n"),
                             _sentences);
    }

    void iterationsHaveBounds() {
        for (const auto* wrong : {"0", "-1", "10000001", "1.5", "null", "\"10\""}) {
            parse(replaced("\"iterations\":10", std::string("\"iterations\":") + wrong));
            CPPUNIT_ASSERT_MESSAGE(wrong, _sentences.find(".password.iterations: expected ") != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(1, parse(replaced("\"iterations\":10", "\"iterations\":1")).all.at(0).password.iterations);
        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
    }

    void garbageNeverCrashes() {
        const std::string good = formatAccounts(sample());
        std::mt19937 random(42);
        for (int i = 0; i < 2'000; ++i) {
            std::string text = good.substr(0, random() % 2 == 0 ? good.size() : random() % good.size());
            for (int change = 0; change < 3 && !text.empty(); ++change)
                text[random() % text.size()] = static_cast<char>(random() % 256);
            parse(text);
        }
    }

private:
    static Accounts sample() {
        Accounts accounts;
        accounts.all = {person("alice", "correct horse battery", Role::Operator), program("grafana", "carillon_x")};
        accounts.all[0].jobs.emplace_back("sync@*");
        return accounts;
    }
    static std::string replaced(const std::string& what, const std::string& by) {
        std::string text = formatAccounts(sample());
        return text.replace(text.find(what), what.size(), by);
    }
    Accounts parse(const std::string& text) {
        std::vector<ConfigFault> faults;
        auto accounts = parseAccounts(text, "users.json", faults);
        _sentences.clear();
        for (const auto& fault : faults) _sentences += fault.sentence() + '\n';
        return accounts;
    }

    std::string _sentences{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountTextTest);
