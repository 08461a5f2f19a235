#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/StreamCopier.h"
#include "Poco/URI.h"
#include "support/Scene.h"

using Parts = std::vector<std::string>;

namespace {

constexpr int kOffered = 3;

/// One sentence of the job, on one line, with these parts.
void assertFailure(const CommandResult& result, const Parts& parts) {
    assertExit(1, result);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(textOf(result), std::ptrdiff_t{1},
                                 std::count(result.out.begin(), result.out.end(), '\n'));
    assertContains("sync-passerelle failed: ", result.out);
    for (const auto& part : parts) assertContains(part, result.out);
}

/// One campaign of three validators; each has answered.
void offerThree(Scene& scene) {
    scene.addCampaign(1, {1, 2, 3});
    for (int user = 1; user <= kOffered; ++user)
        scene.offer({{.token = Scene::tokenOf(1, user), .comment = "Réponse " + std::to_string(user)}});
}

/// So many of the three are stored as wholes and acknowledged; the others wait.
void assertStored(Scene& scene, long long stored) {
    CPPUNIT_ASSERT_EQUAL(stored, scene.rows("validations"));
    CPPUNIT_ASSERT_EQUAL(kOffered - stored, scene.gatewayState().pending);
    CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
}

void assertNextRunCompletes(Scene& scene) {
    const RunEnd next = scene.sync();
    assertExit(0, next.command);
    assertStored(scene, kOffered);
    CPPUNIT_ASSERT_EQUAL(std::string("validee"), scene.agora().text("SELECT statut FROM campaigns WHERE id = 1"));
    CPPUNIT_ASSERT_EQUAL(0LL, scene.rows(kUnacknowledged));
}

/// The fault meets the pending list: the run fails with one sentence, and what it could not store comes next time.
void pendingFails(const std::string& fault, const Parts& parts, const std::string& more = "", long long stored = 0) {
    Scene scene;
    offerThree(scene);
    scene.fault(fault, "pending", more);

    const CommandResult result = scene.run({"run", Scene::kJob});

    assertFailure(result, parts);
    assertContains(scene.gatewayAddress(), result.out);
    assertNotContains(Scene::kKey, textOf(result));
    assertStored(scene, stored);
    assertNextRunCompletes(scene);
}

/// The fault meets the pending list and does no harm.
RunEnd pendingSucceeds(Scene& scene, const std::string& fault, const std::string& more = "") {
    offerThree(scene);
    scene.fault(fault, "pending", more);

    const RunEnd end = scene.sync();

    assertExit(0, end.command);
    CPPUNIT_ASSERT_EQUAL(3LL, end.counter("applied"));
    assertStored(scene, kOffered);
    return end;
}

/// The fault meets the acknowledgement: all is stored, the run fails, and the next one acknowledges.
void acknowledgeFails(const std::string& fault, const Parts& parts, const std::string& more = "") {
    Scene scene;
    offerThree(scene);
    scene.fault(fault, "acknowledge", more);

    const CommandResult result = scene.run({"run", Scene::kJob});

    assertFailure(result, parts);
    assertContains(scene.gatewayAddress(), result.out);
    assertContains("will be acknowledged by the next run", result.out);
    CPPUNIT_ASSERT_EQUAL(3LL, scene.rows("validations"));
    CPPUNIT_ASSERT_EQUAL(3LL, scene.gatewayState().pending);
    CPPUNIT_ASSERT_EQUAL(3LL, scene.rows(kUnacknowledged));
    assertNextRunCompletes(scene);
}

/// The database is not what it should be: nothing is lost, and with the cause mended all comes.
void databaseFails(const std::string& key, const std::string& wrong, const Parts& parts) {
    Scene scene;
    offerThree(scene);

    const CommandResult result = scene.run({"run", Scene::kJob, "--set", key + "=" + wrong});

    assertFailure(result, parts);
    CPPUNIT_ASSERT_EQUAL(3LL, scene.gatewayState().pending);
    assertNextRunCompletes(scene);
}

/// `carillon run` leaves with 2 and names each part on stderr.
void assertRefused(const CommandResult& result, const Parts& parts) {
    assertExit(2, result);
    CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
    for (const auto& part : parts) assertContains(part, result.err);
}

std::string lineOf(const std::filesystem::path& file, const std::string& key) {
    const std::string text = Scene::read(file);
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(key)), '\n');
    return file.string() + ":" + std::to_string(lines + 1) + ": " + key;
}

}  // namespace

/// Whatever comes from outside, the run ends with a sentence, and nothing is lost or half done.
class BadInputTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BadInputTest);
    CPPUNIT_TEST(maintenancePageIsQuoted);
    CPPUNIT_TEST(phpWarningIsQuotedAndDoesNoHarm);
    CPPUNIT_TEST(wrongKeyIsToldWithTheSettingToCorrect);
    CPPUNIT_TEST(serverErrorIsTold);
    CPPUNIT_TEST(unavailableServerIsTold);
    CPPUNIT_TEST(tooManyRequestsTellWhenToComeBack);
    CPPUNIT_TEST(slowAnswerEndsAtTheTimeout);
    CPPUNIT_TEST(drippingAnswerIsRead);
    CPPUNIT_TEST(stalledAnswerEndsAtTheTimeout);
    CPPUNIT_TEST(cutAnswersLeaveTheWholeItems);
    CPPUNIT_TEST(cutChunkedAnswersLeaveTheWholeItems);
    CPPUNIT_TEST(resetConnectionLeavesTheWholeItems);
    CPPUNIT_TEST(answerThatIsNoJsonIsQuoted);
    CPPUNIT_TEST(listThatIsAnObjectIsRefused);
    CPPUNIT_TEST(answerThatIsAListIsRefused);
    CPPUNIT_TEST(badUtf8HarmsItsOwnItemOnly);
    CPPUNIT_TEST(redirectIsNamedAndNotFollowed);
    CPPUNIT_TEST(errorOfTheGatewayIsPassedOn);
    CPPUNIT_TEST(wrongCountFailsAfterStoring);
    CPPUNIT_TEST(itemListedTwiceCountsOnce);
    CPPUNIT_TEST(reversedListIsTaken);
    CPPUNIT_TEST(missingEndFailsAfterStoring);
    CPPUNIT_TEST(emptyAnswerIsTold);
    CPPUNIT_TEST(hugeCommentOfAStrangerHarmsNoOther);
    CPPUNIT_TEST(numbersMayBeTexts);
    CPPUNIT_TEST(droppedConnectionIsTold);
    CPPUNIT_TEST(closedPortIsTold);
    CPPUNIT_TEST(wrongHostNameIsTold);
    CPPUNIT_TEST(addressThatIsNoUrlIsTold);
    CPPUNIT_TEST(wrongPathIsTold);
    CPPUNIT_TEST(acknowledgeAnsweredByAPageFails);
    CPPUNIT_TEST(acknowledgeAnsweredByAnErrorFails);
    CPPUNIT_TEST(acknowledgeWithoutSuccessFails);
    CPPUNIT_TEST(acknowledgeWithoutAnAnswerFails);
    CPPUNIT_TEST(acknowledgeThatTakesTooLongFails);
    CPPUNIT_TEST(lostAnswerToAnAcknowledgeIsNoLoss);
    CPPUNIT_TEST(brokenStatisticsAreNoFailure);
    CPPUNIT_TEST(wrongAddressOfTheDatabaseIsTold);
    CPPUNIT_TEST(wrongPasswordIsToldAndNotShown);
    CPPUNIT_TEST(unknownDatabaseIsTold);
    CPPUNIT_TEST(missingTableIsTold);
    CPPUNIT_TEST(userWhoMayOnlyReadIsTold);
    CPPUNIT_TEST(databaseThatGoesAwayIsTold);
    CPPUNIT_TEST(unknownZoneIsTold);
    CPPUNIT_TEST(unknownKeyIsRefusedWithTheNearestOne);
    CPPUNIT_TEST(everyFaultOfAFileIsNamed);
    CPPUNIT_TEST(missingFilesAreRefused);
    CPPUNIT_TEST(unknownJobIsRefusedWithTheNearestOne);
    CPPUNIT_TEST(secretThatOthersReadIsRefused);
    CPPUNIT_TEST(badItemsArePutAsideWithTheirReasons);
    CPPUNIT_TEST(longCommentIsCutInAgoraAndKeptInTheInbox);
    CPPUNIT_TEST(strangeCommentsAreStoredAsTheyAre);
    CPPUNIT_TEST(nullBytesHarmTheirItemAtMost);
    CPPUNIT_TEST(secondDifferentAnswerForATokenIsPutAside);
    CPPUNIT_TEST(wrongDatabaseOpensTheSafetyValve);
    CPPUNIT_TEST_SUITE_END();

public:
    void maintenancePageIsQuoted() { pendingFails("html", {"not JSON", "Site en maintenance"}); }
    void phpWarningIsQuotedAndDoesNoHarm() {
        Scene scene;
        const RunEnd end = pendingSucceeds(scene, "php_warning");
        assertContains("warning: before the JSON the answer says: Warning : PDO::query()", end.command.err);
    }
    void wrongKeyIsToldWithTheSettingToCorrect() {
        pendingFails("unauthorized", {"401", "the API key is wrong", "validation_apikey"});
    }
    void serverErrorIsTold() { pendingFails("status", {"500", "Erreur provoquée par le test"}, R"("status":500)"); }
    void unavailableServerIsTold() { pendingFails("status", {"503"}, R"("status":503)"); }
    void tooManyRequestsTellWhenToComeBack() {
        pendingFails("too_many", {"429", "after 7200 s"}, R"("retryAfter":7200)");
    }

    void slowAnswerEndsAtTheTimeout() {
        Scene scene;
        offerThree(scene);
        scene.setJobKey("task.gateway.timeout", "300ms");
        scene.fault("slow", "pending", R"("milliseconds":60000)");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {scene.gatewayAddress(), "no answer within 300ms"});
        assertStored(scene, 0);
        scene.setJobKey("task.gateway.timeout", "");
        assertNextRunCompletes(scene);
    }

    void drippingAnswerIsRead() {
        Scene scene;
        scene.setJobKey("task.gateway.timeout", "5s");
        pendingSucceeds(scene, "drip", R"("bytes":7,"milliseconds":2)");
    }

    void stalledAnswerEndsAtTheTimeout() {
        Scene scene;
        offerThree(scene);
        scene.setJobKey("task.gateway.timeout", "300ms");
        const std::size_t bytes = pendingList(scene).find("\"id\":3");
        scene.fault("drip", "pending", R"("milliseconds":60000,"bytes":)" + std::to_string(bytes));

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {scene.gatewayAddress(), "sent nothing more of it for 300ms", "2 acknowledged"});
        assertStored(scene, 2);
        scene.setJobKey("task.gateway.timeout", "");
        assertNextRunCompletes(scene);
    }

    void cutAnswersLeaveTheWholeItems() { cutAnswers(R"("chunked":false)"); }
    void cutChunkedAnswersLeaveTheWholeItems() { cutAnswers(R"("chunked":true)"); }
    void resetConnectionLeavesTheWholeItems() {
        Scene scene;
        offerThree(scene);
        scene.fault("cut", "pending", R"("reset":true,"afterBytes":100)");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {scene.gatewayAddress()});
        assertStored(scene, 0);
        assertNextRunCompletes(scene);
    }

    void answerThatIsNoJsonIsQuoted() { pendingFails("not_json", {"not JSON", "Allowed memory size"}); }
    void listThatIsAnObjectIsRefused() { pendingFails("wrong_type", {"'data' is an object, expected a list"}); }
    void answerThatIsAListIsRefused() {
        pendingFails("wrong_type", {"the answer is a list, expected an object"}, R"("variant":"array")");
    }

    void badUtf8HarmsItsOwnItemOnly() {
        Scene scene;
        offerThree(scene);
        scene.fault("bad_utf8", "pending");

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(2LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(3LL, end.counter("acknowledged"));
        assertContains("rejected as malformed: the item is no valid JSON: invalid UTF-8", end.command.err);
        CPPUNIT_ASSERT_EQUAL(2LL, scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
    }

    void redirectIsNamedAndNotFollowed() {
        pendingFails("redirect", {"302", "a redirect to https://elsewhere.example/agora", "validation_url"},
                     R"("location":"https://elsewhere.example/agora")");
    }
    void errorOfTheGatewayIsPassedOn() {
        pendingFails("success_false", {"the gateway reports an error", "La base de la passerelle est verrouillée"});
    }
    void wrongCountFailsAfterStoring() {
        pendingFails("count_wrong", {"announces 4 items and lists 3", "3 acknowledged"}, "", kOffered);
    }

    void itemListedTwiceCountsOnce() {
        Scene scene;

        const RunEnd end = pendingSucceeds(scene, "duplicate");

        CPPUNIT_ASSERT_EQUAL(6LL, end.counter("fetched"));
        CPPUNIT_ASSERT_EQUAL(3LL, end.counter("duplicate"));
        CPPUNIT_ASSERT_EQUAL(3LL, scene.rows("passerelle_inbox"));
    }

    void reversedListIsTaken() {
        Scene scene;
        pendingSucceeds(scene, "reversed");
    }

    void missingEndFailsAfterStoring() {
        pendingFails("missing_end", {"ends in the middle", "3 acknowledged"}, "", kOffered);
    }
    void emptyAnswerIsTold() { pendingFails("empty_body", {"the answer is empty, expected JSON"}); }

    void hugeCommentOfAStrangerHarmsNoOther() {
        Scene scene;
        offerThree(scene);
        scene.fault("big_string", "pending", R"("bytes":30000000)");

        auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
        const long peak = peakMemory(command);
        const RunEnd end = Scene::endOf(command.wait());

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(3LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(1LL, end.counter("rejected"));
        CPPUNIT_ASSERT_EQUAL(4LL, end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(1LL,
                             scene.rows("passerelle_inbox WHERE reason = 'unknown_token' AND LENGTH(payload) < 70000"));
        assertStored(scene, kOffered);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        CPPUNIT_ASSERT_MESSAGE(std::to_string(peak) + " KiB", peak > 1'000 && peak < 64 * 1'024);
#else
        CPPUNIT_ASSERT(peak > 1'000);
#endif
    }

    void numbersMayBeTexts() {
        Scene scene;
        scene.fault("string_numbers", "acknowledge");
        scene.fault("string_numbers", "stats");

        const RunEnd end = pendingSucceeds(scene, "string_numbers");

        CPPUNIT_ASSERT_EQUAL(0LL, end.counter("pending_after"));
    }

    void droppedConnectionIsTold() {
        pendingFails("refused_connection_after_accept", {"takes connections, but", "without an answer"});
    }

    void closedPortIsTold() {
        Scene scene;
        offerThree(scene);
        scene.setSetting("validation_url", "http://127.0.0.1:1/agora");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {"http://127.0.0.1:1/agora", "cannot be reached", "refused"});
        scene.setSetting("validation_url", scene.gatewayAddress());
        assertNextRunCompletes(scene);
    }

    void wrongHostNameIsTold() {
        Scene scene;
        offerThree(scene);
        scene.setSetting("validation_url", "http://passerelle.invalid/agora");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {"http://passerelle.invalid/agora", "cannot be reached"});
        scene.setSetting("validation_url", scene.gatewayAddress());
        assertNextRunCompletes(scene);
    }

    void addressThatIsNoUrlIsTold() {
        Scene scene;
        offerThree(scene);
        scene.setSetting("validation_url", "passerelle.example.com");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {"'passerelle.example.com' is no URL", "https://HOST/PATH"});
        scene.setSetting("validation_url", scene.gatewayAddress());
        assertNextRunCompletes(scene);
    }

    void wrongPathIsTold() {
        Scene scene;
        offerThree(scene);
        scene.setSetting("validation_url", scene.gatewayAddress() + "/wrong");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {scene.gatewayAddress() + "/wrong", "404", "validation_url"});
        scene.setSetting("validation_url", scene.gatewayAddress());
        assertNextRunCompletes(scene);
    }

    void acknowledgeAnsweredByAPageFails() {
        acknowledgeFails("html", {"Site en maintenance"});
    }
    void acknowledgeAnsweredByAnErrorFails() {
        acknowledgeFails("status", {"503"}, R"("status":503)");
    }
    void acknowledgeWithoutSuccessFails() {
        acknowledgeFails("success_false", {"verrouillée"});
    }
    void acknowledgeWithoutAnAnswerFails() {
        acknowledgeFails("empty_body", {"sync-completed"});
    }

    void acknowledgeThatTakesTooLongFails() {
        Scene scene;
        offerThree(scene);
        scene.setJobKey("task.gateway.timeout", "300ms");
        scene.fault("slow", "acknowledge", R"("milliseconds":60000,"times":2)");

        const CommandResult result = scene.run({"run", Scene::kJob});
        scene.control("/control/clear");

        assertFailure(result, {scene.gatewayAddress(), "no answer within 300ms"});
        CPPUNIT_ASSERT_EQUAL(3LL, scene.rows("validations"));
        scene.setJobKey("task.gateway.timeout", "");
        assertNextRunCompletes(scene);
    }

    /// The gateway did what it was asked; only its answer was lost, twice.
    void lostAnswerToAnAcknowledgeIsNoLoss() {
        Scene scene;
        offerThree(scene);
        scene.fault("lost_answer", "acknowledge", R"("times":2)");

        const CommandResult result = scene.run({"run", Scene::kJob});
        const long long pending = scene.gatewayState().pending;

        assertFailure(result, {scene.gatewayAddress(), "sync-completed"});
        CPPUNIT_ASSERT_EQUAL(0LL, pending);
        CPPUNIT_ASSERT_EQUAL(3LL, scene.rows(kUnacknowledged));
        assertNextRunCompletes(scene);
    }

    void brokenStatisticsAreNoFailure() {
        Scene scene;
        offerThree(scene);
        scene.fault("wrong_type", "stats");

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(-1LL, end.counter("pending_after"));
        assertStored(scene, kOffered);
    }

    void wrongAddressOfTheDatabaseIsTold() {
        databaseFails("task.database.port", "1", {"127.0.0.1:1", "task.database"});
    }

    void wrongPasswordIsToldAndNotShown() {
        Scene scene;
        offerThree(scene);
        scene.write("jobs/database.password", "falsches-Passwort\n", true);

        const CommandResult result = scene.run({"run", Scene::kJob, "-v"});

        assertFailure(result, {"Access denied", "task.database"});
        assertNotContains("falsches-Passwort", textOf(result) + scene.log());
        CPPUNIT_ASSERT_EQUAL(3LL, scene.gatewayState().pending);
        scene.write("jobs/database.password", Scene::kPassword, true);
        assertNextRunCompletes(scene);
    }

    void unknownDatabaseIsTold() {
        databaseFails("task.database.name", "no_such_agora", {"no_such_agora", "task.database"});
    }

    void missingTableIsTold() {
        Scene scene;
        offerThree(scene);
        scene.agora().execute("RENAME TABLE campaign_logs TO campaign_logs_away");

        const CommandResult result = scene.run({"run", Scene::kJob});
        scene.agora().execute("RENAME TABLE campaign_logs_away TO campaign_logs");

        assertFailure(result, {"the database lacks tables, or hides them from this user: campaign_logs"});
        assertStored(scene, 0);
        assertNextRunCompletes(scene);
    }

    void userWhoMayOnlyReadIsTold() {
        Scene scene;
        offerThree(scene);
        const std::string schema = scene.agora().name() + ".* ";
        scene.agora().execute("REVOKE ALL ON " + schema + "FROM '" + scene.user() + "'");
        scene.agora().execute("GRANT SELECT ON " + schema + "TO '" + scene.user() + "'");

        const CommandResult result = scene.run({"run", Scene::kJob});
        scene.agora().execute("GRANT ALL ON " + schema + "TO '" + scene.user() + "'");

        assertFailure(result, {"command denied to user '" + scene.user() + "'", "(error 1142)"});
        assertNotContains("mysql_stmt", result.out);
        CPPUNIT_ASSERT_EQUAL(3LL, scene.gatewayState().pending);
        assertNextRunCompletes(scene);
    }

    /// The session is killed between two batches; the run opens another one.
    void databaseThatGoesAwayIsTold() {
        Scene scene;
        offerThree(scene);
        scene.beginTransaction();
        scene.agora().text("SELECT statut FROM campaigns WHERE id = 1 FOR UPDATE");
        auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
        std::string session;
        CPPUNIT_ASSERT(waitUntil([&] {
            session = scene.agora().text("SELECT MIN(id) FROM information_schema.processlist WHERE db = '" +
                                         scene.agora().name() +
                                         "' AND id <> CONNECTION_ID() AND info LIKE '%campaigns%FOR UPDATE%'");
            return !session.empty();
        }));

        scene.agora().execute("KILL " + session);
        scene.commitTransaction();
        const RunEnd end = Scene::endOf(command.wait());

        assertExit(0, end.command);
        assertContains("database.retried", scene.log());
        assertStored(scene, kOffered);
    }

    void unknownZoneIsTold() {
        Scene scene;
        offerThree(scene);
        scene.setSetting("app_timezone", "Europe/Pariss");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertFailure(result, {"Europe/Pariss", "Europe/Paris"});
        CPPUNIT_ASSERT_EQUAL(3LL, scene.gatewayState().pending);
        scene.setSetting("app_timezone", "Europe/Paris");
        assertNextRunCompletes(scene);
    }

    void unknownKeyIsRefusedWithTheNearestOne() {
        Scene scene;
        scene.setJobKey("task.gatway.url", "http://127.0.0.1");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertRefused(
            result, {"carillon: error: ", lineOf(scene.jobFile(), "task.gatway.url"), "did you mean task.gateway.url"});
    }

    void everyFaultOfAFileIsNamed() {
        Scene scene;
        scene.setJobKey("task.gateway.timeout", "5");
        scene.setJobKey("task.batch", "0");
        scene.setJobKey("task.rejects.max_ratio", "2");
        scene.setJobKey("task.gateway.dialect", "soap");

        const CommandResult result = scene.run({"run", Scene::kJob});

        for (const auto* key : {"task.gateway.timeout = 5", "task.batch = 0", "task.rejects.max_ratio = 2",
                                "task.gateway.dialect = soap"})
            assertRefused(result, {lineOf(scene.jobFile(), key)});
        assertContains("expected a duration such as 30s", result.err);
        assertContains("path, query", result.err);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{4}, std::count(result.err.begin(), result.err.end(), '\n'));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().requests["pending"]);
    }

    void missingFilesAreRefused() {
        Scene scene;
        const std::string missing = (scene.folder() / "missing.properties").string();
        scene.setJobKey("task.gateway.key.file", "missing.key");

        const CommandResult noHost = Command({CARILLON_TEST_PROGRAM, "--config", missing, "run", Scene::kJob}).run();
        const CommandResult noKey = scene.run({"run", Scene::kJob});

        assertRefused(noHost, {missing, "No such file"});
        assertRefused(noKey, {lineOf(scene.jobFile(), "task.gateway.key.file"), "missing.key"});
    }

    void unknownJobIsRefusedWithTheNearestOne() {
        Scene scene;

        const CommandResult near = scene.run({"run", "sync-passerele"});
        const CommandResult far = scene.run({"run", "nothing-like-it-at-all"});

        assertRefused(near, {"there is no job sync-passerele", "did you mean sync-passerelle?"});
        assertRefused(far, {"there is no job nothing-like-it-at-all", "sync-passerelle, tokens-clean"});
    }

    void secretThatOthersReadIsRefused() {
        Scene scene;
        const auto file = scene.write("jobs/gateway.key", std::string(Scene::kKey) + "\n");
        scene.setJobKey("task.gateway.key.file", "gateway.key");

        const CommandResult result = scene.run({"run", Scene::kJob});

        assertRefused(result,
                      {lineOf(scene.jobFile(), "task.gateway.key.file"), "chmod o-rwx '" + file.string() + "'"});
        assertNotContains(Scene::kKey, result.err);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().requests["pending"]);
    }

    void badItemsArePutAsideWithTheirReasons() {
        Scene scene;
        offerThree(scene);
        const std::vector<std::pair<Answer, std::string>> bad{
            {{.token = "nobody-s-token"}, "unknown_token"},
            {{.token = std::string(64, 'f')}, "unknown_token"},
            {{.token = std::string(5'000, 't')}, "unknown_token"},
            {{.token = ""}, "malformed"},
            {{.token = "malformed-1", .action = "peut-être"}, "malformed"},
            {{.token = "malformed-2", .action = ""}, "malformed"},
            {{.token = "malformed-3", .action = std::string(3'000, 'a')}, "malformed"},
            {{.token = "malformed-4", .validatedAt = "2026-02-29 10:00:00"}, "malformed"},
            {{.token = "malformed-5", .validatedAt = "2026-04-31 10:00:00"}, "malformed"},
            {{.token = "malformed-6", .validatedAt = "2026-01-01 24:00:01"}, "malformed"},
            {{.token = "malformed-7", .validatedAt = "0000-00-00 00:00:00"}, "malformed"},
            {{.token = "malformed-8", .validatedAt = "hier"}, "malformed"},
            {{.token = "malformed-9", .validatedAt = ""}, "malformed"},
            {{.token = "'; DROP TABLE validations; --"}, "unknown_token"},
            {{.token = "jeton à accent 🎈"}, "unknown_token"},
        };
        for (const auto& [answer, reason] : bad) scene.offer({answer});
        scene.setJobKey("task.rejects.max_ratio", "1");
        scene.control("/control/items",
                      R"({"items":[{"token":42,"action":"valide","validated_at":"2026-01-01 10:00:00"},
            {"token":null,"action":null,"validated_at":null},{}]})");

        const RunEnd end = scene.sync();
        const RunEnd next = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(3LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(bad.size()) + 3, end.counter("rejected"));
        for (const auto& [answer, reason] : bad) {
            if (answer.token.size() > 64 || answer.token.find('\'') != std::string::npos) continue;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                answer.token, reason,
                scene.agora().text("SELECT reason FROM passerelle_inbox WHERE payload LIKE '%\"" + answer.token +
                                   "\"%' ORDER BY id LIMIT 1"));
        }
        CPPUNIT_ASSERT_EQUAL(5LL, scene.rows("passerelle_inbox WHERE reason = 'unknown_token'"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(3LL, scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
        CPPUNIT_ASSERT_EQUAL(0LL, next.counter("fetched"));
    }

    void longCommentIsCutInAgoraAndKeptInTheInbox() {
        Scene scene;
        scene.addCampaign(1, {1});
        std::string comment;
        while (comment.size() < 70'000) comment += "é";
        scene.offer({{.token = Scene::tokenOf(1, 1), .comment = comment}});

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(1LL, end.counter("applied"));
        assertContains("cut in Agora", end.command.err);
        const long long stored = scene.agora().count("SELECT LENGTH(commentaire) FROM validations");
        CPPUNIT_ASSERT(stored > 65'500 && stored <= 65'535);
        CPPUNIT_ASSERT_EQUAL(std::string("éé…"), scene.agora().text("SELECT RIGHT(commentaire, 3) FROM validations"));
        CPPUNIT_ASSERT_EQUAL(
            35'000LL,
            scene.agora().count("SELECT CHAR_LENGTH(JSON_VALUE(payload, '$.commentaire')) FROM passerelle_inbox"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
    }

    void strangeCommentsAreStoredAsTheyAre() {
        const std::vector<std::string> comments{"🎉👩‍👩‍👧 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
                                                "'); DELETE FROM users; --",
                                                "back\\slash \\' and \"quotes\"",
                                                "a\tb\nc\rd\x01\x1f\x7f",
                                                "%s %n ${system.env.HOME} ?",
                                                "",
                                                "<script>alert(1)</script>",
                                                "\xe2\x80\xae verkehrt"};
        Scene scene;
        for (int number = 0; number < static_cast<int>(comments.size()); ++number) {
            scene.addCampaign(number + 1, {1});
            scene.offer(
                {{.token = Scene::tokenOf(number + 1, 1), .comment = comments[static_cast<std::size_t>(number)]}});
        }

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        for (int number = 0; number < static_cast<int>(comments.size()); ++number)
            CPPUNIT_ASSERT_EQUAL(comments[static_cast<std::size_t>(number)],
                                 scene.agora().text("SELECT commentaire FROM validations WHERE campaign_id = " +
                                                    std::to_string(number + 1)));
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
    }

    void nullBytesHarmTheirItemAtMost() {
        Scene scene;
        scene.addCampaign(1, {1, 2});
        const auto item = [](int id, const std::string& token, const std::string& comment) {
            return R"({"id":)" + std::to_string(id) + R"(,"token":")" + token +
                   R"(","action":"valide","commentaire":")" + comment + R"(","validated_at":"2026-06-15 10:00:00"})";
        };
        scene.answerPending(R"({"success":true,"count":3,"data":[)" + item(1, Scene::tokenOf(1, 1), "vor\\u0000nach") +
                            "," + item(2, Scene::tokenOf(1, 2), "gut") + "," + item(3, "to\\u0000ken", "schlecht") +
                            "]}");

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(3LL, end.counter("fetched"));
        CPPUNIT_ASSERT_EQUAL(3LL, end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("validations WHERE user_id = 2 AND commentaire = 'gut'"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("passerelle_inbox WHERE state = 'rejected'"));
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
    }

    void secondDifferentAnswerForATokenIsPutAside() {
        Scene scene;
        scene.addCampaign(1, {1});
        scene.offer({{.token = Scene::tokenOf(1, 1)}});
        scene.sync();
        scene.control("/control/reset");
        scene.offer({{.token = Scene::tokenOf(1, 1), .action = "refuse"}});

        const RunEnd end = scene.sync();

        assertExit(0, end.command);
        CPPUNIT_ASSERT_EQUAL(1LL, end.counter("rejected"));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), scene.agora().text("SELECT statut FROM campaigns"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("passerelle_inbox WHERE reason = 'conflicting_answer'"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
    }

    void wrongDatabaseOpensTheSafetyValve() {
        Scene scene;
        scene.offerBacklog(40);

        const CommandResult result = scene.run({"run", Scene::kJob});
        const CommandResult forced = scene.run({"run", Scene::kJob, "--set", "task.rejects.max_ratio=1"});

        assertFailure(result, {"safety valve", "unknown_token", "task.rejects.max_ratio", "nothing was acknowledged"});
        assertExit(0, forced);
        CPPUNIT_ASSERT_EQUAL(40LL, scene.rows("passerelle_inbox WHERE state = 'rejected'"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
    }

private:
    /// The answer as the gateway gives it now.
    static std::string pendingList(Scene& scene) {
        const Poco::URI address(scene.gatewayAddress());
        Poco::Net::HTTPClientSession session(address.getHost(), address.getPort());
        Poco::Net::HTTPRequest request("GET", address.getPath() + "/api.php/pending-validations", "HTTP/1.1");
        request.set("Authorization", std::string("Bearer ") + Scene::kKey);
        session.sendRequest(request);
        Poco::Net::HTTPResponse response;
        std::string body;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
        return body;
    }

    static void cutAnswers(const std::string& how) {
        Scene scene;
        offerThree(scene);
        const std::string whole = pendingList(scene);
        const std::size_t first = whole.find('}');
        long long stored = 0;
        for (const std::size_t bytes :
             {std::size_t{0}, std::size_t{1}, std::size_t{30}, first, first + 1, first + 40}) {
            scene.fault("cut", "pending", how + R"(,"afterBytes":)" + std::to_string(bytes));

            const CommandResult result = scene.run({"run", Scene::kJob});

            // What is acknowledged is not in the list any more: at most one item more a time.
            if (bytes > first) ++stored;
            assertFailure(result, {scene.gatewayAddress()});
            assertStored(scene, stored);
        }
        assertNextRunCompletes(scene);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(BadInputTest);
