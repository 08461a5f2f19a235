#include "PasserelleSync.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "AgoraTestFixture.h"
#include "GatewayServer.h"
#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeFormatter.h"
#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/TemporaryFile.h"
#include "config/SourceReader.h"

using namespace passerelle;
using carillon::Check;
using carillon::CheckState;

/// The task PasserelleSync as the host calls it, with a real gateway on loopback: its five checks, and whole runs.
class PasserelleCheckTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(PasserelleCheckTest);
    CPPUNIT_TEST(fiveChecksAreGreen);
    CPPUNIT_TEST(noCheckWritesAnything);
    CPPUNIT_TEST(keysAndTokensAreShortened);
    CPPUNIT_TEST(anotherModeIsAWarning);
    CPPUNIT_TEST(missingSettingsAreRedAndKeepTheGatewayUnasked);
    CPPUNIT_TEST(aMissingModeIsRed);
    CPPUNIT_TEST(aClockThatIsWrongIsAWarning);
    CPPUNIT_TEST(aListThatLeavesOutWhatIsCountedIsAWarning);
    CPPUNIT_TEST(aWrongKeyIsRedWithWhatToDo);
    CPPUNIT_TEST(anUnreachableGatewayIsRedWithWhatToDo);
    CPPUNIT_TEST(aMaintenancePageIsRedWithWhatToDo);
    CPPUNIT_TEST(aListThatCannotBeReadIsRed);
    CPPUNIT_TEST(itemsThatWouldBeRejectedAreAWarning);
    CPPUNIT_TEST(aMissingTableIsRed);
    CPPUNIT_TEST(aDatabaseThatIsNotThereIsRed);
    CPPUNIT_TEST(runsGoByTheMode);
    CPPUNIT_TEST(aRunNamesWhatIsMissing);
    CPPUNIT_TEST(aRunBringsTheAnswersHome);
    CPPUNIT_TEST(rejectsAreListedAndReplayed);
    CPPUNIT_TEST(theKeyIsConcealedBeforeRejectsAreListed);
    CPPUNIT_TEST(anAddressWithAPasswordIsNotShown);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        AgoraTestFixture::setUp();
        std::signal(SIGPIPE, SIG_IGN);
        _file = std::make_unique<Poco::TemporaryFile>();
        startGateway(std::chrono::seconds(0));
        db().setSetting("validation_mode", "passerelle");
        db().setSetting("validation_url", _server->address());
        db().setSetting("validation_apikey", kKey);
    }
    void tearDown() override {
        _server.reset();
        _file.reset();
        AgoraTestFixture::tearDown();
    }

    void fiveChecksAreGreen() {
        addToGateway(R"({"token":"ann","action":"valide","commentaire":null,"validated_at":"2026-11-22 09:00:00"})");

        const auto checks = check();

        CPPUNIT_ASSERT_EQUAL(std::string("passed configuration\npassed connectivity\npassed pending list\n"
                                         "passed synchronisation (dry run)\npassed database"),
                             states(checks));
        for (const auto& one : checks) CPPUNIT_ASSERT_EQUAL(std::string(), one.recommendation.text);
        CPPUNIT_ASSERT_EQUAL(std::string("1 pending"), checks[2].message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("a run now would do this: 1 fetched, 1 applied"), checks[3].message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("200"), detail(checks[1], "status"));
        CPPUNIT_ASSERT_EQUAL(std::string("1.0"), detail(checks[1], "version"));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), detail(checks[4], "tokens_active"));
    }

    void noCheckWritesAnything() {
        addToGateway(R"({"token":"ann","action":"valide","commentaire":null,"validated_at":"2026-11-22 09:00:00"})");
        db().execute("DROP TABLE passerelle_inbox");
        db().execute("DROP TABLE passerelle_listing");
        db().execute("DROP TABLE passerelle_migration");
        const std::string before = everything(false);

        const auto first = check();
        const auto second = check();

        CPPUNIT_ASSERT_EQUAL(before, everything(false));
        CPPUNIT_ASSERT_EQUAL(
            0LL, isSqlite() ? db().count("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'passerelle%'")
                            : db().count("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '" +
                                         db().name() + "' AND table_name LIKE 'passerelle%'"));
        CPPUNIT_ASSERT_EQUAL(std::string("1 pending"), second[2].message.text);
        CPPUNIT_ASSERT_EQUAL(states(first), states(second));
    }

    void keysAndTokensAreShortened() {
        addToGateway(R"({"token":"5feceb66ffc86f38d952786c6d696c79","action":"valide","commentaire":"private matter",)"
                     R"("validated_at":"2026-11-22 09:00:00"})");

        const auto checks = check();

        CPPUNIT_ASSERT_EQUAL(std::string("k3y-… (18 characters)"), detail(checks[0], "key"));
        CPPUNIT_ASSERT_EQUAL(std::string("5feceb66…"), detail(checks[2], "sample_token"));
        for (const auto& text : textsOf(checks))
            for (const auto* secret : {kKey, "5feceb66f", "private"})
                CPPUNIT_ASSERT_MESSAGE(text, text.find(secret) == std::string::npos);
        CPPUNIT_ASSERT(context().concealed == std::vector<std::string>{kKey});
    }

    void anotherModeIsAWarning() {
        db().setSetting("validation_mode", "direct");

        const auto checks = check();

        CPPUNIT_ASSERT(checks[0].state == CheckState::Warning);
        CPPUNIT_ASSERT_EQUAL(std::string("the mode is 'direct', not passerelle: runs end at once with nothing to do"),
                             checks[0].message.text);
        CPPUNIT_ASSERT(!checks[0].recommendation.text.empty());
    }

    void missingSettingsAreRedAndKeepTheGatewayUnasked() {
        db().setSetting("validation_apikey", "");

        const auto checks = check();

        CPPUNIT_ASSERT_EQUAL(std::string("failed configuration\nfailed connectivity\nfailed pending list\n"
                                         "failed synchronisation (dry run)\npassed database"),
                             states(checks));
        CPPUNIT_ASSERT(checks[0].message.text.find("validation_apikey") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("not tried: the gateway's address or key is missing"), checks[1].message.text);
        requireRecommendations(checks);
    }

    void aMissingModeIsRed() {
        db().setSetting("validation_mode", "");

        const auto checks = check();

        CPPUNIT_ASSERT(checks[0].state == CheckState::Failed);
        CPPUNIT_ASSERT_EQUAL(runTask().message.text, checks[0].message.text);
        requireRecommendations(checks);
    }

    void aClockThatIsWrongIsAWarning() {
        struct Case {
            std::chrono::seconds ahead;
            std::string told;
        };
        for (const auto& c :
             std::vector<Case>{{std::chrono::seconds(60), ""},
                               {std::chrono::seconds(-60), ""},
                               {std::chrono::seconds(61), "; its clock is 61 s ahead of this machine's"},
                               {std::chrono::hours(-1), "; its clock is 3600 s behind this machine's"}}) {
            startGateway(c.ahead);
            db().setSetting("validation_url", _server->address());

            const auto checks = check();

            const std::string& message = checks[1].message.text;
            CPPUNIT_ASSERT_EQUAL(std::to_string(c.ahead.count()), detail(checks[1], "clock_skew_s"));
            CPPUNIT_ASSERT(checks[1].state == (c.told.empty() ? CheckState::Passed : CheckState::Warning));
            CPPUNIT_ASSERT_MESSAGE(message, message.ends_with(c.told) && message.find("200") != std::string::npos);
            requireRecommendations(checks);
        }
    }

    void aListThatLeavesOutWhatIsCountedIsAWarning() {
        addToGateway(R"({"token":"ann","action":"valide","commentaire":null,"validated_at":"2026-11-22 09:00:00"})");
        control("raw", R"({"body":"{\"success\":true,\"count\":0,\"data\":[]}","times":2})");

        const auto checks = check();

        CPPUNIT_ASSERT(checks[2].state == CheckState::Warning);
        CPPUNIT_ASSERT_EQUAL(std::string("0 pending, although its statistics count 1"), checks[2].message.text);
        requireRecommendations(checks);
    }

    void aWrongKeyIsRedWithWhatToDo() {
        db().setSetting("validation_apikey", "wrong");

        // Any call needs the key, so the first one fails.
        const auto checks = check();

        CPPUNIT_ASSERT_EQUAL(std::string("passed configuration\nfailed connectivity\nfailed pending list\n"
                                         "failed synchronisation (dry run)\npassed database"),
                             states(checks));
        CPPUNIT_ASSERT(checks[1].message.text.find("401") != std::string::npos);
        CPPUNIT_ASSERT(checks[1].recommendation.text.find("Parametres > Validation") != std::string::npos);
        requireRecommendations(checks);
    }

    void anUnreachableGatewayIsRedWithWhatToDo() {
        _server->stop();

        const auto checks = check();

        CPPUNIT_ASSERT(checks[1].state == CheckState::Failed);
        CPPUNIT_ASSERT(checks[1].message.text.find("takes connections, but") != std::string::npos);
        CPPUNIT_ASSERT(checks[1].recommendation.text.find("firewall") != std::string::npos);
        CPPUNIT_ASSERT(checks[4].state == CheckState::Passed);
        requireRecommendations(checks);
    }

    void aMaintenancePageIsRedWithWhatToDo() {
        addFault(R"({"name":"html","call":"health"})");

        const auto checks = check();

        CPPUNIT_ASSERT(checks[1].message.text.find("Maintenance") != std::string::npos);
        CPPUNIT_ASSERT(checks[1].recommendation.text.find("maintenance page") != std::string::npos);
        requireRecommendations(checks);
    }

    void aListThatCannotBeReadIsRed() {
        addFault(R"({"name":"wrong_type","call":"pending"})");

        const auto checks = check();

        CPPUNIT_ASSERT_EQUAL(std::string("passed configuration\npassed connectivity\nfailed pending list\n"
                                         "failed synchronisation (dry run)\npassed database"),
                             states(checks));
        CPPUNIT_ASSERT(checks[2].message.text.find("'data' is an object") != std::string::npos);
        requireRecommendations(checks);
    }

    void itemsThatWouldBeRejectedAreAWarning() {
        addToGateway(R"({"token":"nobody","action":"valide","commentaire":null,"validated_at":"2026-11-22 09:00:00"})");

        const auto checks = check();

        CPPUNIT_ASSERT(checks[3].state == CheckState::Warning);
        CPPUNIT_ASSERT(checks[3].message.text.find("1 rejected (unknown_token)") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), detail(checks[3], "rejected"));
        requireRecommendations(checks);
    }

    void aMissingTableIsRed() {
        db().execute("DROP TABLE campaign_logs");

        const auto checks = check();

        CPPUNIT_ASSERT(checks[4].state == CheckState::Failed);
        CPPUNIT_ASSERT_EQUAL(std::string("tables missing or not readable: campaign_logs"), checks[4].message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("missing"), detail(checks[4], "campaign_logs"));
        requireRecommendations(checks);
    }

    void aDatabaseThatIsNotThereIsRed() {
        const auto checks = check(
            {{"database.connection", isSqlite() ? "/no/such.db" : "host=127.0.0.1;port=1;user=u;password=hush;db=x"}});

        CPPUNIT_ASSERT_EQUAL(std::string("failed configuration\nfailed connectivity\nfailed pending list\n"
                                         "failed synchronisation (dry run)\nfailed database"),
                             states(checks));
        CPPUNIT_ASSERT_EQUAL(std::string("not tried: the settings cannot be read"), checks[1].message.text);
        for (const auto& text : textsOf(checks)) CPPUNIT_ASSERT_MESSAGE(text, text.find("hush") == std::string::npos);
        requireRecommendations(checks);
    }

    void runsGoByTheMode() {
        db().setSetting("validation_mode", "direct");
        const auto direct = runTask();
        db().setSetting("validation_mode", "");
        const auto none = runTask();
        const auto forced = runTask({{"mode", "passerelle"}});

        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), counted(direct));
        CPPUNIT_ASSERT_EQUAL(std::string("nothing to do in mode direct"), direct.message.text);
        CPPUNIT_ASSERT(none.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT(none.message.text.find("validation_mode") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing pending on the gateway"), forced.message.text);
    }

    void aRunNamesWhatIsMissing() {
        db().setSetting("validation_url", "");

        const auto report = runTask();

        CPPUNIT_ASSERT(report.outcome == carillon::Outcome::Failed);
        CPPUNIT_ASSERT(report.message.text.find("set validation_url in Agora") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing pending on the gateway"),
                             runTask({{"gateway.url", _server->address()}}).message.text);
    }

    void aRunBringsTheAnswersHome() {
        addToGateway(R"({"token":"ann","action":"valide","commentaire":"é","validated_at":"2026-11-22 09:00:00"},)"
                     R"({"token":"bob","action":"valide","commentaire":null,"validated_at":"2026-11-22 09:00:01"})");

        const auto report = runTask({{"gateway.dialect", "query"}, {"batch", "1"}});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(report.message.text, std::string("succeeded fetched=2 applied=2 acknowledged=2"),
                                     counted(report));
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), campaignStatus());
        CPPUNIT_ASSERT_EQUAL(std::string("nothing pending on the gateway"), runTask().message.text);
    }

    void rejectsAreListedAndReplayed() {
        addToGateway(R"({"token":"carl","action":"valide","commentaire":"é","validated_at":"2026-11-22 09:00:00"})");
        runTask();
        db().addToken("carl", 10, 1, "2026-12-01 00:00:00");
        PasserelleSync task;
        const carillon::ConfigSource source = sourceOf({});
        carillon::SourceReader reader(source, "task.");
        task.configure(reader);

        const auto rejects = task.rejects(context(), {});
        const auto report = task.replay(context(), {{rejects.at(0).id}});

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rejects.size());
        CPPUNIT_ASSERT_EQUAL(std::string("token carl"), rejects[0].what);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=1 applied=1"), counted(report));
        CPPUNIT_ASSERT(task.rejects(context(), {}).empty());
    }

    /// A reason that was stored may hold what the gateway has said.
    void theKeyIsConcealedBeforeRejectsAreListed() {
        PasserelleSync task;
        const carillon::ConfigSource source = sourceOf({});
        carillon::SourceReader reader(source, "task.");
        task.configure(reader);

        task.rejects(context(), {});

        CPPUNIT_ASSERT(context().concealed == std::vector<std::string>{kKey});
    }

    void anAddressWithAPasswordIsNotShown() {
        for (const std::string address : {"http://me:hunter2000@127.0.0.1/", "http:/me:hunter2000@127.0.0.1/",
                                          "http://me:hunter/2000@127.0.0.1/", "me:hunter2000@127.0.0.1"}) {
            db().setSetting("validation_url", address);

            for (const auto& text : textsOf(check()))
                CPPUNIT_ASSERT_MESSAGE(text, text.find("hunter") == std::string::npos);
        }
    }

protected:
    static constexpr const char* kKey = "k3y-0f-the-gateway";
    using Keys = std::map<std::string, std::string>;

    carillon::ConfigSource sourceOf(const Keys& keys) {
        std::map<std::string, carillon::ConfigSource::Entry> entries;
        entries["task.database.connector"] = {"", isSqlite() ? "SQLite" : "MySQL", 0};
        entries["task.database.connection"] = {"", db().connectionString(), 0};
        entries["task.database.timeout"] = {"", "5s", 0};
        for (const auto& [key, value] : keys) entries["task." + key] = {value, value, 0};
        return {"job.properties", entries};
    }
    std::vector<Check> check(const Keys& keys = {}) {
        const carillon::ConfigSource source = sourceOf(keys);
        carillon::SourceReader reader(source, "task.");
        PasserelleSync task;
        task.configure(reader);
        std::vector<Check> checks;
        task.check(context(), [&checks](const Check& check) { checks.push_back(check); });
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, checks.size());
        return checks;
    }
    carillon::RunReport runTask(const Keys& keys = {}) {
        const carillon::ConfigSource source = sourceOf(keys);
        carillon::SourceReader reader(source, "task.");
        PasserelleSync task;
        task.configure(reader);
        CPPUNIT_ASSERT(reader.faults().empty());
        return task.run(context());
    }

    /// Its clock goes ahead of the context's.
    void startGateway(std::chrono::seconds ahead) {
        _server.reset();
        const auto at =
            std::chrono::duration_cast<std::chrono::microseconds>((context().clock().now() + ahead).time_since_epoch());
        _server = std::make_unique<testgateway::GatewayServer>(testgateway::GatewayOptions{
            .database = _file->path(),
            .key = kKey,
            .port = 0,
            .date = Poco::DateTimeFormatter::format(Poco::Timestamp(at.count()), Poco::DateTimeFormat::HTTP_FORMAT)});
    }

    void addToGateway(const std::string& items) { control("items", "{\"items\":[" + items + "]}"); }
    void addFault(const std::string& fault) { control("fault", fault); }
    void control(const std::string& call, const std::string& body) {
        Poco::Net::HTTPClientSession session("127.0.0.1", _server->port());
        Poco::Net::HTTPRequest request("POST", "/control/" + call, "HTTP/1.1");
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        session.receiveResponse(response);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(body, 200, static_cast<int>(response.getStatus()));
    }

    static std::string states(const std::vector<Check>& checks) {
        std::string text;
        for (const auto& check : checks)
            text += (text.empty() ? "" : "\n") + std::string(carillon::checkStateName(check.state)) + " " + check.name;
        return text;
    }
    static std::string detail(const Check& check, const std::string& name) {
        for (const auto& [key, value] : check.details)
            if (key == name) return value;
        return "(none)";
    }
    static std::vector<std::string> textsOf(const std::vector<Check>& checks) {
        std::vector<std::string> texts;
        for (const auto& check : checks) {
            texts.push_back(check.message.text);
            texts.push_back(check.recommendation.text);
            for (const auto& [key, value] : check.details) texts.push_back(value);
        }
        return texts;
    }
    static void requireRecommendations(const std::vector<Check>& checks) {
        for (const auto& check : checks)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(check.name, check.state == CheckState::Passed,
                                         check.recommendation.text.empty());
    }

    std::unique_ptr<Poco::TemporaryFile> _file{};
    std::unique_ptr<testgateway::GatewayServer> _server{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(PasserelleCheckTest);

/// The same on a server.
class PasserelleCheckOnMySqlTest : public MySqlTestFixture<PasserelleCheckTest> {
    CPPUNIT_TEST_SUB_SUITE(PasserelleCheckOnMySqlTest, PasserelleCheckTest);
    CPPUNIT_TEST(aDatabaseElsewhereWithoutTlsIsAWarning);
    CPPUNIT_TEST_SUITE_END();

public:
    void aDatabaseElsewhereWithoutTlsIsAWarning() {
        std::string elsewhere = db().connectionString();
        // This machine under a name that does not tell so.
        const std::string near = "127.0.0.1";
        CPPUNIT_ASSERT(elsewhere.find(near) != std::string::npos);
        elsewhere.replace(elsewhere.find(near), near.size(), "0.0.0.0");

        const auto checks = check({{"database.connection", elsewhere}});
        context().lines.clear();
        runTask({{"database.connection", elsewhere}});

        CPPUNIT_ASSERT_MESSAGE(checks[4].message.text, checks[4].state == CheckState::Warning);
        CPPUNIT_ASSERT_MESSAGE(checks[4].message.text,
                               checks[4].message.text.find("is not encrypted") != std::string::npos);
        CPPUNIT_ASSERT(checks[4].recommendation.text.find("task.database.tls.ca") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(context().lines.front(),
                               context().lines.front().starts_with("database.unprotected host=0.0.0.0 "));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(PasserelleCheckOnMySqlTest);
