#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <regex>
#include <sstream>

#include "Poco/Exception.h"
#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"
#include "support/MailServer.h"
#include "support/Scene.h"
#include "support/ScriptedServer.h"
#include "unit/ZoneFolder.h"

using Kind = TestDatabase::Kind;
using namespace std::chrono_literals;

namespace {

void assertMatches(const std::string& pattern, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE("expected: " + pattern + "\nfound: " + text, std::regex_match(text, std::regex(pattern)));
}

unsigned modeOf(const std::filesystem::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw Poco::FileNotFoundException(path.string());
    return status.st_mode & 07777U;
}

/// The run succeeded and brought so many answers into Agora; the gateway has none left.
void assertApplied(Scene& scene, const RunEnd& end, long long applied) {
    assertExit(0, end.command);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(textOf(end.command), applied, end.counter("applied"));
    CPPUNIT_ASSERT_EQUAL(applied, scene.rows("validations"));
    CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
    CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
}

/// One campaign of one validator whose answer waits on the gateway.
void offerOne(Scene& scene) {
    scene.addCampaign(1, {1});
    scene.offer({{Scene::tokenOf(1, 1)}});
}

/// Every check, by its name.
std::map<std::string, std::string> checkStates(const CommandResult& result) {
    std::map<std::string, std::string> states;
    const auto jobs = Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Array::Ptr>();
    const auto checks = jobs->getObject(0)->getArray("checks");
    for (unsigned i = 0; i < checks->size(); ++i)
        states[checks->getObject(i)->getValue<std::string>("name")] =
            checks->getObject(i)->getValue<std::string>("state");
    return states;
}

std::string fingerprint(Scene& scene) {
    std::string text;
    for (const auto* table : {"validations", "campaign_logs", "campaigns", "validation_tokens", "settings", "users"})
        text += std::to_string(scene.rows(table)) + " ";
    return text + std::to_string(scene.rows("validation_tokens WHERE used_at IS NOT NULL"));
}

}  // namespace

/// The program with its plugin between a gateway and Agora's database, as a town runs it.
class EndToEndTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EndToEndTest);
    CPPUNIT_TEST(runBringsAnswersIntoAgoraOnMySql);
    CPPUNIT_TEST(runBringsAnswersIntoAgoraOnSqlite);
    CPPUNIT_TEST(reportHasTheMembersOfTheContract);
    CPPUNIT_TEST(logHasALineForEachEventAndIsPrivate);
    CPPUNIT_TEST(secondRunHasNothingToDo);
    CPPUNIT_TEST(queryDialectWorks);
    CPPUNIT_TEST(baseAddressMayEndWithASlash);
    CPPUNIT_TEST(directModeSucceedsWithNothingToDo);
    CPPUNIT_TEST(missingSettingIsNamed);
    CPPUNIT_TEST(olderSettingNamesWork);
    CPPUNIT_TEST(alertsGoByAgorasOwnMailAccount);
    CPPUNIT_TEST(jobFileWinsOverTheSettings);
    CPPUNIT_TEST(setWinsOverTheJobFile);
    CPPUNIT_TEST(keyMayStandInAFile);
    CPPUNIT_TEST(databaseIsReachedByItsSocket);
    CPPUNIT_TEST(databaseIsReachedByTls);
    CPPUNIT_TEST(accountThatRequiresTlsIsRefusedWithoutIt);
    CPPUNIT_TEST(wrongAuthorityOfTheDatabaseIsRefused);
    CPPUNIT_TEST(connectionStringIsTaken);
    CPPUNIT_TEST(zoneOfTheGatewayCounts);
    CPPUNIT_TEST(zoneOfAgoraCounts);
    CPPUNIT_TEST(slimZoneFilesHaveTheirSummerTime);
    CPPUNIT_TEST(datesOfEveryFormAreTheSameMoment);
    CPPUNIT_TEST(checkPassesAndWritesNothing);
    CPPUNIT_TEST(dryRunTellsEachItemAndWritesNothing);
    CPPUNIT_TEST(dryRunOfAJobWithoutOneFails);
    CPPUNIT_TEST(checkNamesWhatFails);
    CPPUNIT_TEST(warningsLeaveZeroAndOneWithStrict);
    CPPUNIT_TEST(rejectIsReplayedByItsId);
    CPPUNIT_TEST(allRejectsAreReplayed);
    CPPUNIT_TEST(rejectsAreFilteredByReasonAndAge);
    CPPUNIT_TEST(replayWithoutAMendedCauseFails);
    CPPUNIT_TEST(tokensCleanDeletesWhatExpiredLongAgo);
    CPPUNIT_TEST(backlogEndsInTheStatusesThatAnIndependentCountGives);
    CPPUNIT_TEST(killedRunsLoseNothingAndRepeatNothing);
    CPPUNIT_TEST(killedRunsLoseNothingOnSqlite);
    CPPUNIT_TEST(terminatedRunLeavesWholeBatches);
    CPPUNIT_TEST(secondRunAtOnceIsRefusedOrWaits);
    CPPUNIT_TEST(runEndsAtItsTimeLimit);
    CPPUNIT_TEST(noSecretLeavesTheProgram);
    CPPUNIT_TEST(rejectsShowNoSecret);
    CPPUNIT_TEST(aProxyThatRepeatsItsCredentialsShowsThemToNobody);
    CPPUNIT_TEST(noWholeTokenIsShown);
    CPPUNIT_TEST_SUITE_END();

public:
    void runBringsAnswersIntoAgoraOnMySql() { runBringsAnswersIntoAgora(Kind::MySql); }
    void runBringsAnswersIntoAgoraOnSqlite() { runBringsAnswersIntoAgora(Kind::Sqlite); }

    void reportHasTheMembersOfTheContract() {
        Scene scene;
        offerOne(scene);
        scene.offer({{.token = "unknown-token-of-nobody"}});

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(std::string("sync-passerelle"), end.member("job"));
        CPPUNIT_ASSERT_EQUAL(std::string("cli"), end.member("trigger"));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), end.member("outcome"));
        CPPUNIT_ASSERT_EQUAL(std::string("test-host"), end.member("host"));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), end.member("attempt"));
        CPPUNIT_ASSERT(!end.member("run").empty());
        for (const auto* name : {"scheduled_at", "started_at", "finished_at"})
            assertMatches(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)", end.member(name));
        CPPUNIT_ASSERT_EQUAL(2LL, end.counter("fetched"));
        CPPUNIT_ASSERT_EQUAL(1LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(0LL, end.counter("duplicate"));
        CPPUNIT_ASSERT_EQUAL(1LL, end.counter("rejected"));
        CPPUNIT_ASSERT_EQUAL(2LL, end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(0LL, end.counter("pending_after"));
        CPPUNIT_ASSERT(end.counter("bytes") > 200);
        const auto warnings = end.report->getArray("warnings");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, warnings->size());
        assertContains("unknown_token", warnings->getElement<std::string>(0));
        assertContains("carillon: warning: ", end.command.err);
    }

    void logHasALineForEachEventAndIsPrivate() {
        Scene scene;
        offerOne(scene);

        const RunEnd end = scene.sync();

        const std::string run = end.member("run");
        assertExit(0, end.command);
        std::istringstream log(scene.log());
        std::vector<std::string> events;
        const std::regex form(R"((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z) (\w+) (\S+) (\w+\.\w+)( \w+=("[^"]*"|\S+))*)");
        for (std::string line; std::getline(log, line);) {
            std::smatch parts;
            CPPUNIT_ASSERT_MESSAGE(line, std::regex_match(line, parts, form));
            CPPUNIT_ASSERT_EQUAL(run, parts[3].str());
            events.push_back(parts[4].str());
        }
        CPPUNIT_ASSERT(!events.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("run.started"), events.front());
        CPPUNIT_ASSERT_EQUAL(std::string("run.finished"), events.back());
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, std::count(events.begin(), events.end(), "batch.applied"));
        CPPUNIT_ASSERT_EQUAL(0U, modeOf(scene.folder() / "logs" / "sync-passerelle.log") & 0007U);
        CPPUNIT_ASSERT_EQUAL(0U, modeOf(scene.folder() / "logs") & 0007U);
        CPPUNIT_ASSERT_EQUAL(0U, modeOf(scene.folder() / "state" / "carillon.db") & 0007U);
        CPPUNIT_ASSERT_EQUAL(0U, modeOf(scene.folder() / "state") & 0007U);
    }

    void secondRunHasNothingToDo() {
        Scene scene;
        offerOne(scene);
        scene.sync();

        const RunEnd second = scene.sync();

        assertExit(0, second.command);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), second.member("outcome"));
        CPPUNIT_ASSERT_EQUAL(0LL, second.counter("fetched"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("validations"));
        const CommandResult third = scene.run({"run", Scene::kJob});
        assertMatches("sync-passerelle had nothing to do: .*, \\d+\\.\\d\\d s\n", third.out);
    }

    void queryDialectWorks() {
        Scene scene;
        offerOne(scene);
        scene.setJobKey("task.gateway.dialect", "query");

        assertApplied(scene, scene.sync(), 1);
    }

    void baseAddressMayEndWithASlash() {
        Scene scene;
        offerOne(scene);
        scene.setSetting("validation_url", scene.gatewayAddress() + "/");

        assertApplied(scene, scene.sync(), 1);
    }

    void directModeSucceedsWithNothingToDo() {
        Scene scene;
        offerOne(scene);
        scene.setSetting("validation_mode", "direct");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertExit(0, result);
        assertContains("nothing to do in mode direct", result.out);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().requests["pending"]);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("validations"));
    }

    void missingSettingIsNamed() {
        Scene scene;
        offerOne(scene);
        scene.setSetting("validation_url", "");
        scene.setSetting("validation_apikey", "");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertExit(1, result);
        assertContains("validation_url", result.out);
        assertContains("validation_apikey", result.out);
        assertContains("Parametres > Validation", result.out);
    }

    void alertsGoByAgorasOwnMailAccount() {
        Scene scene;
        const MailServer mail(scene.folder(), "starttls");
        scene.write("carillon.properties", Scene::read(scene.configFile()) +
                                               "alerts.mail.to = exploitation@mairie.example\n"
                                               "alerts.mail.account_of = sync-passerelle\nalerts.mail.ca = " +
                                               mail.certificate() + "\n");
        for (const auto& [name, value] :
             std::map<std::string, std::string>{{"email_host", "localhost"},
                                                {"email_port", std::to_string(mail.port())},
                                                {"email_username", "carillon"},
                                                {"email_password", "pass word"},
                                                {"email_encryption", "tls"},
                                                {"email_fromaddress", "agora@mairie.example"},
                                                {"email_fromname", "Mairie d'Éragny"}})
            scene.setSetting(name, value);

        const auto sent = scene.run({"alerts", "test"});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(textOf(sent), 0, sent.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("sent   mail to exploitation@mairie.example: localhost has taken it\n"),
                             sent.out);
        const std::string text = mail.mails().at(0);
        for (const std::string part : {"X-Test-Authenticated: True", "X-Test-From: agora@mairie.example",
                                       "From: =?UTF-8?q?Mairie_d'=C3=89ragny?= <agora@mairie.example>"})
            CPPUNIT_ASSERT_MESSAGE(text, text.find(part) != std::string::npos);
        scene.setSetting("email_host", "");
        const auto missing = scene.run({"alerts", "test"});
        CPPUNIT_ASSERT_EQUAL(1, missing.exitCode);
        CPPUNIT_ASSERT_MESSAGE(missing.out,
                               missing.out.find("the mail account of sync-passerelle is not known: Agora's setting "
                                                "email_host is missing or empty") != std::string::npos);
    }

    void olderSettingNamesWork() {
        Scene scene;
        offerOne(scene);
        scene.agora().execute("DELETE FROM settings WHERE cle IN ('validation_url', 'validation_apikey')");
        scene.setSetting("validation_passerelle_url", scene.gatewayAddress());
        scene.setSetting("validation_passerelle_api_key", Scene::kKey);

        assertApplied(scene, scene.sync(), 1);
    }

    void jobFileWinsOverTheSettings() {
        Scene scene;
        offerOne(scene);
        scene.setSetting("validation_mode", "direct");
        scene.setSetting("validation_url", "http://127.0.0.1:1/wrong");
        scene.setSetting("validation_apikey", "wrong");
        scene.setJobKey("task.mode", "passerelle");
        scene.setJobKey("task.gateway.url", scene.gatewayAddress());
        scene.setJobKey("task.gateway.key", Scene::kKey);

        assertApplied(scene, scene.sync(), 1);
    }

    void setWinsOverTheJobFile() {
        Scene scene;
        offerOne(scene);
        scene.setJobKey("task.gateway.url", "http://127.0.0.1:1/wrong");

        const RunEnd end = scene.sync({"--set", "task.gateway.url=" + scene.gatewayAddress()});

        assertApplied(scene, end, 1);
    }

    void keyMayStandInAFile() {
        Scene scene;
        offerOne(scene);
        scene.setSetting("validation_apikey", "wrong");
        scene.write("jobs/gateway.key", std::string(Scene::kKey) + "\n", true);
        scene.setJobKey("task.gateway.key.file", "gateway.key");

        assertApplied(scene, scene.sync(), 1);
    }

    void databaseIsReachedByItsSocket() {
        Scene scene;
        offerOne(scene);
        scene.setJobKey("task.database.host", "");
        scene.setJobKey("task.database.port", "");
        scene.setJobKey("task.database.socket", requireEnvironment("CARILLON_TEST_MYSQL_SOCKET"));

        assertApplied(scene, scene.sync(), 1);
    }

    void databaseIsReachedByTls() {
        Scene scene;
        offerOne(scene);
        scene.setJobKey("task.database.user", "tlsonly");
        scene.write("jobs/database.password", requireEnvironment("CARILLON_TEST_MYSQL_PASSWORD"), true);
        scene.setJobKey("task.database.tls.ca", requireEnvironment("CARILLON_TEST_MYSQL_CA"));

        assertApplied(scene, scene.sync(), 1);
    }

    void accountThatRequiresTlsIsRefusedWithoutIt() {
        Scene scene;
        offerOne(scene);
        scene.setJobKey("task.database.user", "tlsonly");
        scene.write("jobs/database.password", requireEnvironment("CARILLON_TEST_MYSQL_PASSWORD"), true);

        const RunEnd end = scene.sync();

        assertExit(1, end.command);
        assertContains("Access denied for user 'tlsonly'", end.member("message"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.gatewayState().pending);
    }

    void wrongAuthorityOfTheDatabaseIsRefused() {
        Scene scene;
        offerOne(scene);
        scene.setJobKey("task.database.tls.ca", "/etc/ssl/certs/ca-certificates.crt");

        const RunEnd end = scene.sync();

        assertExit(1, end.command);
        assertContains("certificate", end.member("message"));
        assertContains("task.database", end.member("message"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.gatewayState().pending);
    }

    void connectionStringIsTaken() {
        Scene scene;
        offerOne(scene);
        for (const auto* key : {"host", "port", "name", "user", "password.file"})
            scene.setJobKey(std::string("task.database.") + key, "");
        scene.setJobKey("task.database.connection", scene.agora().connectionString());

        assertApplied(scene, scene.sync(), 1);
    }

    void zoneOfTheGatewayCounts() {
        Scene scene;
        scene.addCampaign(1, {1});
        scene.offer({{.token = Scene::tokenOf(1, 1), .validatedAt = "2026-01-15 10:00:00"}});
        scene.setJobKey("task.gateway.timezone", "America/Martinique");

        assertApplied(scene, scene.sync(), 1);
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-15 15:00:00"), momentOfTheAnswer(scene));
    }

    void zoneOfAgoraCounts() {
        Scene scene;
        scene.addCampaign(1, {1});
        scene.offer({{.token = Scene::tokenOf(1, 1), .validatedAt = "2026-06-15 20:30:00"}});
        scene.setSetting("app_timezone", "Pacific/Noumea");

        assertApplied(scene, scene.sync(), 1);
        CPPUNIT_ASSERT_EQUAL(std::string("2026-06-16 07:30:00"), momentOfTheAnswer(scene));
    }

    void slimZoneFilesHaveTheirSummerTime() {
        Scene scene;
        scene.addCampaign(1, {1});
        scene.offer({{.token = Scene::tokenOf(1, 1), .validatedAt = "2026-06-15 10:00:00"}});
        const ZoneFolder zones;  // for the program too
        zones.add("Europe/Paris", compiledZone(slimParis(), ZoneForm::Slim));
        zones.add("UTC", compiledZone({}, ZoneForm::Slim));

        assertApplied(scene, scene.sync(), 1);
        CPPUNIT_ASSERT_EQUAL(std::string("2026-06-15 12:00:00"), momentOfTheAnswer(scene));
        assertContains("2026-07-01T07:00:00Z", scene
                                                   .run({"next", "--expr", "0 9 * * *", "--tz", "Europe/Paris",
                                                         "--from", "2026-07-01T00:00:00Z", "-n", "1", "--json"})
                                                   .out);
    }

    void datesOfEveryFormAreTheSameMoment() {
        const std::vector<std::string> forms{
            "2026-06-15 06:00:00",  // of the gateway's zone
            "2026-06-15T06:00",           "2026-06-15T10:00:00Z", "2026-06-15 10:00:00.123456+00:00",
            "2026-06-15t12:00:00,9+0200", "20260615T100000Z",     " 2026-06-15T05:00-05 "};
        Scene scene;
        scene.setJobKey("task.gateway.timezone", "America/Martinique");
        for (int user = 1; user <= static_cast<int>(forms.size()); ++user) {
            scene.addCampaign(user, {user});
            scene.offer(
                {{.token = Scene::tokenOf(user, user), .validatedAt = forms[static_cast<std::size_t>(user) - 1]}});
        }

        assertApplied(scene, scene.sync(), static_cast<long long>(forms.size()));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(forms.size()),
                             scene.rows("validations WHERE validated_at = '2026-06-15 12:00:00'"));
    }

    void checkPassesAndWritesNothing() {
        Scene scene;
        offerOne(scene);
        const std::string before = fingerprint(scene);

        const CommandResult text = scene.run({"check", Scene::kJob});
        const CommandResult json = scene.run({"check", Scene::kJob, "--json"});

        assertExit(0, text);
        assertExit(0, json);
        for (const auto& [name, state] : checkStates(json)) CPPUNIT_ASSERT_EQUAL(name + " passed", name + " " + state);
        assertContains("1 pending", text.out);
        for (const auto& out : {text.out + text.err, json.out + json.err}) {
            assertNotContains(Scene::kKey, out);
            assertContains("cle-", out);
            assertNotContains(Scene::tokenOf(1, 1), out);
            assertNotContains(Scene::tokenOf(1, 1).substr(0, 9), out);
            assertContains(Scene::tokenOf(1, 1).substr(0, 8), out);
        }
        CPPUNIT_ASSERT_EQUAL(before, fingerprint(scene));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("information_schema.tables WHERE table_schema = '" + scene.agora().name() +
                                             "' AND table_name LIKE 'passerelle%'"));
    }

    void dryRunTellsEachItemAndWritesNothing() {
        Scene scene;
        scene.addCampaign(7, {1});
        scene.offer({{.token = Scene::tokenOf(7, 1)}, {.token = "nobody"}});
        const std::string before = fingerprint(scene);

        const CommandResult text = scene.run({"run", Scene::kJob, "--dry-run"});
        const CommandResult json = scene.run({"run", Scene::kJob, "--dry-run", "--json"});
        const CommandResult strict = scene.run({"run", Scene::kJob, "--dry-run", "--strict"});

        assertExit(0, text);
        assertExit(0, json);
        assertExit(1, strict);
        assertContains("campaign 7 approved, which becomes validee", text.out);
        assertContains("dry run of sync-passerelle: 2 fetched, 1 applied, 1 rejected (unknown_token)", text.out);
        const auto plan = Poco::JSON::Parser().parse(json.out).extract<Poco::JSON::Object::Ptr>();
        const auto items = plan->getArray("items");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, items->size());
        CPPUNIT_ASSERT_EQUAL(std::string("applied"), items->getObject(0)->getValue<std::string>("effect"));
        CPPUNIT_ASSERT_EQUAL(std::string("unknown_token"), items->getObject(1)->getValue<std::string>("reason"));
        CPPUNIT_ASSERT_EQUAL(1LL, plan->getObject("counters")->getValue<long long>("applied"));
        for (const auto& result : {text, json}) assertNotContains(Scene::tokenOf(7, 1).substr(0, 9), result.out);
        CPPUNIT_ASSERT_EQUAL(before, fingerprint(scene));
        CPPUNIT_ASSERT_EQUAL(2LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(std::string("[]\n"), scene.run({"history", "--json"}).out);
    }

    void dryRunOfAJobWithoutOneFails() {
        Scene scene;

        const CommandResult result = scene.run({"run", "tokens-clean", "--dry-run"});

        assertExit(1, result);
        assertContains("this task has no dry run", result.out);
    }

    void checkNamesWhatFails() {
        Scene scene;
        offerOne(scene);
        scene.setSetting("validation_apikey", "falscher-Schluessel");

        const CommandResult wrongKey = scene.run({"check", Scene::kJob, "--json"});
        scene.setSetting("validation_apikey", "");
        const CommandResult noKey = scene.run({"check", Scene::kJob});
        scene.setJobKey("task.database.name", "no_such_database");
        const CommandResult noDatabase = scene.run({"check", Scene::kJob, "--json"});

        assertExit(1, wrongKey);
        CPPUNIT_ASSERT_EQUAL(std::string("passed"), checkStates(wrongKey)["configuration"]);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), checkStates(wrongKey)["connectivity"]);
        CPPUNIT_ASSERT_EQUAL(std::string("passed"), checkStates(wrongKey)["database"]);
        assertNotContains("falscher-Schluessel", wrongKey.out + wrongKey.err);
        assertExit(1, noKey);
        assertContains("FAILED   configuration", noKey.out);
        assertContains("validation_apikey", noKey.out);
        assertExit(1, noDatabase);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), checkStates(noDatabase)["configuration"]);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), checkStates(noDatabase)["database"]);
    }

    void warningsLeaveZeroAndOneWithStrict() {
        Scene scene;
        scene.offer({{.token = "unknown-1"}});
        const CommandResult plain = scene.run({"run", Scene::kJob});
        scene.offer({{.token = "unknown-2"}});

        const CommandResult strict = scene.run({"run", Scene::kJob, "--strict"});

        assertExit(0, plain);
        assertExit(1, strict);
        assertContains("unknown_token", strict.out + strict.err);
    }

    void rejectIsReplayedByItsId() {
        Scene scene;
        scene.addUsers(1, 1);
        scene.addCampaign(1, {});
        scene.agora().addValidator(1, 1);
        scene.offer({{.token = Scene::tokenOf(1, 1), .comment = "À diffuser"}, {.token = "unknown"}});
        scene.sync();
        const auto rejects = rejectsOf(scene);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rejects->size());
        CPPUNIT_ASSERT_EQUAL(std::string("unknown_token"), rejects->getObject(0)->getValue<std::string>("reason"));
        scene.agora().addToken(Scene::tokenOf(1, 1), 1, 1, "2030-01-01 00:00:00");

        const CommandResult replay =
            scene.run({"replay", Scene::kJob, rejects->getObject(0)->getValue<std::string>("id"), "--json"});

        assertExit(0, replay);
        CPPUNIT_ASSERT_EQUAL(1LL, Scene::endOf(replay).counter("applied"));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), scene.agora().text("SELECT statut FROM campaigns"));
        CPPUNIT_ASSERT_EQUAL(std::string("À diffuser"), scene.agora().text("SELECT commentaire FROM validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-06-15 12:00:00"), momentOfTheAnswer(scene));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rejectsOf(scene)->size());
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
    }

    void allRejectsAreReplayed() {
        Scene scene;
        scene.addUsers(1, 2);
        scene.addCampaign(1, {});
        for (const int user : {1, 2}) {
            scene.agora().addValidator(1, user);
            scene.offer({{.token = Scene::tokenOf(1, user)}});
        }
        scene.sync();
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("validations"));
        for (const int user : {1, 2}) scene.agora().addToken(Scene::tokenOf(1, user), 1, user, "2030-01-01 00:00:00");

        const CommandResult replay = scene.run({"replay", Scene::kJob, "--all"});
        const CommandResult again = scene.run({"replay", Scene::kJob, "--all"});

        assertExit(0, replay);
        assertExit(0, again);
        CPPUNIT_ASSERT_EQUAL(2LL, scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), scene.agora().text("SELECT statut FROM campaigns"));
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
        assertContains("no rejects", scene.run({"rejects", Scene::kJob}).out);
    }

    void rejectsAreFilteredByReasonAndAge() {
        Scene scene;
        scene.offer({{.token = "nobody"}, {.token = "gone", .action = "peut-être"}});
        scene.sync();
        scene.agora().execute(
            "UPDATE passerelle_inbox SET received_at = '2020-01-01 00:00:00' WHERE reason = 'malformed'");

        const CommandResult unknown = scene.run({"rejects", Scene::kJob, "--reason", "unknown_token"});
        const CommandResult old = scene.run({"rejects", Scene::kJob, "--older", "24h"});
        const CommandResult both = scene.run({"rejects", Scene::kJob, "--older", "24h", "--reason", "unknown_token"});
        const CommandResult wrong = scene.run({"rejects", Scene::kJob, "--older", "long"});

        assertContains("unknown_token", unknown.out);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, unknown.out.find("malformed"));
        assertContains("malformed", old.out);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, old.out.find("unknown_token"));
        assertContains("no rejects that match", both.out);
        assertExit(2, wrong);
        assertContains("expected a duration", wrong.err);
    }

    void replayWithoutAMendedCauseFails() {
        Scene scene;
        scene.offer({{.token = "unknown"}});
        scene.sync();

        const CommandResult replay = scene.run({"replay", Scene::kJob, "--all"});
        const CommandResult nobody = scene.run({"replay", Scene::kJob, "4711"});

        assertExit(1, replay);
        assertContains("unknown_token", replay.out);
        assertExit(1, nobody);
        assertContains("there is no reject 4711", nobody.out);
    }

    void tokensCleanDeletesWhatExpiredLongAgo() {
        Scene scene;
        scene.addCampaign(1, {1});
        for (int number = 0; number < 1'200; ++number)
            scene.agora().addToken("old-" + std::to_string(number), 1, 1, "2020-01-01 00:00:00");

        const RunEnd end = Scene::endOf(scene.run({"run", "tokens-clean", "--json"}));
        const RunEnd again = Scene::endOf(scene.run({"run", "tokens-clean", "--json"}));

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(1'200LL, end.counter("tokens_deleted"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("validation_tokens"));
        assertExit(0, again.command);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), again.member("outcome"));
    }

    void backlogEndsInTheStatusesThatAnIndependentCountGives() {
        constexpr int kItems = 5'000;
        Scene scene;
        scene.addBacklogTokens(0, kItems);
        scene.offerBacklog(kItems);
        // One in eleven is unknown, one in thirteen was used before, one in seventeen expired before the answer; some
        // campaigns have a validator more who never answers, some are closed.
        scene.addUsers(6, 6);
        scene.agora().execute(
            "INSERT INTO campaign_validators (campaign_id, user_id, ordre)"
            " SELECT id, 6, 6 FROM campaigns WHERE id % 7 = 0");
        scene.agora().execute("UPDATE campaigns SET statut = 'archivee' WHERE id % 19 = 0");
        std::map<int, std::string> statuses;
        int unknown = 0;
        int applied = 0;
        for (int campaign = 1; campaign <= kItems / 5; ++campaign) {
            int approvals = 0;
            bool refused = false;
            for (int number = (campaign - 1) * 5; number < campaign * 5; ++number) {
                const bool isUnknown = number % 11 == 0;
                const std::string token = "WHERE token = '" + Scene::backlogToken(number) + "'";
                if (isUnknown) scene.agora().execute("DELETE FROM validation_tokens " + token);
                if (number % 13 == 0)
                    scene.agora().execute("UPDATE validation_tokens SET used_at = '2026-01-01 00:00:00' " + token);
                if (number % 17 == 0)
                    scene.agora().execute("UPDATE validation_tokens SET expires_at = '2026-01-05 08:59:59' " + token);
                unknown += isUnknown ? 1 : 0;
                if (isUnknown || number % 13 == 0 || number % 17 == 0) continue;
                ++applied;
                if (number % 20 == 19)
                    refused = true;
                else
                    ++approvals;
            }
            const int validators = campaign % 7 == 0 ? 6 : 5;
            statuses[campaign] = campaign % 19 == 0        ? "archivee"
                                 : refused                 ? "refusee"
                                 : approvals == validators ? "validee"
                                                           : "en_validation";
        }
        scene.setJobKey("task.batch", "700");

        auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
        const long peak = peakMemory(command);
        const RunEnd end = Scene::endOf(command.wait());

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(applied), end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems), end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(unknown),
                             scene.rows("passerelle_inbox WHERE reason = 'unknown_token'"));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(applied), scene.rows("validations"));
        std::array<int, 2> wrong{};
        for (const auto& [campaign, status] : statuses)
            if (scene.agora().text("SELECT statut FROM campaigns WHERE id = " + std::to_string(campaign)) != status)
                wrong = {wrong[0] + 1, campaign};
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the last one is " + std::to_string(wrong[1]), 0, wrong[0]);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT(scene.gatewayState().largestAcknowledge <= 500);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        CPPUNIT_ASSERT_MESSAGE(std::to_string(peak) + " KiB", peak > 1'000 && peak < 64 * 1'024);
#else
        CPPUNIT_ASSERT(peak > 1'000);
#endif
    }

    void killedRunsLoseNothingAndRepeatNothing() {
        killedRunsLoseNothing(Kind::MySql);
    }
    void killedRunsLoseNothingOnSqlite() {
        killedRunsLoseNothing(Kind::Sqlite);
    }

    void terminatedRunLeavesWholeBatches() {
        constexpr int kItems = 2'000;
        Scene scene;
        scene.addBacklogTokens(0, kItems);
        scene.offerBacklog(kItems);
        scene.setJobKey("task.batch", "10");
        // 480 KB in pieces of 4 KiB: more than four seconds.
        scene.fault("drip", "pending", R"("bytes":4096,"milliseconds":40)");
        auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
        CPPUNIT_ASSERT(waitUntil([&] { return storedItems(scene) >= 100; }));

        command.signal(SIGTERM);
        const RunEnd stopped = Scene::endOf(command.wait());
        const long long stored = scene.rows("passerelle_inbox");
        const std::string halfDone = scene.findHalfDone();
        const RunEnd next = scene.sync();

        assertExit(143, stopped.command);
        assertContains("stop", stopped.member("message"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), stopped.member("outcome"));
        CPPUNIT_ASSERT_EQUAL(0LL, stored % 10);
        CPPUNIT_ASSERT(stored < kItems);
        CPPUNIT_ASSERT_EQUAL(stored, stopped.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(std::string(), halfDone);
        assertExit(0, next.command);
        CPPUNIT_ASSERT_EQUAL(kItems - stored, next.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems), scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
    }

    void secondRunAtOnceIsRefusedOrWaits() {
        Scene scene;
        offerOne(scene);
        // The first run waits for this row.
        scene.beginTransaction();
        scene.agora().text("SELECT statut FROM campaigns WHERE id = 1 FOR UPDATE");
        auto first = scene.carillon({"run", Scene::kJob, "--json"}).start();
        CPPUNIT_ASSERT(waitUntil([&] { return scene.gatewayState().requests["pending"] == 1; }));

        const CommandResult refused = scene.run({"run", Scene::kJob});
        auto waiting = scene.carillon({"run", Scene::kJob, "--json", "--wait"}).start();
        CPPUNIT_ASSERT(waitUntil([&] { return isInState(waiting.pid(), 'S'); }));
        CPPUNIT_ASSERT(!first.hasEnded());
        CPPUNIT_ASSERT(!waiting.hasEnded());
        scene.commitTransaction();
        const RunEnd firstEnd = Scene::endOf(first.wait());
        const RunEnd waitingEnd = Scene::endOf(waiting.wait());

        assertExit(75, refused);
        assertContains("is running already", refused.err);
        assertContains("--wait", refused.err);
        assertApplied(scene, firstEnd, 1);
        assertExit(0, waitingEnd.command);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), waitingEnd.member("outcome"));
        CPPUNIT_ASSERT(waitingEnd.member("started_at") >= firstEnd.member("finished_at"));
    }

    void runEndsAtItsTimeLimit() {
        Scene scene;
        offerOne(scene);
        scene.fault("slow", "pending", R"("milliseconds":60000)");

        const RunEnd end = scene.sync({"--timeout", "2s"});
        const RunEnd next = scene.sync();

        assertExit(1, end.command);
        assertNotContains("gateway", end.member("message"));
        assertNotContains("30s", end.member("message"));
        assertApplied(scene, next, 1);
    }

    void noSecretLeavesTheProgram() {
        Scene scene;
        offerOne(scene);
        scene.offer({{.token = Scene::kKey, .comment = Scene::kPassword}});
        scene.fault("slow", "pending", R"("milliseconds":100)");
        std::string said;

        auto command = scene.carillon({"run", Scene::kJob, "-v"}).start();
        waitUntil([&] {
            said += commandLines(command.pid());
            return command.hasEnded();
        });
        said += textOf(command.wait());
        scene.answerPending(std::string(R"({"success":false,"error":"no such key: )") + Scene::kKey + "\"}");
        for (const std::vector<std::string>& words : {std::vector<std::string>{"run", Scene::kJob, "--json"},
                                                      {"check", Scene::kJob},
                                                      {"rejects", Scene::kJob},
                                                      {"history", Scene::kJob, "--json"},
                                                      {"logs", Scene::kJob},
                                                      {"validate"}})
            said += textOf(scene.run(words));
        scene.setJobKey("task.database.name", "no_such_database");
        said += textOf(scene.run({"run", Scene::kJob}));

        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("validations"));
        for (const auto* folder : {"logs", "state"})
            for (const auto& file : std::filesystem::recursive_directory_iterator(scene.folder() / folder))
                if (file.is_regular_file()) said += Scene::read(file.path());
        for (const auto* secret : {Scene::kKey, Scene::kPassword}) assertNotContains(secret, said);
        assertContains("no such key: [secret]", said);
    }

    /// Stored before the key was known for one, or by whoever else writes there.
    void rejectsShowNoSecret() {
        Scene scene;
        scene.offer({{.token = "nobody"}});
        scene.sync();
        scene.agora().execute(std::string("UPDATE passerelle_inbox SET detail = 'said ") + Scene::kKey +
                              " and Y2xlLWRlLXBhc3NlcmVsbGUtN0hxMg==\u202e'");

        const std::string said =
            textOf(scene.run({"rejects", Scene::kJob})) + textOf(scene.run({"rejects", Scene::kJob, "--json"}));

        assertContains("said [secret] and [secret]", said);
        for (const auto* hidden : {Scene::kKey, "Y2xlLWRlLX", "\u202e"}) assertNotContains(hidden, said);
    }

    void aProxyThatRepeatsItsCredentialsShowsThemToNobody() {
        Scene scene;
        offerOne(scene);
        const ScriptedServer proxy([](int) {
            return ScriptedServer::Answer{http(R"({"error":"who is Basic bWU6aHVudGVyMjAwMA==, hunter2000?"})", "",
                                               "407 Proxy Authentication Required"),
                                          ScriptedServer::Then::Close};
        });
        const std::string url = "http://me:hunter2000@127.0.0.1:" + std::to_string(proxy.port());

        std::string said = textOf(scene.sync({"-v", "--set", "task.gateway.proxy=" + url}).command);
        said += textOf(scene.run({"history", Scene::kJob, "--json"})) + scene.log();

        assertContains("who is Basic bWU6[secret], [secret]?", said);
        for (const auto* secret : {"hunter2000", "aHVudGVy"}) assertNotContains(secret, said);
    }

    void noWholeTokenIsShown() {
        Scene scene;
        scene.addCampaign(1, {1, 2});
        scene.agora().execute("UPDATE validation_tokens SET used_at = '2026-01-01 00:00:00' WHERE user_id = 2");
        const std::string unknown = Scene::backlogToken(1);
        scene.offer({{.token = Scene::tokenOf(1, 1)},
                     {.token = Scene::tokenOf(1, 2)},
                     {.token = unknown, .comment = std::string(70'000, 'x')}});

        std::string said = textOf(scene.run({"run", Scene::kJob, "-v"}));
        for (const std::vector<std::string>& words : {std::vector<std::string>{"rejects", Scene::kJob},
                                                      {"rejects", Scene::kJob, "--json"},
                                                      {"replay", Scene::kJob, "--all", "-v"},
                                                      {"logs", Scene::kJob},
                                                      {"history", Scene::kJob, "--json"}})
            said += textOf(scene.run(words));
        said += scene.log();

        assertContains("token_already_used", said);
        for (const auto& token : {Scene::tokenOf(1, 1), Scene::tokenOf(1, 2), unknown}) {
            assertNotContains(token, said);
            assertNotContains(token.substr(0, 9), said);
        }
        assertContains(unknown.substr(0, 8), said);
    }

private:
    static void runBringsAnswersIntoAgora(Kind kind) {
        Scene scene(kind);
        scene.addCampaign(1, {1, 2});
        scene.addCampaign(2, {1, 2});
        scene.addCampaign(3, {1, 2});
        scene.offer({{.token = Scene::tokenOf(1, 1), .comment = "Très bien " + TestDatabase::rareCharacter()},
                     {.token = Scene::tokenOf(1, 2), .validatedAt = "2026-12-01 23:30:00"},
                     {.token = Scene::tokenOf(2, 1), .action = "refuse", .comment = "Trop cher"},
                     {.token = Scene::tokenOf(3, 1)}});

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertExit(0, result);
        assertMatches("sync-passerelle succeeded: 4 fetched, 4 applied, 4 acknowledged, \\d+\\.\\d\\d s\n", result.out);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
        auto& agora = scene.agora();
        CPPUNIT_ASSERT_EQUAL("Très bien " + TestDatabase::rareCharacter(),
                             agora.text("SELECT commentaire FROM validations WHERE campaign_id = 1 AND user_id = 1"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-02 00:30:00"),
                             agora.text("SELECT validated_at FROM validations WHERE campaign_id = 1 AND user_id = 2"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("validations WHERE commentaire IS NULL AND campaign_id = 1"));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), agora.text("SELECT statut FROM campaigns WHERE id = 1"));
        CPPUNIT_ASSERT_EQUAL(std::string("refusee"), agora.text("SELECT statut FROM campaigns WHERE id = 2"));
        CPPUNIT_ASSERT_EQUAL(std::string("en_validation"), agora.text("SELECT statut FROM campaigns WHERE id = 3"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("Validation par Prenom1 Nom1 (synchronisé depuis la passerelle)"),
            agora.text("SELECT description FROM campaign_logs WHERE campaign_id = 3 AND action = 'validated'"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("Refus par Prenom1 Nom1 (synchronisé depuis la passerelle)"),
            agora.text("SELECT description FROM campaign_logs WHERE campaign_id = 2 AND action = 'rejected'"));
        CPPUNIT_ASSERT_EQUAL(
            "Changement de statut : En validation " + TestDatabase::arrow() + " Validée",
            agora.text("SELECT description FROM campaign_logs WHERE campaign_id = 1 AND action = 'status_changed'"));
        CPPUNIT_ASSERT_EQUAL(
            "Changement de statut : En validation " + TestDatabase::arrow() + " Refusée",
            agora.text("SELECT description FROM campaign_logs WHERE campaign_id = 2 AND action = 'status_changed'"));
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"statut":"validee"})"),
            agora.text("SELECT new_values FROM campaign_logs WHERE campaign_id = 1 AND action = 'status_changed'"));
        CPPUNIT_ASSERT_EQUAL(4LL, scene.rows("validation_tokens WHERE used_at IS NOT NULL"));
        CPPUNIT_ASSERT_EQUAL(4LL, scene.rows("passerelle_inbox WHERE state = 'applied'"));
        const GatewayState gateway = scene.gatewayState();
        CPPUNIT_ASSERT_EQUAL(0LL, gateway.pending);
        CPPUNIT_ASSERT_EQUAL(4LL, gateway.synced);
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
    }

    /// Kills the run once it has stored, or had acknowledged, so many items of 600; several moments.
    static void killedRunsLoseNothing(Kind kind) {
        constexpr int kItems = 600;
        constexpr int kRounds = 4;
        Scene scene(kind);
        scene.addBacklogTokens(0, kItems);
        scene.offerBacklog(kItems);
        scene.setJobKey("task.batch", "20");
        std::mt19937 random(20261122);
        for (int round = 0; round < kRounds; ++round) {
            // No run comes to its end before it is killed: the list takes more than a second, and an acknowledgement
            // has no answer, in the last round the second one.
            const bool last = round == kRounds - 1;
            scene.control("/control/clear");
            scene.fault("drip", "pending", R"("bytes":4096,"milliseconds":40)");
            if (last) scene.fault("drip", "acknowledge");
            scene.fault("slow", "acknowledge", R"("milliseconds":60000)");
            const auto moment = (round == 0 ? 0 : storedItems(scene)) + static_cast<long long>(random() % 120);
            auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
            CPPUNIT_ASSERT(waitUntil([&] {
                if (last) return scene.gatewayState().synced > 0;
                return scene.gatewayState().requests["pending"] > round && storedItems(scene) >= moment;
            }));

            command.signal(SIGKILL);

            assertExit(137, command.wait());
        }
        scene.control("/control/clear");

        const RunEnd end = scene.sync({"--wait"});

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems), scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(100LL, end.counter("duplicate"));  // 500 were acknowledged before
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows(kUnacknowledged));
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
        assertContains("run.abandoned", scene.log());
    }

    /// 0 while there is no inbox.
    static long long storedItems(Scene& scene) {
        try {
            return scene.rows("passerelle_inbox");
        } catch (const Poco::Exception&) {
            return 0;
        }
    }

    static std::string momentOfTheAnswer(Scene& scene) {
        return scene.agora().text("SELECT validated_at FROM validations");
    }

    static Poco::JSON::Array::Ptr rejectsOf(const Scene& scene) {
        const CommandResult result = scene.run({"rejects", Scene::kJob, "--json"});
        assertExit(0, result);
        return Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Array::Ptr>();
    }

    static bool isInState(pid_t pid, char state) {
        const std::string stat = Scene::read("/proc/" + std::to_string(pid) + "/stat");
        const auto at = stat.rfind(") ");
        return at != std::string::npos && stat[at + 2] == state;
    }

    /// Of the process and its children, as anybody can read them.
    static std::string commandLines(pid_t pid) {
        const std::string process = "/proc/" + std::to_string(pid);
        std::string text = Scene::read(process + "/cmdline");
        std::istringstream children(Scene::read(process + "/task/" + std::to_string(pid) + "/children"));
        for (pid_t child = 0; children >> child;) text += commandLines(child);
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EndToEndTest);
