#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "Poco/JSON/Parser.h"
#include "Poco/Net/Context.h"
#include "Poco/Net/SecureServerSocket.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/SocketAddress.h"
#include "Poco/TemporaryFile.h"
#include "alerts/AlertText.h"
#include "alerts/MailSender.h"
#include "alerts/WebSender.h"
#include "schedule/ZoneDatabase.h"
#include "support/Certificate.h"
#include "support/Environment.h"
#include "support/ScriptedServer.h"
#include "support/TunnelProxy.h"
#include "support/WebhookSink.h"
#include "words/HostTexts.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;
using Manner = WebhookSink::Manner;

const PluginTexts kNoPlugins{};
const TimePoint kSentAt = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

Alert alertOf(AlertKind kind) {
    Alert alert;
    alert.kind = kind;
    alert.job = "sync";
    alert.title = "Synchronisation";
    alert.host = "agora-1";
    alert.run = alert.event = "20261122-000000-1a2b3c4d";
    alert.message = "the gateway refused the key\nBcc: all@example.com";
    alert.at = kSentAt + 10h;
    alert.since = kSentAt + 9h;
    alert.count = 3;
    alert.lastSuccess = kSentAt;
    if (kind == AlertKind::Missed) alert.message = kLateOverlap;
    return alert;
}

std::string textOf(std::vector<Alert> alerts, Language language, const std::string& page = "") {
    const auto message =
        wordAlerts("id", std::move(alerts), {language, *findTimeZone("Europe/Paris"), kNoPlugins, page});
    return message.subject + "\n" + message.text;
}

template <typename Action>
std::string undelivered(Action action) {
    try {
        action();
    } catch (const Undelivered& e) {
        return e.message();
    }
    CPPUNIT_FAIL("it was delivered");
    return {};
}

void expect(const std::string& part, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE(part + "\nis not in\n" + text, text.find(part) != std::string::npos);
}

/// A server that says all at once, and hears its client out.
class SaidAtOnce {
public:
    explicit SaidAtOnce(std::string text) : _text(std::move(text)), _thread([this] { serve(); }) {}
    SaidAtOnce(const SaidAtOnce&) = delete;
    SaidAtOnce& operator=(const SaidAtOnce&) = delete;
    ~SaidAtOnce() { _thread.join(); }

    std::uint16_t port() const { return _server.address().port(); }

private:
    void serve() {
        try {
            Poco::Net::StreamSocket client = _server.acceptConnection();
            client.sendBytes(_text.data(), static_cast<int>(_text.size()));
            client.shutdownSend();
            for (char block[4096]; client.receiveBytes(block, sizeof block) > 0;) {
            }
        } catch (const Poco::Exception&) {  // the client has gone
        }
    }

    const std::string _text;
    Poco::Net::ServerSocket _server{Poco::Net::SocketAddress("127.0.0.1", 0)};
    std::thread _thread;
};

}  // namespace

/// The words of alerts, and how they leave the host.
class AlertSendingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlertSendingTest);
    CPPUNIT_TEST(wordsTellWhatSinceWhenAndWhatToDo);
    CPPUNIT_TEST(wordsInFrench);
    CPPUNIT_TEST(whatRunsSaidIsToldInTheLanguageOfTheAlert);
    CPPUNIT_TEST(alertsOfAnEarlierVersionAreRead);
    CPPUNIT_TEST(severalAlertsAreOneMessage);
    CPPUNIT_TEST(messagesLinkToThePageAndNameTheZoneOnce);
    CPPUNIT_TEST(webhookIsPostedWithTextFactsAndSignature);
    CPPUNIT_TEST(redirectIsNotFollowed);
    CPPUNIT_TEST(refusalIsASentenceWithoutTheAddress);
    CPPUNIT_TEST(hangingServerIsGivenUpInTime);
    CPPUNIT_TEST(drippingServerIsGivenUpInTime);
    CPPUNIT_TEST(cancelledCallEndsAtOnce);
    CPPUNIT_TEST(nobodyAnswersThere);
    CPPUNIT_TEST(unknownNameIsNoHang);
    CPPUNIT_TEST(pingsGoToTheirPaths);
    CPPUNIT_TEST(theEnvironmentsProxyIsUsed);
    CPPUNIT_TEST(aProxyThatRefusesIsNamed);
    CPPUNIT_TEST(aMailServerThatEndsWithinAnAnswerIsGivenUp);
    CPPUNIT_TEST(aMailServerThatNeverEndsAnAnswerIsGivenUp);
    CPPUNIT_TEST(whatAMailServerRepeatsOfThePasswordIsConcealed);
    CPPUNIT_TEST(nothingIsHiddenInWhatPeopleAreTold);
    CPPUNIT_TEST_SUITE_END();

public:
    void wordsTellWhatSinceWhenAndWhatToDo() {
        const auto failed = textOf({alertOf(AlertKind::Failed)}, Language::English);
        expect("[carillon] sync failed\n", failed);
        expect(
            "sync (Synchronisation) failed on host agora-1, 2026-11-22 11:00: the gateway refused the key Bcc: "
            "all@example.com. It has failed 3 times in a row, since 2026-11-22 10:00. Its last success was on "
            "2026-11-22 01:00.\nWhat to do: see 'carillon logs sync'",
            failed);
        expect("sync works again", textOf({alertOf(AlertKind::Recovered)}, Language::English));
        const auto missed = textOf({alertOf(AlertKind::Missed)}, Language::English);
        expect("did not run when it should have: it was due on 2026-11-22 10:00", missed);
        expect("Told by host agora-1: the run before it goes on.", missed);
        expect("put 3 items aside", textOf({alertOf(AlertKind::Rejects)}, Language::English));
        expect("The backlog of sync", textOf({alertOf(AlertKind::Backlog)}, Language::English));
    }

    void wordsInFrench() {
        Alert alert = alertOf(AlertKind::Failed);
        alert.message = sayHost("run.stoppedby", {{"by", "anna"}});
        const auto failed = textOf({alert}, Language::French);
        expect("[carillon] sync a échoué\n", failed);
        expect(
            "La tâche sync (Synchronisation) a échoué sur l’hôte agora-1 le 22/11/2026 à 11:00\u00a0: arrêt demandé "
            "par "
            "anna. Elle a échoué 3\u00a0fois de suite, depuis le 22/11/2026 à 10:00. Dernier succès\u00a0: le "
            "22/11/2026 à 01:00.\nQue faire\u00a0: consultez «\u00a0carillon logs sync\u00a0»",
            failed);
        expect("Signalé par l’hôte agora-1\u00a0: l’exécution précédente dure encore.",
               textOf({alertOf(AlertKind::Missed)}, Language::French));
    }

    void whatRunsSaidIsToldInTheLanguageOfTheAlert() {
        Poco::TemporaryFile folder;
        folder.createDirectory();
        std::ofstream(folder.path() + "/Pears.fr.properties") << "full = le panier de {n} poires est plein\n";
        const PluginTexts plugins(folder.path(), [](const auto&, const auto&) {});
        Alert alert = alertOf(AlertKind::Failed);
        alert.message = say("Pears.full", {{"n", 3}});
        alert.message.text = "the basket of 3 pears is full";
        // As it was stored and read again.
        alert = readAlert(toJson(alert), alert.job);
        const auto told = [&](Language language) {
            return wordAlerts("id", {alert}, {language, *findTimeZone("UTC"), plugins, std::string()}).text;
        };

        expect(": le panier de 3 poires est plein. ", told(Language::French));
        expect(": the basket of 3 pears is full. ", told(Language::English));
    }

    void alertsOfAnEarlierVersionAreRead() {
        const Alert alert = readAlert(
            R"({"kind":"failed","job":"sync","title":"","host":"h","event":"e","run":"r","message":"no answer",)"
            R"("count":1,"before":0,"at":5})",
            "sync");
        const Alert unreadable = readAlert("{", "sync");

        CPPUNIT_ASSERT_EQUAL(std::string("no answer"), alert.message.text);
        CPPUNIT_ASSERT(alert.kind == AlertKind::Failed && alert.message.code.empty());
        expect("cette alerte est illisible (", textOf({unreadable}, Language::French));
    }

    void severalAlertsAreOneMessage() {
        const auto text = textOf({alertOf(AlertKind::Failed), alertOf(AlertKind::Recovered)}, Language::English);

        expect("[carillon] 2 alerts\n", text);
        expect("failed on host", text);
        expect("\n\nsync (Synchronisation) works again", text);
    }

    void messagesLinkToThePageAndNameTheZoneOnce() {
        const std::string page = "https://carillon.example";
        const auto english = textOf({alertOf(AlertKind::Failed), alertOf(AlertKind::Rejects)}, Language::English, page);
        expect("mend the cause, then 'carillon run sync'.\nPage: " + page + "/runs/20261122-000000-1a2b3c4d\n\n",
               english);
        expect("\nPage: " + page + "/jobs/sync/rejects\n\nAll times are those of Europe/Paris.", english);
        const auto french = textOf({alertOf(AlertKind::Failed)}, Language::French, page);
        expect("\nPage\u00a0: " + page +
                   "/runs/20261122-000000-1a2b3c4d\n\nToutes les heures sont celles du fuseau Europe/Paris.",
               french);
        CPPUNIT_ASSERT(textOf({alertOf(AlertKind::Failed)}, Language::English).find("Page:") == std::string::npos);
    }

    void webhookIsPostedWithTextFactsAndSignature() {
        WebhookSink sink;
        Alert alert = alertOf(AlertKind::Failed);
        alert.message = sayHost("run.stoppedby", {{"by", "anna"}});
        const auto message =
            wordAlerts("4711", {alert}, {Language::French, *findTimeZone("UTC"), kNoPlugins, std::string()});
        RemoteCall call(5s);

        const auto answer = sendWebhook({sink.url("/hook/s3cr3t?a=b"), "key", "", 5s}, message, call);

        CPPUNIT_ASSERT_EQUAL(std::string("the webhook answered 200"), answer);
        const auto post = sink.received().at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("/hook/s3cr3t?a=b"), post.path);
        CPPUNIT_ASSERT_EQUAL(std::string("application/json"), post.headers.at("content-type"));
        CPPUNIT_ASSERT_EQUAL(std::string("4711"), post.headers.at("idempotency-key"));
        CPPUNIT_ASSERT_EQUAL(signatureOf("key", post.body), post.headers.at("x-carillon-signature"));
        // RFC 4231 has no such short key: this is what openssl dgst -sha256 -hmac key says.
        CPPUNIT_ASSERT_EQUAL(std::string("sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"),
                             signatureOf("key", "The quick brown fox jumps over the lazy dog"));
        const auto json = Poco::JSON::Parser().parse(post.body).extract<Poco::JSON::Object::Ptr>();
        expect("La tâche sync (Synchronisation) a échoué", json->getValue<std::string>("text"));
        expect("arrêt demandé par anna", json->getValue<std::string>("text"));
        const auto fact = json->getArray("alerts")->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), fact->getValue<std::string>("kind"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22T09:00:00.000Z"), fact->getValue<std::string>("since"));
        CPPUNIT_ASSERT_EQUAL(3, fact->getValue<int>("count"));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped by anna"), fact->getValue<std::string>("message"));
        CPPUNIT_ASSERT_EQUAL(std::string("host.run.stoppedby"), fact->getValue<std::string>("message_code"));
        CPPUNIT_ASSERT_EQUAL(std::string("anna"), fact->getObject("message_values")->getValue<std::string>("by"));
    }

    void redirectIsNotFollowed() {
        WebhookSink sink;
        sink.setManner(Manner::Redirect);

        const auto problem = failToSend(sink, 5s);

        expect("the webhook answered 302: it has moved, and nothing is sent after it", problem);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, sink.received().size());
    }

    void refusalIsASentenceWithoutTheAddress() {
        WebhookSink sink;
        sink.setManner(Manner::Refuse);
        CPPUNIT_ASSERT_EQUAL(std::string("the webhook answered 503"), failToSend(sink, 5s));
        sink.setManner(Manner::TakeAndCutOff);
        const auto problem = failToSend(sink, 5s);
        CPPUNIT_ASSERT_MESSAGE(problem, problem.find("s3cr3t") == std::string::npos);
    }

    void hangingServerIsGivenUpInTime() {
        WebhookSink sink;
        sink.setManner(Manner::Hang);
        const auto begin = Steady::now();

        const auto problem = failToSend(sink, 300ms);

        CPPUNIT_ASSERT_EQUAL(std::string("the webhook has not answered within 300ms"), problem);
        CPPUNIT_ASSERT(Steady::now() - begin < 3s);
    }

    void drippingServerIsGivenUpInTime() {
        Poco::Net::ServerSocket server(Poco::Net::SocketAddress("127.0.0.1", 0));
        std::thread dripping([&server] {
            auto socket = server.acceptConnection();
            try {
                for (;;) {
                    socket.sendBytes("2", 1);
                    std::this_thread::sleep_for(20ms);
                }
            } catch (const Poco::Exception&) {  // it has had enough
            }
        });
        const auto begin = Steady::now();
        MailSettings settings;
        settings.account.host = "127.0.0.1";
        settings.account.port = server.address().port();
        settings.account.from = "carillon@example.com";

        const auto problem = undelivered([&] {
            RemoteCall call(300ms);
            sendMail(settings, {"ops@example.com"}, wordTest("id", "host", Language::English), call);
        });
        dripping.join();

        CPPUNIT_ASSERT_EQUAL(std::string("the mail server 127.0.0.1 has not answered within 300ms"), problem);
        CPPUNIT_ASSERT(Steady::now() - begin < 3s);
    }

    void cancelledCallEndsAtOnce() {
        WebhookSink sink;
        sink.setManner(Manner::Hang);
        RemoteCall call(60s);
        const auto begin = Steady::now();
        std::thread canceller([&] {
            while (sink.received().empty()) std::this_thread::sleep_for(5ms);
            call.cancel();
        });

        const auto problem = undelivered([&] { send(sink, call); });
        canceller.join();

        CPPUNIT_ASSERT_EQUAL(std::string("the webhook was given up, since the host ends"), problem);
        CPPUNIT_ASSERT(Steady::now() - begin < 5s);
    }

    void nobodyAnswersThere() {
        std::string url;
        {
            WebhookSink sink;
            url = sink.url();
        }
        const auto problem = undelivered([&] {
            RemoteCall call(5s);
            sendWebhook({url, "", "", 5s}, {}, call);
        });

        expect("cannot connect to 127.0.0.1 port ", problem);
        expect(": Connection refused", problem);
        CPPUNIT_ASSERT_MESSAGE(problem, problem.find("s3cr3t") == std::string::npos);
    }

    void unknownNameIsNoHang() {
        const auto begin = Steady::now();
        const auto problem = undelivered([&] {
            RemoteCall call(2s);
            sendWebhook({"https://no-such-name.invalid/s3cr3t", "", "", 2s}, {}, call);
        });

        expect("the name no-such-name.invalid ", problem);
        CPPUNIT_ASSERT(Steady::now() - begin < 5s);
    }

    void pingsGoToTheirPaths() {
        WebhookSink sink;
        AlertSettings settings;
        for (const auto event : {PingEvent::Start, PingEvent::Success, PingEvent::Fail}) {
            RemoteCall call(5s);
            sendPing(settings, pingUrlOf(sink.url("/key/{job}?create=1"), "sync@paris.1"), event, "said", call);
        }

        const auto all = sink.received();
        CPPUNIT_ASSERT_EQUAL(std::string("/key/sync-paris-1/start?create=1"), all.at(0).path);
        CPPUNIT_ASSERT_EQUAL(std::string("/key/sync-paris-1?create=1"), all.at(1).path);
        CPPUNIT_ASSERT_EQUAL(std::string("/key/sync-paris-1/fail?create=1"), all.at(2).path);
        CPPUNIT_ASSERT_EQUAL(std::string("said"), all.at(2).body);
    }

    void theEnvironmentsProxyIsUsed() {
        WebhookSink proxy;
        Environment environment;
        environment.set("http_proxy", "http://agora:hush@127.0.0.1:" + std::to_string(proxy.port()));
        RemoteCall plain(5s);
        sendWebhook({"http://hooks.outside.test/hook?x=1", "", "", 5s}, {}, plain);

        CPPUNIT_ASSERT_EQUAL(std::string("http://hooks.outside.test/hook?x=1"), proxy.received().at(0).path);
        CPPUNIT_ASSERT_EQUAL(std::string("hooks.outside.test"), proxy.received().at(0).headers["host"]);
        CPPUNIT_ASSERT_EQUAL(std::string("Basic YWdvcmE6aHVzaA=="),
                             proxy.received().at(0).headers["proxy-authorization"]);

        Poco::TemporaryFile folder;
        folder.createDirectories();
        const Certificate made = makeCertificate(folder.path());
        using Poco::Net::Context;
        Context::Ptr tls = new Context(Context::TLS_SERVER_USE, made.key, made.file, "", Context::VERIFY_NONE);
        ScriptedServer server([](int) { return ScriptedServer::Answer{http("")}; }, Poco::Net::SecureServerSocket(tls));
        TunnelProxy tunnel(server.port());
        environment.set("https_proxy", tunnel.authority());
        RemoteCall encrypted(5s);
        sendWebhook({"https://localhost:4711/hook", "", made.file, 5s}, {}, encrypted);

        expect("CONNECT localhost:4711 HTTP/1.1\r\n", tunnel.requests().at(0));
        expect("POST /hook HTTP/1.1\r\nHost: localhost:4711\r\n", server.requests().at(0));
    }

    void aProxyThatRefusesIsNamed() {
        ScriptedServer proxy([](int) {
            return ScriptedServer::Answer{http("", "", "407 Proxy Authentication Required"),
                                          ScriptedServer::Then::Close};
        });
        const std::string authority = "127.0.0.1:" + std::to_string(proxy.port());
        Environment environment;
        environment.set("all_proxy", authority).set("no_proxy", "exempt.test");
        const auto problemOf = [](const std::string& url) {
            return undelivered([&] {
                RemoteCall call(5s);
                sendWebhook({url, "", "", 5s}, {}, call);
            });
        };

        CPPUNIT_ASSERT_EQUAL(
            "the webhook goes through the proxy " + authority + " of all_proxy: it answered 407 to CONNECT",
            problemOf("https://hooks.outside.test/s3cr3t"));
        expect("the webhook answered 407: the proxy wants a user", problemOf("http://hooks.outside.test/s3cr3t"));
        environment.set("all_proxy", "http://127.0.0.1:1");
        expect("through the proxy 127.0.0.1:1 of all_proxy: cannot connect to",
               problemOf("http://hooks.outside.test/"));
        environment.set("all_proxy", "socks5://px:1");
        expect("the environment's all_proxy names a proxy of the kind socks5://",
               problemOf("http://hooks.outside.test/"));
    }

    /// Poco's session takes the end for a line, and goes on for ever.
    void aMailServerThatEndsWithinAnAnswerIsGivenUp() {
        for (const std::string said :
             {"220 m\r\n250-half\r\n", "220-half\r\n", "220 m\r\n250 AUTH PLAIN\r\n235-half\r\n235-more"}) {
            const SaidAtOnce server(said);

            const std::string why = undelivered([&] { mailTo(server); });

            expect("the mail server 127.0.0.1 failed: it ended the connection", why);
        }
    }

    void aMailServerThatNeverEndsAnAnswerIsGivenUp() {
        std::string said = "220 m\r\n";
        for (int i = 0; i < 20'000; ++i) said += "250-more\r\n";
        const SaidAtOnce server(said);

        expect("its answers have no end", undelivered([&] { mailTo(server); }));
    }

    void whatAMailServerRepeatsOfThePasswordIsConcealed() {
        const SaidAtOnce plain(
            "220 m\r\n250-m\r\n250 AUTH PLAIN\r\n535 no: AGNhcmlsbG9uAGh1bnRlcjIwMDA= or hunter2000\r\n");
        const SaidAtOnce login(
            "220 m\r\n250-m\r\n250 AUTH LOGIN\r\n334 VXNlcm5hbWU6\r\n334 UGFzc3dvcmQ6\r\n535 no: aHVudGVyMjAwMA==\r\n");

        for (const auto* server : {&plain, &login}) {
            const std::string why = undelivered([&] { mailTo(*server); });

            expect("127.0.0.1 refuses it: ", why);
            expect("[secret]", why);
            for (const auto* secret : {"hunter", "aHVudGVy", "1bnRlcj"})
                CPPUNIT_ASSERT_MESSAGE(why, why.find(secret) == std::string::npos);
        }
    }

    void nothingIsHiddenInWhatPeopleAreTold() {
        auto alert = alertOf(AlertKind::Failed);
        alert.title = "Synchro\u202e exe";
        alert.message = "it said\u0085\u009b2J\x1b[0m\u2028 enough";

        const auto message =
            wordAlerts("id", {alert}, {Language::French, *findTimeZone("Europe/Paris"), kNoPlugins, std::string()});

        expect("sync (Synchro\\u202e exe)", message.text);
        expect("it said\\u0085\\u009b2J\\x1b[0m\\u2028 enough.", message.text);
        const std::string json = webhookJson(message);
        for (const auto* hidden : {"\u202e", "\u0085", "\u009b", "\u2028", "\x1b"})
            CPPUNIT_ASSERT(json.find(hidden) == std::string::npos);
    }

private:
    static void mailTo(const SaidAtOnce& server) {
        MailSettings settings;
        settings.account.host = "127.0.0.1";
        settings.account.port = server.port();
        settings.account.security = MailAccount::Security::None;
        settings.account.user = "carillon";
        settings.account.password = "hunter2000";
        settings.account.from = "carillon@example.com";
        RemoteCall call(3s);
        sendMail(settings, {"ops@example.com"}, {"0123", "a subject", "A text.", {}}, call);
    }
    static void send(const WebhookSink& sink, RemoteCall& call) {
        sendWebhook({sink.url(), "", "", 5s}, wordTest("id", "host", Language::English), call);
    }
    static std::string failToSend(const WebhookSink& sink, std::chrono::milliseconds limit) {
        return undelivered([&] {
            RemoteCall call(limit);
            send(sink, call);
        });
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AlertSendingTest);
