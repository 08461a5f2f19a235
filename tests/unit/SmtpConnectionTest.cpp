#include "SmtpConnection.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <thread>

#include "carillon/testing/FakeRunContext.h"
#include "support/FakeSmtp.h"

using namespace passerelle;
using namespace std::chrono_literals;
using Kind = MailFault::Kind;

/// A conversation with a mail server, and what becomes of a mail when it goes wrong.
class SmtpConnectionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SmtpConnectionTest);
    CPPUNIT_TEST(mailsAreTakenOneAfterTheOther);
    CPPUNIT_TEST(aDotAtTheBeginOfALineEndsNoMail);
    CPPUNIT_TEST(theAccountLogsIn);
    CPPUNIT_TEST(anAccountThatIsRefusedIsDenied);
    CPPUNIT_TEST(aServerThatIsAwayIsSaidSo);
    CPPUNIT_TEST(withoutEncryptionNothingIsSaid);
    CPPUNIT_TEST(aRefusedAddressLeavesTheNextMailItsConnection);
    CPPUNIT_TEST(aSenderThatIsPutOffIsTriedLater);
    CPPUNIT_TEST(refusalsTellNobodysNameOrAddress);
    CPPUNIT_TEST(whatBreaksBeforeTheEndIsLost);
    CPPUNIT_TEST(whatBreaksAfterTheEndIsUncertain);
    CPPUNIT_TEST(aStopBeforeTheEndSendsNothing);
    CPPUNIT_TEST(aStopAfterTheEndWaitsForTheAnswer);
    CPPUNIT_TEST(answersThatAreNoneAreNoted);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _context = std::make_unique<carillon::testing::FakeRunContext>(); }

    void mailsAreTakenOneAfterTheOther() {
        FakeSmtp server;
        {
            SmtpConnection connection(accountOf(server), "", 5s, _context->stop());
            CPPUNIT_ASSERT(!connection.isUsed());
            send(connection, "ann@example.org");
            send(connection, "bob@example.org");
            CPPUNIT_ASSERT(connection.isUsed());
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, server.mails().size());
        CPPUNIT_ASSERT_EQUAL(std::string("bob@example.org"), server.mails().at(1).to);
        CPPUNIT_ASSERT_EQUAL(std::string("agora@example.org"), server.mails().at(1).from);
        CPPUNIT_ASSERT_EQUAL(std::string("Subject: s\r\n\r\nText\r\n"), server.mails().at(1).text);
        CPPUNIT_ASSERT_EQUAL(1, server.connections());
    }

    void aDotAtTheBeginOfALineEndsNoMail() {
        FakeSmtp server;
        SmtpConnection connection(accountOf(server), "", 5s, _context->stop());

        connection.send("agora@example.org", {"ann@example.org", ""}, "S: s\r\n\r\n.\r\n..two\r\nend", [] {});

        CPPUNIT_ASSERT_EQUAL(std::string("S: s\r\n\r\n.\r\n..two\r\nend\r\n"), server.mails().at(0).text);
    }

    void theAccountLogsIn() {
        FakeSmtp server;
        auto account = accountOf(server);
        account.user = "agora";
        account.password = "p4ss";

        SmtpConnection plain(account, "", 5s, _context->stop());

        CPPUNIT_ASSERT_EQUAL(std::string("AUTH PLAIN AGFnb3JhAHA0c3M="), server.lines().at(2));
    }

    void anAccountThatIsRefusedIsDenied() {
        FakeSmtp server([](const std::string& line) { return line.starts_with("AUTH") ? "535 no\x1b[2J" : ""; });
        auto account = accountOf(server);
        account.user = "agora";

        const MailFault fault = faultOf([&] { SmtpConnection(account, "", 5s, _context->stop()); });

        CPPUNIT_ASSERT(fault.kind() == Kind::Denied);
        CPPUNIT_ASSERT_EQUAL(
            std::string("the mail server 127.0.0.1 refuses the account: 535 no\\x1b[2J; correct email_username "
                        "and email_password in Agora's settings"),
            fault.message());
        server.setScript([](const std::string& line) { return line.starts_with("AUTH") ? "454 not now" : ""; });
        CPPUNIT_ASSERT(faultOf([&] { SmtpConnection(account, "", 5s, _context->stop()); }).kind() == Kind::Away);
    }

    void aServerThatIsAwayIsSaidSo() {
        carillon::MailAccount account;
        {
            FakeSmtp server;
            account = accountOf(server);
        }
        const MailFault fault = faultOf([&] { SmtpConnection(account, "", 5s, _context->stop()); });
        CPPUNIT_ASSERT(fault.kind() == Kind::Away);
        CPPUNIT_ASSERT_MESSAGE(fault.message(), fault.message().find("cannot be reached: ") != std::string::npos);

        FakeSmtp silent([](const std::string&) { return FakeSmtp::kHang; });
        const MailFault late = faultOf([&] { SmtpConnection(accountOf(silent), "", 200ms, _context->stop()); });
        CPPUNIT_ASSERT_EQUAL(
            std::string("the mail server 127.0.0.1 takes connections, but gave no answer within 200ms"),
            late.message());
        FakeSmtp busy([](const std::string& line) { return line.empty() ? "421 too many" : ""; });
        CPPUNIT_ASSERT(faultOf([&] { SmtpConnection(accountOf(busy), "", 5s, _context->stop()); }).kind() ==
                       Kind::Away);
    }

    void withoutEncryptionNothingIsSaid() {
        FakeSmtp server([](const std::string& line) { return line == "STARTTLS" ? "502 no such" : ""; });
        auto account = accountOf(server);
        account.security = carillon::MailAccount::Security::StartTls;
        account.user = "agora";
        account.password = "p4ss";

        const MailFault fault = faultOf([&] { SmtpConnection(account, "", 5s, _context->stop()); });

        CPPUNIT_ASSERT(fault.kind() == Kind::Denied);
        for (const auto& line : server.lines()) CPPUNIT_ASSERT(!line.starts_with("AUTH") && !line.starts_with("MAIL"));
    }

    void aRefusedAddressLeavesTheNextMailItsConnection() {
        FakeSmtp server([](const std::string& line) {
            if (line.find("ann") != std::string::npos) return "550 5.1.1 <ann@example.org> unknown";
            return line.find("bob") != std::string::npos ? "451 greylisted" : "";
        });
        SmtpConnection connection(accountOf(server), "", 5s, _context->stop());

        const MailFault never = faultOf([&] { send(connection, "ann@example.org"); });
        const MailFault later = faultOf([&] { send(connection, "bob@example.org"); });
        send(connection, "carl@example.org");

        CPPUNIT_ASSERT(never.kind() == Kind::Refused && later.kind() == Kind::Later);
        CPPUNIT_ASSERT_EQUAL(
            std::string("the mail server 127.0.0.1 does not take it: 550 5.1.1 <a…@example.org> unknown"),
            never.message());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.mails().size());
        CPPUNIT_ASSERT_EQUAL(1, server.connections());
    }

    void aSenderThatIsPutOffIsTriedLater() {
        for (const std::string said : {"451 4.7.1 greylisted", "452 4.3.1 over quota"}) {
            FakeSmtp server([&](const std::string& line) { return line.starts_with("MAIL") ? said : ""; });
            SmtpConnection connection(accountOf(server), "", 5s, _context->stop());

            const MailFault later = faultOf([&] { send(connection, "ann@example.org"); });

            CPPUNIT_ASSERT(later.kind() == Kind::Away);
            CPPUNIT_ASSERT_EQUAL("the mail server 127.0.0.1 takes nothing from this sender for now: " + said +
                                     "; nothing is lost, a later run sends the mails; if it lasts for hours, ask who "
                                     "runs the mail server whether it makes senders wait (greylisting), or a quota is "
                                     "used up",
                                 later.message());
        }
        FakeSmtp never([](const std::string& line) { return line.starts_with("MAIL") ? "553 not yours" : ""; });
        SmtpConnection connection(accountOf(never), "", 5s, _context->stop());
        const MailFault denied = faultOf([&] { send(connection, "ann@example.org"); });
        CPPUNIT_ASSERT(denied.kind() == Kind::Denied);
        CPPUNIT_ASSERT_EQUAL(std::string("the mail server 127.0.0.1 refuses the sender: 553 not yours; correct "
                                         "email_fromaddress in Agora's settings"),
                             denied.message());
    }

    void refusalsTellNobodysNameOrAddress() {
        FakeSmtp server([](const std::string& line) {
            if (!line.starts_with("RCPT")) return "";
            return "550 5.1.1 no mailbox amelie.dupre-roy (AMÉLIE Dupré, \"Amélie\") here, see "
                   "amelie.dupre-roy@x.example";
        });
        SmtpConnection connection(accountOf(server), "", 5s, _context->stop());

        const MailFault fault = faultOf([&] { send(connection, "amelie.dupre-roy@example.org", "Amélie Dupré"); });

        CPPUNIT_ASSERT_EQUAL(std::string("the mail server 127.0.0.1 does not take it: 550 5.1.1 no mailbox ….…-… "
                                         "(… …, \"…\") here, see a…@x.example"),
                             fault.message());
    }

    void whatBreaksBeforeTheEndIsLost() {
        for (const std::string at : {"MAIL FROM", "RCPT TO", "DATA"}) {
            FakeSmtp server([&](const std::string& line) { return line.starts_with(at) ? FakeSmtp::kDrop : ""; });
            SmtpConnection connection(accountOf(server), "", 5s, _context->stop());

            CPPUNIT_ASSERT(faultOf([&] { send(connection, "ann@example.org"); }).kind() == Kind::Lost);
        }
        FakeSmtp closing([](const std::string& line) { return line.starts_with("MAIL") ? "421 idle" : ""; });
        SmtpConnection connection(accountOf(closing), "", 5s, _context->stop());
        CPPUNIT_ASSERT(faultOf([&] { send(connection, "ann@example.org"); }).kind() == Kind::Lost);
    }

    void whatBreaksAfterTheEndIsUncertain() {
        for (const std::string manner : {FakeSmtp::kDrop, FakeSmtp::kTakeAndDrop, FakeSmtp::kHang}) {
            FakeSmtp server([&](const std::string& line) { return line == "." ? manner : ""; });
            SmtpConnection connection(accountOf(server), "", 300ms, _context->stop());

            CPPUNIT_ASSERT(faultOf([&] { send(connection, "ann@example.org"); }).kind() == Kind::Uncertain);
        }
        FakeSmtp refusing([](const std::string& line) { return line == "." ? "554 spam" : ""; });
        SmtpConnection connection(accountOf(refusing), "", 5s, _context->stop());
        CPPUNIT_ASSERT(faultOf([&] { send(connection, "ann@example.org"); }).kind() == Kind::Refused);
    }

    void aStopBeforeTheEndSendsNothing() {
        FakeSmtp server;
        {
            SmtpConnection connection(accountOf(server), "", 5s, _context->stop());
            CPPUNIT_ASSERT_THROW(connection.send("agora@example.org", {"ann@example.org", ""}, "S: s\r\n\r\nT\r\n",
                                                 [this] {
                                                     _context->requestStop();
                                                     _context->stop().throwIfRequested();
                                                 }),
                                 carillon::RunStopped);
        }
        CPPUNIT_ASSERT(server.mails().empty());
    }

    void aStopAfterTheEndWaitsForTheAnswer() {
        FakeSmtp server([](const std::string& line) {
            if (line == ".") std::this_thread::sleep_for(300ms);
            return "";
        });
        SmtpConnection connection(accountOf(server), "", 5s, _context->stop());

        connection.send("agora@example.org", {"ann@example.org", ""}, "S: s\r\n\r\nT\r\n",
                        [this] { _context->requestStop(); });

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, server.mails().size());
    }

    void answersThatAreNoneAreNoted() {
        for (const std::string answer : {"hello", "2x0 fine", "250?", ""}) {
            FakeSmtp server([&](const std::string& line) { return line.starts_with("EHLO") ? answer + " " : ""; });
            const MailFault fault = faultOf([&] { SmtpConnection(accountOf(server), "", 5s, _context->stop()); });
            CPPUNIT_ASSERT(fault.kind() == Kind::Away);
            CPPUNIT_ASSERT_MESSAGE(fault.message(),
                                   fault.message().find("not as a mail server does") != std::string::npos);
        }
        FakeSmtp endless([](const std::string& line) {
            std::string lines;
            for (int i = 0; line.starts_with("EHLO") && i < 200; ++i) lines += "250-more\r\n";
            return lines;
        });
        CPPUNIT_ASSERT_EQUAL(std::string("the mail server 127.0.0.1 answered, but its answer has no end"),
                             faultOf([&] { SmtpConnection(accountOf(endless), "", 5s, _context->stop()); }).message());
    }

private:
    static carillon::MailAccount accountOf(const FakeSmtp& server) {
        carillon::MailAccount account;
        account.host = "127.0.0.1";
        account.port = server.port();
        account.security = carillon::MailAccount::Security::None;
        account.from = "agora@example.org";
        return account;
    }
    static void send(SmtpConnection& connection, const std::string& to, const std::string& name = "") {
        connection.send("agora@example.org", {to, name}, "Subject: s\r\n\r\nText\r\n", [] {});
    }
    template <typename Action>
    static MailFault faultOf(Action action) {
        try {
            action();
        } catch (const MailFault& e) {
            return e;
        }
        CPPUNIT_FAIL("it was no fault");
        return {Kind::Away, ""};
    }

    std::unique_ptr<carillon::testing::FakeRunContext> _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(SmtpConnectionTest);
