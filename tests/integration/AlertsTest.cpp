#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "Poco/JSON/Parser.h"
#include "support/MailServer.h"
#include "support/ServedHost.h"
#include "support/WebhookSink.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

using Steady = std::chrono::steady_clock;
using Manner = WebhookSink::Manner;

constexpr const char* kEachSecond = "job.schedule = * * * * * *\n";

void expect(const std::string& part, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE(part + "\nis not in\n" + text, text.find(part) != std::string::npos);
}

}  // namespace

/// A real host that alerts people: over a mail server and a webhook that are as bad as real ones.
class AlertsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlertsTest);
    CPPUNIT_TEST(mailIsEncryptedAuthenticatedAndTakenOnce);
    CPPUNIT_TEST(mailOverTlsFromTheFirstByte);
    CPPUNIT_TEST(mailServerThatRefusesOrHangsIsTriedAgain);
    CPPUNIT_TEST(strangerIsNotGivenThePassword);
    CPPUNIT_TEST(mailGoesByTheAccountOfAnApplication);
    CPPUNIT_TEST(accountThatIsNotKnownYetDelaysTheMail);
    CPPUNIT_TEST(accountThatWasMendedIsUsedAtTheNextAttempt);
    CPPUNIT_TEST(accountThatWouldDoHarmIsNotUsed);
    CPPUNIT_TEST(hostEndsSoonWhileItAsksForTheAccount);
    CPPUNIT_TEST(webhookThatFailsAndHangsGetsItOnce);
    CPPUNIT_TEST(hostKilledAfterTheDecisionDeliversLater);
    CPPUNIT_TEST(hostKilledBeforeTheDeliveryDeliversLater);
    CPPUNIT_TEST(hostKilledAfterTheDeliveryRepeatsTheSameId);
    CPPUNIT_TEST(hostThatWasDownSaysSo);
    CPPUNIT_TEST(hostTellsOfItsStoreWithoutIt);
    CPPUNIT_TEST(stoppedRunAlertsNobody);
    CPPUNIT_TEST(failureWhoseRetryNeverComesIsTold);
    CPPUNIT_TEST(failureWhoseRetryIsCancelledIsTold);
    CPPUNIT_TEST(jobWhoseFileIsBrokenIsTold);
    CPPUNIT_TEST(failureWithoutAHostIsToldByTheNext);
    CPPUNIT_TEST(rejectsAndBacklogAreTold);
    CPPUNIT_TEST(runsAreOnTimeWhileChannelsHang);
    CPPUNIT_TEST(hostEndsSoonWhileChannelsHang);
    CPPUNIT_TEST(testTellsOfEachChannel);
    CPPUNIT_TEST(snoozedJobIsSilentUntilTheEnd);
    CPPUNIT_TEST(reloadChangesTheChannel);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _sink = std::make_unique<WebhookSink>(); }
    void tearDown() override {
        _host.reset();
        _mail.reset();
        _sink.reset();
    }

    void mailIsEncryptedAuthenticatedAndTakenOnce() {
        makeMailHost("starttls", "alerts.language = fr\n");
        _host->start();

        run("throw_std", 1);
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _mail->mails().size() == 1; }));
        run("succeed", 0);
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _mail->mails().size() == 2; }));
        _host->stop();

        const auto mails = _mail->mails();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, mails.size());
        expect("X-Test-Encrypted: True", mails[0]);
        expect("X-Test-Authenticated: True", mails[0]);
        expect("X-Test-From: carillon@example.com", mails[0]);
        expect("X-Test-To: ops@example.com night@example.com", mails[0]);
        expect("Message-ID: <", mails[0]);
        expect("Content-Transfer-Encoding: quoted-printable", mails[0]);
        expect("La t=C3=A2che job a =C3=A9chou=C3=A9 sur l=E2=80=99h=C3=B4te test-host", mails[0]);
        expect("fonctionne =C3=A0 nouveau", mails[1]);
        CPPUNIT_ASSERT(messageId(mails[0]) != messageId(mails[1]));
        const auto log = _host->log();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("pass word") == std::string::npos);
    }

    void mailOverTlsFromTheFirstByte() {
        makeMailHost("tls");
        _host->start();

        run("throw_std", 1);

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _mail->mails().size() == 1; }));
        expect("X-Test-Authenticated: True", _mail->mails()[0]);
        expect("Subject: [carillon] job failed", _mail->mails()[0]);
    }

    void mailServerThatRefusesOrHangsIsTriedAgain() {
        makeMailHost("starttls", "alerts.mail.timeout = 1s\n");
        _mail->set("refuse");
        _host->start();

        run("throw_std", 1);
        waitForLog("problem=\"localhost refuses it: The server rejected the message: 451 try again later");
        _mail->set("hang");
        waitForLog("the mail server localhost has not answered within 1s");
        _mail->unset("refuse");
        _mail->unset("hang");

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return listed("sent") == 1; }, 30s));
        const auto mails = _mail->mails();
        // It had hung after it was given the whole mail: whoever compares ids sees one.
        std::set<std::string> ids;
        for (const auto& mail : mails) ids.insert(messageId(mail));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ids.size());
    }

    void strangerIsNotGivenThePassword() {
        makeMailHost("starttls");
        const std::string key = "alerts.mail.ca = " + _mail->certificate() + "\n";
        auto text = _host->folder().read("carillon.properties");
        text.erase(text.find(key), key.size());
        _host->folder().write("carillon.properties", text);

        const auto untrusted = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL(1, untrusted.exitCode);
        expect("failed mail to ops@example.com, night@example.com: the encrypted connection to localhost failed",
               untrusted.out);
        // Trusted, but called by another name than its certificate has.
        text.replace(text.find("= localhost"), 11, "= 127.0.0.1");
        _host->folder().write("carillon.properties", text + key);
        const auto misnamed = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL(1, misnamed.exitCode);
        expect("the encrypted connection to 127.0.0.1 failed", misnamed.out);
        CPPUNIT_ASSERT(_mail->mails().empty());
    }

    void mailGoesByTheAccountOfAnApplication() {
        makeAccountHost();
        writeAccount("starttls");
        _host->start();

        run("throw_std", 1);
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _mail->mails().size() == 1; }));
        // Its database is down when it is asked anew: what it said before is still good.
        fs::remove(accountFile());
        _host->folder().write("carillon.properties",
                              _host->folder().read("carillon.properties") + "alerts.after = 2\n");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        waitForLog("alert.account_kept problem=\"the mail account of app is not known: the application is down");
        run("succeed", 0);
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _mail->mails().size() == 2; }));
        _host->stop();

        const auto mail = _mail->mails()[0];
        expect("X-Test-Encrypted: True", mail);
        expect("X-Test-Authenticated: True", mail);
        expect("X-Test-From: agora@example.com", mail);
        expect("From: \"Mairie, \\\"Agora\\\"\" <agora@example.com>", mail);
        expect("fonctionne", _mail->mails()[1]);
        const auto log = _host->log();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("pass word") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("alert.held") == std::string::npos);
    }

    void accountThatIsNotKnownYetDelaysTheMail() {
        makeAccountHost();
        _host->start();

        run("throw_std", 1);
        waitForLog("alert.held problem=\"the mail account of app is not known: the application is down");
        CPPUNIT_ASSERT(waitUntil([this] { return listed("waiting") == 1; }));
        writeAccount("starttls");

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return listed("sent") == 1; }, 40s));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _mail->mails().size());
        const auto log = _host->log();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("alert.failed") == std::string::npos);
    }

    void accountThatWasMendedIsUsedAtTheNextAttempt() {
        makeAccountHost();
        writeAccount("starttls", "127.0.0.1");  // not the name that the certificate has
        _host->start();
        run("throw_std", 1);
        waitForLog(
            "alert.failed channel=mail job=job attempt=1 problem=\"the encrypted connection to 127.0.0.1 failed");

        writeAccount("starttls");

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return listed("sent") == 1; }));
    }

    void accountThatWouldDoHarmIsNotUsed() {
        makeAccountHost();
        writeAccount("none", "mail.example.com");
        const auto clear = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL(1, clear.exitCode);
        expect(
            "failed mail to ops@example.com: the mail account of app is not known: its password would go over the "
            "network in clear; encrypt it there",
            clear.out);
        writeAccount("starttls", "localhost", "agora@example.com>\\nRCPT TO:<all@example.com");
        expect("its sender is no address", _host->carillon({"alerts", "test"}).run().out);
        writeAccount("starttls");
        const auto good = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(good.out, 0, good.exitCode);
        expect("sent   mail to ops@example.com: localhost has taken it\n", good.out);
    }

    void hostEndsSoonWhileItAsksForTheAccount() {
        makeAccountHost("alerts.mail.timeout = 2m\n", "task.account.wait = 2m\n");
        writeAccount("starttls");
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return fs::exists(accountFile() + ".asked"); }));
        const auto begin = Steady::now();

        const auto result = _host->stop();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT(Steady::now() - begin < 6s);
    }

    void webhookThatFailsAndHangsGetsItOnce() {
        makeWebhookHost("alerts.webhook.timeout = 1s\nalerts.webhook.key = signing key\n");
        _sink->setManner(Manner::Refuse);
        _host->start();

        run("throw_std", 1);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->received().size() == 1; }));
        _sink->setManner(Manner::Hang);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->received().size() == 2; }, 20s));
        waitForLog("the webhook has not answered within 1s");
        _sink->setManner(Manner::Accept);
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }, 30s));
        CPPUNIT_ASSERT(waitUntil([this] { return listed("sent") == 1; }));
        _host->stop();
        _host->start();
        std::this_thread::sleep_for(3s);
        _host->stop();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->accepted().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _sink->received().size());
        const auto all = _sink->received();
        for (const auto& post : all) {
            CPPUNIT_ASSERT_EQUAL(all[0].headers.at("idempotency-key"), post.headers.at("idempotency-key"));
            CPPUNIT_ASSERT_EQUAL(all[0].body, post.body);
            CPPUNIT_ASSERT(post.headers.at("x-carillon-signature").starts_with("sha256="));
        }
        const auto log = _host->log();
        CPPUNIT_ASSERT_MESSAGE(log, log.find("s3cr3t") == std::string::npos);
    }

    void hostKilledAfterTheDecisionDeliversLater() {
        // Else the delivery might be the faster one.
        _sink->setManner(Manner::Refuse);
        makeWebhookHost();
        _host->start(_host->serve().set("CARILLON_CRASH_AT", "alert.decided:1"));
        _host->carillon({"run", "job", "--set", "task.run=throw_std"}).run();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->process().hasEnded(); }));
        _sink->setManner(Manner::Accept);

        _host->start();

        CPPUNIT_ASSERT(waitUntil([this] { return listed("sent") == 1; }, 20s));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->accepted().size());
    }

    void hostKilledBeforeTheDeliveryDeliversLater() {
        makeWebhookHost();
        _host->start(_host->serve().set("CARILLON_CRASH_AT", "alert.claimed:1"));
        _host->carillon({"run", "job", "--set", "task.run=throw_std"}).run();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->process().hasEnded(); }));
        CPPUNIT_ASSERT(_sink->received().empty());

        _host->start();

        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        CPPUNIT_ASSERT(waitUntil([this] { return listed("sent") == 1; }));
        expect("job failed", _sink->received()[0].body);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->received().size());
    }

    void hostKilledAfterTheDeliveryRepeatsTheSameId() {
        makeWebhookHost();
        _host->start(_host->serve().set("CARILLON_CRASH_AT", "alert.attempted:1"));
        _host->carillon({"run", "job", "--set", "task.run=throw_std"}).run();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->process().hasEnded(); }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->accepted().size());

        _host->start();

        CPPUNIT_ASSERT(waitUntil([this] { return listed("sent") == 1; }));
        const auto all = _sink->accepted();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, all.size());
        CPPUNIT_ASSERT_EQUAL(all[0].headers.at("idempotency-key"), all[1].headers.at("idempotency-key"));
        CPPUNIT_ASSERT_EQUAL(all[0].body, all[1].body);
    }

    void hostThatWasDownSaysSo() {
        // The kill may also fail a run, which is told, too.
        makeWebhookHost("alerts.late = 3s\nalerts.on = missed\n");
        _host->addJob("tick", "succeed", kEachSecond);
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->ledger("tick").empty(); }));
        _host->kill();
        CPPUNIT_ASSERT(_sink->received().empty());
        std::this_thread::sleep_for(8s);

        _host->start();

        CPPUNIT_ASSERT(waitUntil([this] { return !_sink->accepted().empty(); }));
        expect("tick did not run when it should have", _sink->received()[0].body);
        std::this_thread::sleep_for(2s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _sink->received().size());
    }

    void hostTellsOfItsStoreWithoutIt() {
        makeWebhookHost("alerts.late = 1s\nhttp.url = https://carillon.example\n");
        _host->start();
        {
            const auto lock = Command({"sh", "-c",
                                       "(echo 'BEGIN EXCLUSIVE;'; exec sleep 60) | sqlite3 -cmd '.timeout 5000' " +
                                           _host->at("state/carillon.db")})
                                  .start();
            CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return !_sink->accepted().empty(); }));
            CPPUNIT_ASSERT(_host->log().find("store.recovered") == std::string::npos);
        }
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _sink->accepted().size() == 2; }));

        const auto all = _sink->accepted();
        expect("host test-host needs attention", all[0].body);
        expect("its store does not work and nothing fires: ", all[0].body);
        expect("carillon.db: is locked by another program; end that program", all[0].body);
        expect(R"("kind":"host")", all[0].body);
        expect("Page: https://carillon.example/\\n", all[0].body);
        expect("host test-host works again", all[1].body);
        CPPUNIT_ASSERT(all[0].headers.at("idempotency-key") != all[1].headers.at("idempotency-key"));
    }

    void stoppedRunAlertsNobody() {
        makeWebhookHost();
        _host->start();
        auto running = _host->carillon({"run", "job", "--set", "task.run=wait_for_stop"}).start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("job").find("wait.began") != std::string::npos; }));

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "job"}).run().exitCode);
        running.wait();
        run("throw_std", 1);  // told after the other, if that were told

        CPPUNIT_ASSERT(waitUntil([this] { return !_sink->accepted().empty(); }));
        expect("run fails with std", _sink->accepted()[0].body);
    }

    /// Its slots are closer together than its attempts, none of which is ever made.
    void failureWhoseRetryNeverComesIsTold() {
        makeWebhookHost();
        _host->addJob("often", "throw_std", "job.schedule = * * * * * *\njob.retries = 1\njob.retry.delay = 1h\n");
        _host->start();

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return !_sink->accepted().empty(); }));
        expect("often failed", _sink->accepted()[0].body);
    }

    void failureWhoseRetryIsCancelledIsTold() {
        makeWebhookHost();
        for (const auto* job : {"stopped", "paused"})
            _host->addJob(job, "throw_std", "job.retries = 1\njob.retry.delay = 1h\n");
        _host->start();
        for (const auto* job : {"stopped", "paused"})
            CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", job}).run().exitCode);

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "stopped"}).run().exitCode);
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _sink->accepted().size() == 1; }));
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "paused"}).run().exitCode);
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _sink->accepted().size() == 2; }));

        expect("stopped failed", _sink->accepted()[0].body);
        expect("paused failed", _sink->accepted()[1].body);
    }

    void jobWhoseFileIsBrokenIsTold() {
        makeWebhookHost("alerts.late = 1s\n");
        _host->addJob("broken", "succeed", "job.schedule = * * * * * *\n");
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->history("broken").empty(); }));
        _host->stop();
        _host->addJob("broken", "succeed", "job.schedule = never\n");

        _host->start();

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return !_sink->accepted().empty(); }));
        expect("broken did not run when it should have", _sink->accepted()[0].body);
        expect("its configuration has faults", _sink->accepted()[0].body);
        expect("What to do: 'carillon validate' names the faults", _sink->accepted()[0].body);
        const auto job = _host->status("broken")->getArray("jobs")->getObject(0);
        CPPUNIT_ASSERT(job->isNull("next"));
    }

    /// No host tries it again.
    void failureWithoutAHostIsToldByTheNext() {
        makeWebhookHost();
        _host->addJob("job", "throw_std", "job.retries = 1\n");
        _host->start();
        _host->carillon({"run", "job", "--set", "task.run=succeed"}).run();
        _host->stop();
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "job"}).run().exitCode);

        _host->start();

        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return !_sink->accepted().empty(); }));
        expect("job failed", _sink->accepted()[0].body);
    }

    void rejectsAndBacklogAreTold() {
        makeWebhookHost("alerts.rejects = 4\n");
        _host->start();

        for (const auto* count : {"1", "2", "3"})
            _host->carillon({"run", "job", "--set", "task.run=count", "--set", std::string("task.lines=") + count})
                .run();
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        expect("The backlog of job grows", _sink->received()[0].body);
        _host->carillon({"run", "job", "--set", "task.run=count", "--set", "task.lines=4"}).run();

        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 2; }));
        expect("job put 4 items aside", _sink->received()[1].body);
    }

    /// All three channels hang for two minutes each: a run that waited for one of them would be late by as much.
    void runsAreOnTimeWhileChannelsHang() {
        _sink->setManner(Manner::Hang);
        makeMailHost("starttls",
                     "alerts.interval = 0ms\nalerts.mail.timeout = 2m\nalerts.webhook.url = " + _sink->url() +
                         "\nalerts.webhook.timeout = 2m\nalerts.ping.url = " + _sink->url("/ping/{job}") +
                         "\nalerts.ping.timeout = 2m\n");
        _mail->set("hang");
        for (const auto* name : {"tick", "tock"})
            _host->addJob(name, "throw_std", std::string(kEachSecond) + "job.overlap = queue\n");
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _sink->received().size() >= 2; }));
        const std::size_t before = _host->ledger("tick").size();

        CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("tick").size() >= before + 6; }));

        const auto rows = _host->ledger("tick");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(rows));
        for (const auto& row : rows) CPPUNIT_ASSERT_EQUAL(std::string("ran"), row.end);
        for (const auto& run : _host->history("tick"))
            CPPUNIT_ASSERT_MESSAGE(run.run, run.startedAt - run.scheduledAt < 20 * kSecond);
    }

    void hostEndsSoonWhileChannelsHang() {
        _sink->setManner(Manner::Hang);
        makeWebhookHost("alerts.webhook.timeout = 2m\n");
        _host->start();
        run("throw_std", 1);
        CPPUNIT_ASSERT(waitUntil([this] { return !_sink->received().empty(); }));
        const auto begin = Steady::now();

        const auto result = _host->stop();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT(Steady::now() - begin < 6s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, listed("waiting"));
    }

    void testTellsOfEachChannel() {
        makeMailHost("starttls", "alerts.webhook.url = " + _sink->url() +
                                     "\nalerts.ping.url = " + _sink->url("/ping/{job}") + "\njobs.enabled = job\n");

        const auto good = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(good.out + good.err, 0, good.exitCode);
        expect("sent   mail to ops@example.com, night@example.com: localhost has taken it\n", good.out);
        expect("sent   webhook: the webhook answered 200\n", good.out);
        expect("sent   ping: the ping answered 200\n", good.out);
        _sink->setManner(Manner::Refuse);
        _mail->set("refuse");
        const auto bad = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL(1, bad.exitCode);
        expect("failed mail to ops@example.com, night@example.com: localhost refuses it", bad.out);
        expect("failed webhook: the webhook answered 503\n", bad.out);
        CPPUNIT_ASSERT_MESSAGE(bad.out + bad.err, (bad.out + bad.err).find("s3cr3t") == std::string::npos);

        _host = std::make_unique<ServedHost>();
        const auto none = _host->carillon({"alerts", "test"}).run();
        CPPUNIT_ASSERT_EQUAL(2, none.exitCode);
        expect("no channel is configured: set alerts.mail.to", none.err);
    }

    void snoozedJobIsSilentUntilTheEnd() {
        makeWebhookHost();
        _host->start();
        expect("job is snoozed until ", _host->carillon({"alerts", "snooze", "job", "2h"}).run().out);
        run("throw_std", 1);
        run("throw_std", 1);
        expect("job is snoozed until ", _host->carillon({"alerts"}).run().err);

        expect("job is snoozed no more", _host->carillon({"alerts", "snooze", "job", "--end"}).run().out);
        CPPUNIT_ASSERT(_sink->received().empty());
        run("throw_std", 1);

        CPPUNIT_ASSERT(waitUntil([this] { return _sink->accepted().size() == 1; }));
        expect("\"count\":3", _sink->received()[0].body);
        for (const auto& words : std::vector<std::vector<std::string>>{
                 {"alerts", "snooze", "job"}, {"alerts", "snooze", "job", "2"}, {"alerts", "snooze", "nobody", "2h"}})
            CPPUNIT_ASSERT_EQUAL(2, _host->carillon(words).run().exitCode);
    }

    void reloadChangesTheChannel() {
        makeWebhookHost();
        _host->start();
        WebhookSink other;
        auto text = _host->folder().read("carillon.properties");
        text.replace(text.find(_sink->url()), _sink->url().size(), other.url());
        _host->folder().write("carillon.properties", text);

        const auto reload = _host->carillon({"reload"}).run();
        run("throw_std", 1);

        CPPUNIT_ASSERT(waitUntil([&other] { return other.accepted().size() == 1; }));
        CPPUNIT_ASSERT(_sink->received().empty());
        const auto told = reload.out + reload.err + _host->log();
        expect("alerts.webhook.url changed", told);
        CPPUNIT_ASSERT_MESSAGE(told, told.find("s3cr3t") == std::string::npos);
    }

private:
    void makeWebhookHost(const std::string& keys = {}) {
        _host = std::make_unique<ServedHost>("alerts.webhook.url = " + _sink->url() + "\n" + keys);
        _host->addJob("job", "succeed");
    }
    /// The server is made first: its folder goes with the test's own.
    void makeMailHost(const std::string& mode, const std::string& keys = {}) {
        _folder = std::make_unique<HostFolder>();
        _mail = std::make_unique<MailServer>(_folder->path(), mode);
        const auto password = _folder->write("password", "pass word\n");
        _host = std::make_unique<ServedHost>(
            "alerts.mail.to = ops@example.com, night@example.com\nalerts.mail.from = carillon@example.com\n"
            "alerts.mail.host = localhost\nalerts.mail.port = " +
            std::to_string(_mail->port()) + "\nalerts.mail.security = " + mode +
            "\nalerts.mail.user = carillon\nalerts.mail.password.file = " + password.string() +
            "\nalerts.mail.ca = " + _mail->certificate() + "\n" + keys);
        _host->addJob("job", "succeed");
    }

    std::string accountFile() const { return (_folder->path() / "account").string(); }
    /// What the application app says of its mail account, a line a member.
    void writeAccount(const std::string& security, const std::string& host = "localhost",
                      const std::string& from = "agora@example.com") const {
        _folder->write("account", host + "\n" + std::to_string(_mail->port()) + "\n" + security +
                                      "\ncarillon\npass word\n" + from + "\n<Mairie>, \"Agora\"\n");
    }
    void makeAccountHost(const std::string& keys = {}, const std::string& jobKeys = {}) {
        _folder = std::make_unique<HostFolder>();
        _mail = std::make_unique<MailServer>(_folder->path(), "starttls");
        _host = std::make_unique<ServedHost>(
            "alerts.mail.to = ops@example.com\nalerts.mail.account_of = app\nalerts.language = fr\n"
            "alerts.mail.ca = " +
            _mail->certificate() + "\n" + keys);
        _host->addJob("app", "succeed", "task.account = " + accountFile() + "\n" + jobKeys);
        _host->addJob("job", "succeed");
    }

    void run(const std::string& trouble, int expected) const {
        const auto result = _host->carillon({"run", "job", "--set", "task.run=" + trouble}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, expected, result.exitCode);
    }
    /// How many alerts there are in that state.
    std::size_t listed(const std::string& state) const {
        const auto result = _host->carillon({"alerts", "--json"}).run();
        const auto rows = Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Array::Ptr>();
        std::size_t count = 0;
        for (std::size_t i = 0; i < rows->size(); ++i)
            if (rows->getObject(static_cast<unsigned>(i))->getValue<std::string>("state") == state) ++count;
        return count;
    }
    void waitForLog(const std::string& part) const {
        CPPUNIT_ASSERT_MESSAGE(part + "\nis not in\n" + _host->log(),
                               waitUntil([&] { return _host->log().find(part) != std::string::npos; }, 20s));
    }
    static std::string messageId(const std::string& mail) {
        const auto begin = mail.find("Message-ID: ");
        CPPUNIT_ASSERT(begin != std::string::npos);
        return mail.substr(begin, mail.find('\r', begin) - begin);
    }

    std::unique_ptr<WebhookSink> _sink{};
    std::unique_ptr<HostFolder> _folder{};
    std::unique_ptr<MailServer> _mail{};
    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(AlertsTest);
