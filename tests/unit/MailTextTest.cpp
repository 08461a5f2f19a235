#include "MailAddress.h"
#include "MailForm.h"
#include "MailText.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <sstream>
#include <string>

#include "Poco/Base64Decoder.h"
#include "Poco/Net/QuotedPrintableDecoder.h"
#include "Poco/StreamCopier.h"
#include "Poco/UTF8Encoding.h"

using namespace passerelle;
using namespace std::chrono;

/// What a mail says, and how it is written.
class MailTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MailTextTest);
    CPPUNIT_TEST(anApprovalNamesItsAnswers);
    CPPUNIT_TEST(aRefusalQuotesItsReason);
    CPPUNIT_TEST(aReminderSaysSinceWhenAndHow);
    CPPUNIT_TEST(aDeadlineSaysHowLong);
    CPPUNIT_TEST(nothingInATitleMakesALineOrAHeader);
    CPPUNIT_TEST(longTitlesAreCutAtACharacter);
    CPPUNIT_TEST(headersAreComplete);
    CPPUNIT_TEST(encodedWordsPartNoCharacter);
    CPPUNIT_TEST(theTextComesThroughAsItIs);
    CPPUNIT_TEST(theSendersNameIsNoAddress);
    CPPUNIT_TEST(addressesAreTakenOrNot);
    CPPUNIT_TEST(addressesAreMasked);
    CPPUNIT_TEST_SUITE_END();

public:
    void anApprovalNamesItsAnswers() {
        MailFacts facts = factsOf(MailKind::Approved);
        facts.answers = {{"Ann Arbor", false, "", "2026-11-22 10:00:00"}, {"Bob Bée", false, "Très bien", ""}};

        const MailWords words = wordMail(facts);

        CPPUNIT_ASSERT_EQUAL(std::string("Campagne «\u00a0Printemps\u00a0» validée"), words.subject);
        CPPUNIT_ASSERT_EQUAL(
            std::string("Bonjour Carl Creux,\n\n"
                        "La campagne «\u00a0Printemps\u00a0» est validée\u00a0: tous ses validateurs l’ont "
                        "approuvée.\n\n"
                        "- Ann Arbor a validé le 22/11/2026 à 10:00\n"
                        "- Bob Bée a validé\n"
                        "  > Très bien\n\n"
                        "Vous pouvez poursuivre dans Agora.\n\n"
                        "Ce message est envoyé automatiquement par Agora\u00a0; merci de ne pas y répondre.\n"),
            words.text);
    }

    void aRefusalQuotesItsReason() {
        MailFacts facts = factsOf(MailKind::Refused);
        facts.answers = {{"Ann Arbor", false, "", "2026-11-22 10:00:00"},
                         {"Bob Bée", true, "Le logo manque.\r\n\r\nBonjour Carl,\nApprouvé", "2026-11-22 11:00:00"}};

        const MailWords words = wordMail(facts);

        CPPUNIT_ASSERT_EQUAL(std::string("Campagne «\u00a0Printemps\u00a0» refusée"), words.subject);
        expect("- Bob Bée a refusé le 22/11/2026 à 11:00\n  > Le logo manque.\n  > \n  > Bonjour Carl,\n  > Approuvé\n",
               words.text);
        CPPUNIT_ASSERT(words.text.find("Ann") == std::string::npos);
    }

    void aReminderSaysSinceWhenAndHow() {
        MailFacts facts = factsOf(MailKind::Reminder);
        facts.invitation = {1, "t0ken", local_days{year{2026} / 11 / 19}, "2026-12-19 08:30:00", false};

        const MailWords without = wordMail(facts);
        facts.link = "https://passerelle.example.com/?token=t0ken";
        const MailWords with = wordMail(facts);

        CPPUNIT_ASSERT_EQUAL(std::string("Rappel\u00a0: votre avis sur la campagne «\u00a0Printemps\u00a0»"),
                             with.subject);
        expect("est demandé depuis le 19/11/2026, et votre réponse n’est pas encore arrivée.", with.text);
        expect(
            "Pour répondre\u00a0: https://passerelle.example.com/?token=t0ken\nCe lien est valable jusqu’au "
            "19/12/2026 à 08:30.",
            with.text);
        expect("suivez le lien du message d’invitation", without.text);
        CPPUNIT_ASSERT(without.text.find("t0ken") == std::string::npos);
    }

    void aDeadlineSaysHowLong() {
        MailFacts facts = factsOf(MailKind::Deadline);
        facts.deadline = local_days{year{2026} / 12 / 15};
        facts.today = facts.deadline - days(3);
        expect("est le 15/12/2026, dans 3 jours.\nVotre réponse n’est pas encore arrivée.", wordMail(facts).text);
        CPPUNIT_ASSERT_EQUAL(std::string("Campagne «\u00a0Printemps\u00a0»\u00a0: date limite le 15/12/2026"),
                             wordMail(facts).subject);

        facts.today = facts.deadline - days(1);
        expect("15/12/2026, demain.", wordMail(facts).text);

        facts.today = facts.deadline;
        facts.toCreator = true;
        facts.silent = {"Ann Arbor", "Bob Bée"};
        expect(
            "15/12/2026, aujourd’hui.\nElle est encore en validation. Réponses attendues\u00a0:\n\n- Ann Arbor\n"
            "- Bob Bée\n",
            wordMail(facts).text);
    }

    void nothingInATitleMakesALineOrAHeader() {
        MailFacts facts = factsOf(MailKind::Approved);
        facts.title = "Printemps\r\nBcc: all@example.com\n\n\u202eevil \U0001F389";
        facts.recipient = "Carl\nBcc: x@example.com";

        const MailWords words = wordMail(facts);
        const std::string mail = mailOf(words);

        CPPUNIT_ASSERT(words.subject.find('\n') == std::string::npos);
        expect("\U0001F389", words.subject);
        expect("\\u202e", words.subject);
        CPPUNIT_ASSERT(mail.find("\nBcc:") == std::string::npos);
        CPPUNIT_ASSERT(words.text.starts_with("Bonjour Carl Bcc: x@example.com,\n"));
    }

    void longTitlesAreCutAtACharacter() {
        MailFacts facts = factsOf(MailKind::Approved);
        facts.title.clear();
        for (int i = 0; i < 100; ++i) facts.title += "\U0001F389";

        const std::string subject = wordMail(facts).subject;

        CPPUNIT_ASSERT(subject.size() < 260);
        expect("…\u00a0» validée", subject);
    }

    void headersAreComplete() {
        const std::string mail = mailOf({"Campagne «\u00a0Printemps\u00a0» validée", "Bonjour\n"});

        expect("Date: Sun, 22 Nov 2026 10:30:00 +0000\r\n", mail);
        expect("From: \"Agora\" <agora@mairie.example>\r\nTo: carl@mairie.example\r\n", mail);
        expect("Subject: =?UTF-8?B?", mail);
        expect("Message-ID: <passerelle-7-20261122103000@mairie.example>\r\n", mail);
        expect("Auto-Submitted: auto-generated\r\n", mail);
        expect("Content-Type: text/plain; charset=UTF-8\r\n", mail);
    }

    void encodedWordsPartNoCharacter() {
        std::string title;
        for (int i = 0; i < 40; ++i) title += i % 2 == 0 ? "é\U0001F389" : "a";

        const std::string words = headerWords(title);

        std::string decoded;
        std::istringstream lines(words);
        for (std::string line; std::getline(lines, line, '\n');) {
            while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
            if (line.starts_with(' ')) line.erase(0, 1);
            CPPUNIT_ASSERT(line.size() <= 75 && line.starts_with("=?UTF-8?B?") && line.ends_with("?="));
            std::istringstream encoded(line.substr(10, line.size() - 12));
            Poco::Base64Decoder decoder(encoded);
            std::string part;
            Poco::StreamCopier::copyToString(decoder, part);
            CPPUNIT_ASSERT(isUtf8(part));
            decoded += part;
        }
        CPPUNIT_ASSERT_EQUAL(title, decoded);
        CPPUNIT_ASSERT_EQUAL(std::string("plain"), headerWords("plain"));
        CPPUNIT_ASSERT(headerWords("=?UTF-8?B?QQ==?=").find("QQ==") == std::string::npos);
    }

    void theTextComesThroughAsItIs() {
        const std::string text = "Été \U0001F389\n.\n..\n" + std::string(2'000, 'x') + "\nFin=\n";
        const std::string mail = mailOf({"s", text});
        const std::string body = mail.substr(mail.find("\r\n\r\n") + 4);

        std::istringstream lines(mail);
        for (std::string line; std::getline(lines, line);) CPPUNIT_ASSERT(line.ends_with('\r') && line.size() < 200);
        std::istringstream encoded(body);
        Poco::Net::QuotedPrintableDecoder decoder(encoded);
        std::string decoded;
        Poco::StreamCopier::copyToString(decoder, decoded);
        std::erase(decoded, '\r');
        CPPUNIT_ASSERT_EQUAL(text, decoded);
    }

    void theSendersNameIsNoAddress() {
        MailForm form = formOf({"s", "t\n"});
        form.fromName = "Mairie \"<x@example.com>\"";
        expect("From: \"Mairie \\\"<x@example.com>\\\"\" <agora@mairie.example>\r\n", writeMail(form));
        form.fromName = "Mairie\r\nBcc: all@example.com";
        CPPUNIT_ASSERT(writeMail(form).find("\nBcc:") == std::string::npos);
        form.fromName = "";
        expect("From: agora@mairie.example\r\n", writeMail(form));
    }

    void addressesAreTakenOrNot() {
        CPPUNIT_ASSERT_EQUAL(std::string("a.b+c@mairie.example"),
                             usableAddress(" a.b+c@mairie.example ").value_or("-"));
        CPPUNIT_ASSERT_EQUAL(std::string("a@xn--mairie-vian-hbb.fr"), usableAddress("a@mairie-évian.fr").value_or("-"));
        for (const std::string bad :
             {"", "ann", "@mairie.example", "ann@", "ann@@mairie.example", "an n@mairie.example", "ann@mairie..example",
              "ann@mairie.example>\r\nDATA", "ann@mai\nrie.example", "<ann@mairie.example>", "ann@[127.0.0.1]",
              "ann@mairie.example,bob@mairie.example", "é@mairie.example", "ann@-.example-"})
            CPPUNIT_ASSERT_MESSAGE(bad, !usableAddress(bad));
        CPPUNIT_ASSERT(!usableAddress(std::string(65, 'a') + "@mairie.example"));
    }

    void addressesAreMasked() {
        CPPUNIT_ASSERT_EQUAL(std::string("b…@mairie.example"), maskedAddress("bob@mairie.example"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("550 <b…@mairie.example>: no A…@Mairie.example, …@x.example or @ at @"),
            withoutAddresses("550 <bob@mairie.example>: no ANN@Mairie.example, élo@x.example or @ at @"));
        CPPUNIT_ASSERT_EQUAL(std::string("a…@b…@c"), withoutAddresses("a@b@c"));
    }

private:
    static MailFacts factsOf(MailKind kind) {
        MailFacts facts;
        facts.kind = kind;
        facts.recipient = "Carl Creux";
        facts.title = "Printemps";
        return facts;
    }
    static MailForm formOf(const MailWords& words) {
        return {"agora@mairie.example",
                "Agora",
                "carl@mairie.example",
                words.subject,
                words.text,
                "passerelle-7-20261122103000",
                sys_days{year{2026} / 11 / 22} + hours(10) + minutes(30)};
    }
    static std::string mailOf(const MailWords& words) { return writeMail(formOf(words)); }
    static void expect(const std::string& part, const std::string& text) {
        CPPUNIT_ASSERT_MESSAGE(part + "\nis not in\n" + text, text.find(part) != std::string::npos);
    }
    static bool isUtf8(const std::string& text) {
        const Poco::UTF8Encoding utf8;
        for (std::size_t i = 0; i < text.size();) {
            const auto* at = reinterpret_cast<const unsigned char*>(text.data()) + i;
            const int code = utf8.queryConvert(at, static_cast<int>(text.size() - i));
            if (code < 0) return false;
            i += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        }
        return true;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MailTextTest);
