#include "worker/RunReceiver.h"

#include "Poco/Base64Encoder.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <sstream>
#include <string>
#include <vector>

using namespace carillon;

namespace {

const std::string kSecret = "hun\"ter/2000-abc";

std::string base64(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return text.str();
}

/// As servers and encoders write it.
std::vector<std::string> formsOfSecret() {
    return {kSecret,
            R"(hun\"ter\/2000-abc)",
            "hun%22ter%2F2000-abc",
            base64("agora:" + kSecret),
            kSecret.substr(0, 13),
            R"(hun\\\"ter/2000-abc)"};
}

}  // namespace

/// What of a run's words reaches the host.
class RunReceiverTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RunReceiverTest);
    CPPUNIT_TEST(nothingSaidHoldsTheSecretInAnyForm);
    CPPUNIT_TEST(whatIsHiddenIsMadeVisible);
    CPPUNIT_TEST(whatShouldBeNextIsSaidOfAFailureAlone);
    CPPUNIT_TEST(aSecretThatIsPrintedInPiecesIsConcealed);
    CPPUNIT_TEST(anAccountArrivesWhole);
    CPPUNIT_TEST(reportKeepsFewFiguresAndSaysSo);
    CPPUNIT_TEST(longTextsAreCutBetweenCharacters);
    CPPUNIT_TEST(reportKeepsFewWarningsHoweverManyItHolds);
    CPPUNIT_TEST_SUITE_END();

public:
    void nothingSaidHoldsTheSecretInAnyForm() {
        for (const auto& form : formsOfSecret()) {
            _said.clear();

            sayEverywhere("got " + form + ", http://me:pw@host");

            CPPUNIT_ASSERT_EQUAL(std::size_t{21}, _said.size());
            for (const auto& text : _said) {
                CPPUNIT_ASSERT_MESSAGE(form + " in " + text, text.find("[secret]") != std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(form + " in " + text, text.find("ter") == std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(form + " in " + text,
                                       text.find(base64(kSecret).substr(0, 8)) == std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(form + " in " + text, text.find("me:pw") == std::string::npos);
            }
        }
    }

    void whatIsHiddenIsMadeVisible() {
        sayEverywhere("a\u202eb\u0085c\x1b[2Jd é");

        for (std::size_t i = 1; i < _said.size(); ++i)  // the first is a line of the log, which has its own escapes
            CPPUNIT_ASSERT_EQUAL(std::string("a\\u202eb\\u0085c\\x1b[2Jd é"), _said[i]);
    }

    void whatShouldBeNextIsSaidOfAFailureAlone() {
        using std::chrono::hours;
        const auto received = [this](RunReport report) {
            RunReceiver receiver(listener());
            receiver.say(std::move(report));
            return *receiver.end().report;
        };
        RunReport well = RunReport::succeeded("well");
        well.retryAfter = hours(1);
        well.givenUp = true;
        RunReport both = RunReport::giveUp("no");
        both.retryAfter = hours(1);

        CPPUNIT_ASSERT(received(well).retryAfter == hours(0) && !received(well).givenUp);
        CPPUNIT_ASSERT(received(both).retryAfter == hours(0) && received(both).givenUp);
        CPPUNIT_ASSERT(received(RunReport::retryLater("busy", hours(1))).retryAfter == hours(1));
        CPPUNIT_ASSERT(received(RunReport::retryLater("busy", hours(-1))).retryAfter == hours(0));
        CPPUNIT_ASSERT(received(RunReport::retryLater("busy", std::chrono::seconds::max())).retryAfter ==
                       std::chrono::days(366));
    }

    /// In a line without end, wherever it is cut.
    void aSecretThatIsPrintedInPiecesIsConcealed() {
        const std::string secret(40, 's');
        for (std::size_t before = 4'060; before <= 4'140; before += 4) {
            _said.clear();
            RunReceiver receiver(listener());
            receiver.say(Secret{secret});

            const std::string text = std::string(before, '.') + secret + std::string(5'000, '.');
            for (std::size_t at = 0; at < text.size(); at += 117) receiver.printed(text.substr(at, 117));
            receiver.endPrinted();

            std::string all;
            for (const auto& line : _said) all += line.substr(std::string("plugin.printed text=").size());
            CPPUNIT_ASSERT_MESSAGE(all, all.find("[secret]") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(all, all.find("sss") == std::string::npos);
        }
    }

    void longTextsAreCutBetweenCharacters() {
        std::string all;
        for (int i = 0; i < 1'000'000; ++i) all += "é";
        RunReceiver receiver({});

        receiver.say(RunReport::failed("." + all));

        const std::string& message = receiver.end().report->message.text;
        CPPUNIT_ASSERT(message.size() < 17'000);
        CPPUNIT_ASSERT(message.ends_with("é…"));
    }

    void reportKeepsFewFiguresAndSaysSo() {
        auto report = RunReport::succeeded("done");
        for (int i = 0; i < 300; ++i) report.counter("c" + std::to_string(i), i);
        RunReceiver receiver({});

        receiver.say(report);

        CPPUNIT_ASSERT_EQUAL(std::size_t{256}, receiver.end().report->figures.size());
        CPPUNIT_ASSERT_EQUAL(std::string("more than 256 figures were reported; the first ones are kept"),
                             receiver.end().report->warnings.at(0).text);
    }

    void anAccountArrivesWhole() {
        std::string password;
        WorkerListener listener;
        listener.onMessage = Hearing([&password](const MailAccount& account) { password = account.password; });
        RunReceiver receiver(listener);
        receiver.say(Secret{kSecret});

        receiver.say(MailAccount{"h", 25, MailAccount::Security::None, "u", kSecret, "a@b.c", ""});

        CPPUNIT_ASSERT_EQUAL(kSecret, password);
    }

    void reportKeepsFewWarningsHoweverManyItHolds() {
        auto report = RunReport::succeeded("done");
        report.warnings.assign(1'000, "again");
        report.warningsOmitted = 3;
        RunReceiver receiver({});

        receiver.say(report);

        CPPUNIT_ASSERT_EQUAL(RunReport::kMaxWarnings, receiver.end().report->warnings.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{953}, receiver.end().report->warningsOmitted);
    }

private:
    WorkerListener listener() {
        const auto take = [this](const auto&... texts) { (_said.push_back(texts), ...); };
        WorkerListener listener;
        listener.onMessage = Hearing(
            [take](const LogMessage& line) { take(line.text); }, [take](const Progress& how) { take(how.what); },
            [take](const Check& check) {
                take(check.name, check.message, check.recommendation, check.details.at(0).first,
                     check.details.at(0).second);
            },
            [take](const Reject& reject) { take(reject.what, reject.reason, reject.detail, reject.run); },
            [take](const PlannedItem& item) { take(item.what, item.effect, item.reason, item.detail); },
            [take](const ConfigFault& fault) { take(fault.key, fault.problem); });
        return listener;
    }

    void sayEverywhere(const std::string& text) {
        RunReceiver receiver(listener());
        receiver.say(Secret{kSecret});
        receiver.say(LogMessage{Poco::Message::PRIO_INFORMATION, 0, text});
        receiver.say(Progress{1, 2, text});
        receiver.say(Check{text, CheckState::Failed, text, {{text, text}}, text});
        receiver.say(Reject{1, {}, text, text, text, text});
        receiver.say(PlannedItem{text, text, text, text});
        receiver.say(ConfigFault{"file", 1, text, text});
        receiver.say(RunReport::failed(text).counter(text, 1).warn(text));
        _said.push_back(receiver.end().report->figures.at(0).name);
        _said.push_back(receiver.end().report->message.text);
        _said.push_back(receiver.end().report->warnings.at(0).text);
        receiver.say(TaskFailure{text});
        _said.push_back(receiver.end().error);
    }

    std::vector<std::string> _said{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunReceiverTest);
