#include "runner/RunReceiver.h"

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
    CPPUNIT_TEST(aSecretThatIsPrintedInPiecesIsConcealed);
    CPPUNIT_TEST_SUITE_END();

public:
    void nothingSaidHoldsTheSecretInAnyForm() {
        for (const auto& form : formsOfSecret()) {
            _said.clear();

            sayEverywhere("got " + form + ", http://me:pw@host");

            CPPUNIT_ASSERT_EQUAL(std::size_t{20}, _said.size());
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

    /// In a line without end, wherever it is cut.
    void aSecretThatIsPrintedInPiecesIsConcealed() {
        const std::string secret(40, 's');
        for (std::size_t before = 4'060; before <= 4'140; before += 4) {
            _said.clear();
            RunReceiver receiver(listener());
            receiver.conceal(secret);

            const std::string text = std::string(before, '.') + secret + std::string(5'000, '.');
            for (std::size_t at = 0; at < text.size(); at += 117) receiver.printed(text.substr(at, 117));
            receiver.endPrinted();

            std::string all;
            for (const auto& line : _said) all += line.substr(std::string("plugin.printed text=").size());
            CPPUNIT_ASSERT_MESSAGE(all, all.find("[secret]") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(all, all.find("sss") == std::string::npos);
        }
    }

private:
    WorkerListener listener() {
        const auto take = [this](const auto&... texts) { (_said.push_back(texts), ...); };
        WorkerListener listener;
        listener.onLog = [take](auto, auto, const std::string& text) { take(text); };
        listener.onProgress = [take](auto, auto, const std::string& what) { take(what); };
        listener.onCheck = [take](const Check& check) {
            take(check.name, check.message, check.recommendation, check.details.at(0).first,
                 check.details.at(0).second);
        };
        listener.onReject = [take](const Reject& reject) {
            take(reject.what, reject.reason, reject.detail, reject.run);
        };
        listener.onPlanned = [take](const PlannedItem& item) {
            take(item.what, item.effect, item.reason, item.detail);
        };
        listener.onFault = [take](const ConfigFault& fault) { take(fault.key, fault.problem); };
        return listener;
    }

    void sayEverywhere(const std::string& text) {
        RunReceiver receiver(listener());
        receiver.conceal(kSecret);
        receiver.log(Poco::Message::PRIO_INFORMATION, Poco::Timestamp(), text);
        receiver.progress(1, 2, text);
        receiver.check({text, CheckState::Failed, text, {{text, text}}, text});
        receiver.reject({1, {}, text, text, text, text});
        receiver.planned({text, text, text, text});
        receiver.fault({"file", 1, text, text});
        receiver.report(RunReport::failed(text).warn(text));
        _said.push_back(receiver.end().report->message);
        _said.push_back(receiver.end().report->warnings.at(0));
        receiver.error(text);
        _said.push_back(receiver.end().error);
    }

    std::vector<std::string> _said{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunReceiverTest);
