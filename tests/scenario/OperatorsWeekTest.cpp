#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "Poco/JSON/Parser.h"
#include "Poco/Net/HTTPClientSession.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPResponse.h"
#include "Poco/StreamCopier.h"
#include "SmallDisk.h"
#include "support/Certificate.h"
#include "support/MailServer.h"
#include "support/Scene.h"
#include "support/TestSkipped.h"
#include "support/WebhookSink.h"

/// A host and its operator, whose world goes wrong day after day: whatever he looks at says the same, with what to do,
/// and nothing stays red or green that should not.
class OperatorsWeekTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OperatorsWeekTest);
    CPPUNIT_TEST(eachDayIsToldAlikeEverywhere);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _scene = std::make_unique<Scene>();
        _sink = std::make_unique<WebhookSink>();
        _mail = std::make_unique<MailServer>(_scene->folder(), "starttls");
        try {
            _disk = std::make_unique<SmallDisk>(8);
        } catch (const TestSkipped&) {  // the rest of the week is worth it
        }
        _scene->write(
            "carillon.properties",
            "plugins.dir = " CARILLON_TEST_PLUGINS
            "\nhost.name = test-host\nhttp.address = 127.0.0.1:0\n"
            "http.url = https://carillon.example\njobs.enabled = sync-passerelle\nhost.timezone = Europe/Paris\n"
            "alerts.late = 1s\nalerts.webhook.url = " +
                _sink->url() + "\n" + mailKeys() +
                (_disk ? "state.dir = " + _disk->folder().string() + "/state\n" : ""),
            true);
        _scene->addCampaign(1, {1, 2, 3, 4, 5, 6});
    }
    void tearDown() override {
        _host.reset();
        _mail.reset();
        _sink.reset();
        _scene.reset();
        _disk.reset();
    }

    void eachDayIsToldAlikeEverywhere() {
        start();
        sunday();
        theGatewayIsDown();
        theKeyWasChanged();
        theCertificateExpired();
        answersArePutAside();
        theDatabaseHasMoved();
        theDiskIsFull();
        theHostWasStoppedOverNight();
    }

private:
    void sunday() {
        answer(1);
        assertExit(0, sync());
        requireGreen("Sunday");
    }

    void theGatewayIsDown() {
        answer(2);
        _scene->fault("refused_connection_after_accept", "any", "\"times\":-1");
        assertExit(1, sync());
        requireRed("failed", "the gateway ", "failed");
        assertExit(1, sync());
        requireRed("failed", "has failed 2 times in ", "");

        _scene->control("/control/clear");
        assertExit(0, sync());
        requireGreen("the gateway is back", "recovered");
    }

    void theKeyWasChanged() {
        _scene->setSetting("validation_apikey", "another");
        assertExit(1, sync());
        requireRed("failed", "see validation_apikey in Agora, or task.gateway.key", "failed");

        _scene->setSetting("validation_apikey", Scene::kKey);
        assertExit(0, sync());
        requireGreen("the key is right", "recovered");
    }

    void theCertificateExpired() {
        const auto authority = makeAuthority(_scene->folder(), "authority");
        const auto serve = [&](const std::string& name, int days) {
            const auto made = makeSigned(_scene->folder(), name, authority, "IP:127.0.0.1", days);
            _scene->listenByTls({made.file, made.key});
            _scene->setSetting("validation_url", _scene->tlsAddress());
        };
        _scene->setJobKey("task.gateway.ca", authority.file);
        assertExit(0, _scene->run({"reload"}));
        serve("expired", -1);
        assertExit(1, sync());
        requireRed("failed", "its certificate has expired; have it renewed at the gateway", "failed");

        serve("renewed", 2);
        answer(6);
        assertExit(0, sync());
        requireGreen("the certificate was renewed", "recovered");
    }

    void answersArePutAside() {
        answer(3);
        _scene->offer({{.token = "nobody"}});
        assertExit(0, sync());
        requireRed("rejects", "has 1 reject open; see carillon rejects sync-passerelle", "rejects");
        assertExit(0, sync());
        requireRed("rejects", "has 1 reject open", "");  // a run with nothing to do makes nobody forget it

        assertExit(1, _scene->run({"replay", Scene::kJob, "--all"}));
        requireRed("rejects", "has 1 reject open", "");  // a replay in vain is no failure of the job
        _scene->agora().addToken("nobody", 1, 4, "2027-01-01 00:00:00");
        assertExit(0, _scene->run({"replay", Scene::kJob, "--all"}));
        requireGreen("the reject was replayed");
    }

    void theDatabaseHasMoved() {
        const std::string port = requireEnvironment("CARILLON_TEST_MYSQL_PORT");
        _scene->setJobKey("task.database.port", "1");
        assertExit(0, _scene->run({"reload"}));
        assertExit(1, sync());
        requireRed("failed", "cannot open the database ", "failed");

        _scene->setJobKey("task.database.port", port);
        assertExit(0, _scene->run({"reload"}));
        answer(5);
        assertExit(0, sync());
        requireGreen("the database was found", "recovered");
    }

    void theDiskIsFull() {
        if (!_disk) return;
        _disk->fill();
        const auto refused = sync();
        assertExit(1, refused);
        const std::string words = "its disk is full; free some space";
        assertContains(words, refused.err);
        CPPUNIT_ASSERT(waitUntil([&] { return _scene->run({"status"}).err.find(words) != std::string::npos; }));
        assertExit(1, _scene->run({"status"}));
        waitForRest(words);
        assertContains("Needs attention", get("/"));
        assertContains(words, get("/"));
        assertContains("carillon_store_up 0", get("/metrics"));
        requireAlert("host", words);

        _disk->makeSpace();
        CPPUNIT_ASSERT(waitUntil([&] { return _scene->run({"status"}).exitCode == 0; }));
        assertExit(0, sync());
        requireGreen("there is room again", "host");
    }

    void theHostWasStoppedOverNight() {
        _host->signal(SIGTERM);
        assertExit(0, _host->wait());
        const auto status = _scene->run({"status"});
        assertExit(1, status);
        assertContains("no host runs on ", status.err);

        start();
        requireGreen("the host runs again");
    }

    void start() {
        _host.emplace(_scene->carillon({"serve"}).limit(std::chrono::minutes(4)).start());
        const std::string before = "http.listening address=http://127.0.0.1:";
        const bool isReady = waitUntil([&] { return _host->err().find("host.ready") != std::string::npos; });
        const std::string log = _host->err();
        CPPUNIT_ASSERT_MESSAGE(log, isReady);
        _port = static_cast<std::uint16_t>(std::stoi(log.substr(log.find(before) + before.size())));
    }

    void answer(int user) { _scene->offer({{.token = Scene::tokenOf(1, user)}}); }
    CommandResult sync() const { return _scene->run({"run", Scene::kJob}); }

    std::string get(const std::string& path) const {
        Poco::Net::HTTPClientSession session("127.0.0.1", _port);
        Poco::Net::HTTPRequest request("GET", path, "HTTP/1.1");
        session.sendRequest(request);
        Poco::Net::HTTPResponse response;
        std::string answer;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer, 200, static_cast<int>(response.getStatus()));
        return answer;
    }

    /// What page and REST API know of all jobs is kept for moments.
    void waitForRest(const std::string& words) const {
        CPPUNIT_ASSERT_MESSAGE(
            words, waitUntil([this, &words] { return get("/api/v1/status").find(words) != std::string::npos; }));
    }

    /// `kind`: of the one trouble; `words`: in its sentence; `alert`: what people were told by now; empty: nothing new.
    void requireRed(const std::string& kind, const std::string& words, const std::string& alert) {
        const auto status = _scene->run({"status"});
        assertExit(1, status);
        assertContains(words, status.err);
        waitForRest(words);
        const auto rest = Poco::JSON::Parser().parse(get("/api/v1/status")).extract<Poco::JSON::Object::Ptr>();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rest->getArray("troubles")->size());
        CPPUNIT_ASSERT_EQUAL(kind, rest->getArray("troubles")->getObject(0)->getValue<std::string>("kind"));
        assertContains(words, rest->getArray("problems")->getElement<std::string>(0));
        const std::string page = get("/");
        assertContains("Needs attention", page);
        assertContains(
            kind == "failed" ? "The last run of sync-passerelle failed." : "sync-passerelle has 1 reject open.", page);
        if (kind == "rejects") assertContains("carillon_task_sync_rejects{job=\"sync-passerelle\"} 1", get("/metrics"));
        requireAlert(alert);
    }

    void requireGreen(const std::string& day, const std::string& alert = "") {
        const auto status = _scene->run({"status"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(day + ": " + status.err, 0, status.exitCode);
        waitForRest("\"troubles\":[]");
        const auto rest = Poco::JSON::Parser().parse(get("/api/v1/status")).extract<Poco::JSON::Object::Ptr>();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(day, std::size_t{0}, rest->getArray("troubles")->size());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(day, std::string("ready"), rest->getValue<std::string>("state"));
        assertNotContains("Needs attention", get("/"));
        requireAlert(alert);
    }

    /// The next message that people got is of this kind, by webhook and by mail, in time and with a link; none came
    /// where there is none.
    void requireAlert(const std::string& kind, const std::string& words = "") {
        if (!kind.empty()) ++_alerts;
        const auto all = [this] { return _sink->accepted().size() >= _alerts && _mail->mails().size() >= _alerts; };
        CPPUNIT_ASSERT_MESSAGE(kind, waitUntil(all));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(kind, _alerts, _sink->accepted().size());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(kind, _alerts, _mail->mails().size());
        if (kind.empty()) return;
        const auto message =
            Poco::JSON::Parser().parse(_sink->accepted().back().body).extract<Poco::JSON::Object::Ptr>();
        CPPUNIT_ASSERT_EQUAL(kind, message->getArray("alerts")->getObject(0)->getValue<std::string>("kind"));
        const auto text = message->getValue<std::string>("text");
        assertContains(words, text);
        for (const auto& told : {text, bodyOf(_mail->mails().back())}) {
            assertContains("https://carillon.example/", told);
            assertContains("All times are those of Europe/Paris.", told);
        }
        if (kind == "recovered" || (kind == "host" && words.empty())) return;
        assertContains("What to do: ", text);
        assertContains("What to do: ", bodyOf(_mail->mails().back()));
    }

    /// Without the line ends that quoted-printable adds.
    static std::string bodyOf(std::string mail) {
        for (auto soft = mail.find("=\r\n"); soft != std::string::npos; soft = mail.find("=\r\n", soft))
            mail.erase(soft, 3);
        return mail;
    }

    std::string mailKeys() const {
        const auto password = _scene->write("mail.password", "pass word\n", true).string();
        return "alerts.mail.to = ops@example.com\nalerts.mail.from = carillon@example.com\nalerts.mail.host = "
               "localhost\nalerts.mail.port = " +
               std::to_string(_mail->port()) +
               "\nalerts.mail.security = starttls\nalerts.mail.user = carillon\nalerts.mail.password.file = " +
               password + "\nalerts.mail.ca = " + _mail->certificate() + "\n";
    }

    std::unique_ptr<Scene> _scene{};
    std::unique_ptr<WebhookSink> _sink{};
    std::unique_ptr<MailServer> _mail{};
    std::unique_ptr<SmallDisk> _disk{};  ///< Null: this user may not mount one.
    std::optional<RunningCommand> _host{};
    std::uint16_t _port = 0;
    std::size_t _alerts = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(OperatorsWeekTest);
