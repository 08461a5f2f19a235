#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <memory>
#include <string>
#include <vector>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Timespan.h"
#include "Town.h"
#include "support/Certificate.h"

namespace {

void openssl(std::vector<std::string> words) {
    words.insert(words.begin(), "openssl");
    assertExit(0, Command(words).run());
}

}  // namespace

/// A gateway behind TLS: whatever is wrong with it is refused before the key is sent, with a sentence that helps; and
/// what is right brings all answers in.
class TlsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TlsTest);
    CPPUNIT_TEST(anAuthorityOfTheTownsOwnIsTaken);
    CPPUNIT_TEST(aClientCertificateIsShown);
    CPPUNIT_TEST(whatIsNotSafeIsRefused);
    CPPUNIT_TEST(filesThatCannotBeUsedAreNamed);
    CPPUNIT_TEST(redirectToHttpsIsFollowed);
    CPPUNIT_TEST(redirectElsewhereIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _town = std::make_unique<Town>();
        _authority = makeAuthority("authority");
        _good = makeSigned("good", _authority, "IP:127.0.0.1");
    }
    void tearDown() override { _town.reset(); }

    void anAuthorityOfTheTownsOwnIsTaken() {
        serve({_good.file, _good.key});
        trust(_authority);

        requireAll("task.gateway.ca");
        tellEvidence("TLS with an authority of the town's own", 1, "all stored and acknowledged");
    }

    void aClientCertificateIsShown() {
        const Certificate client = makeSigned("client", _authority, "DNS:agora");
        const Certificate stranger = makeSigned("stranger", makeAuthority("other"), "DNS:agora");
        serve({_good.file, _good.key, _authority.file});
        trust(_authority);

        requireRefusal("no certificate", {"asks for a client's certificate", "task.gateway.certificate "});
        show(stranger.file, stranger.key);
        requireRefusal("certificate of a stranger", {"does not accept the certificate task.gateway.certificate = "});
        show(client.file, client.key);
        requireAll("client's certificate");
        tellEvidence("TLS gateway that asks for a client's certificate: none, another's, the right one", 3,
                     "refused twice, then all stored and acknowledged");
    }

    void whatIsNotSafeIsRefused() {
        serve({_good.file, _good.key});
        requireRefusal("unknown authority", {"no authority that this system knows", "task.gateway.ca"});
        trust(makeAuthority("wrong"));
        requireRefusal("another authority", {"does not come from the authority task.gateway.ca = "});

        trust(_authority);
        const Certificate named = makeSigned("named", _authority, "DNS:passerelle.example.com");
        serve({named.file, named.key});
        requireRefusal("wrong name", {"not made out for 127.0.0.1", "correct the address"});

        const Certificate expired = makeSigned("expired", _authority, "IP:127.0.0.1", -1);
        serve({expired.file, expired.key});
        requireRefusal("expired", {"its certificate has expired", "renewed"});

        serve({_good.file, _good.key, "", true});
        requireRefusal("old protocol", {"nothing newer than TLS 1.1", "TLS 1.2"});

        serve({_good.file, _good.key});
        requireAll("mended");
        tellEvidence("TLS: unknown authority, another one, wrong name, expired, old protocol", 5,
                     "refused before any request, then one run put all right");
    }

    void filesThatCannotBeUsedAreNamed() {
        const Certificate client = makeSigned("client", _authority, "DNS:agora");
        serve({_good.file, _good.key});
        trust(_authority);

        show("/no/such.pem", client.key);
        requireRefusal("no file", {"task.gateway.certificate = /no/such.pem: there is no such file"});
        show(client.file, _good.key);
        requireRefusal("another key", {"task.gateway.certificate_key = ", "this is not the key of"});
        show(client.key, client.key);
        requireRefusal("no certificate", {"task.gateway.certificate = ", "no certificate that can be used"});
        show(client.file, client.file);
        CPPUNIT_ASSERT_EQUAL(0, ::chmod(client.file.c_str(), 0600));
        requireRefusal("no key", {"task.gateway.certificate_key = ", "no private key"});
        const std::string locked = at("locked.key");
        openssl({"pkey", "-in", client.key, "-aes256", "-passout", "pass:word", "-out", locked});
        show(client.file, locked);
        requireRefusal("passphrase", {"task.gateway.certificate_key = ", "passphrase"});
        CPPUNIT_ASSERT_EQUAL(0, ::chmod(client.key.c_str(), 0644));
        show(client.file, client.key);
        requireRefusal("open key", {"run: chmod o-rwx '" + client.key + "'"});
        tellEvidence("TLS: files that cannot be used", 6, "refused with the key's name before any request");
    }

    void redirectToHttpsIsFollowed() {
        serve({_good.file, _good.key});
        trust(_authority);
        _town->scene().setSetting("validation_url", _town->scene().gatewayAddress());
        _town->offerMore();
        redirect(_town->scene().tlsAddress());

        _town->recover();

        assertContains("gateway.moved", _town->scene().log());
        _town->assertExact("redirected to https");
        tellEvidence("redirect from http to https of the same host", 1, "followed: all stored and acknowledged");
    }

    void redirectElsewhereIsRefused() {
        Poco::Net::ServerSocket other(Poco::Net::SocketAddress("127.0.0.1", 0));
        const std::string port = std::to_string(other.address().port());
        Scene& scene = _town->scene();
        serve({_good.file, _good.key});
        trust(_authority);
        const std::vector<std::pair<std::string, std::string>> moves{
            {scene.gatewayAddress(), "http://localhost:" + port + "/p"},
            {scene.gatewayAddress(), "http://127.0.0.1:" + port + "/p"},
            {scene.gatewayAddress(), "https://localhost:" + port + "/p"},
            {scene.tlsAddress(), "https://127.0.0.1:" + port + "/p"},
            {scene.tlsAddress(), "http://127.0.0.1:" + port + "/p"}};
        for (const auto& [from, to] : moves) {
            scene.setSetting("validation_url", from);
            _town->offerMore();
            redirect(to);

            const RunEnd end = Scene::endOf(_town->command().run());

            assertExit(1, end.command);
            assertContains("a redirect to " + to, end.member("message"));
            assertContains("where the key is not sent", end.member("message"));
            CPPUNIT_ASSERT_MESSAGE(to, !other.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ));
            _town->recover();
            _town->assertExact(to);
        }
        tellEvidence("redirect to another host or port, or from https to http", 5,
                     "refused, nobody connected there, then one run put all right");
    }

private:
    std::string at(const std::string& name) const { return (_town->scene().folder() / name).string(); }

    Certificate makeSigned(const std::string& name, const Certificate& authority, const std::string& subject,
                           int days = 2) const {
        return ::makeSigned(_town->scene().folder(), name, authority, subject, days);
    }
    Certificate makeAuthority(const std::string& name) const { return ::makeAuthority(_town->scene().folder(), name); }

    void serve(const testgateway::TlsOptions& options) {
        _town->scene().listenByTls(options);
        _town->scene().setSetting("validation_url", _town->scene().tlsAddress());
    }
    void trust(const Certificate& authority) { _town->scene().setJobKey("task.gateway.ca", authority.file); }
    void show(const std::string& certificate, const std::string& key) {
        _town->scene().setJobKey("task.gateway.certificate", certificate);
        _town->scene().setJobKey("task.gateway.certificate_key", key);
    }
    void redirect(const std::string& to) {
        _town->scene().fault("redirect", "pending", R"("location":")" + to + R"(/api.php/pending-validations")");
    }

    void requireAll(const std::string& when) {
        _town->offerMore();
        _town->recover();
        _town->assertExact(when);
    }
    void requireRefusal(const std::string& when, const std::vector<std::string>& parts) {
        const auto before = _town->scene().gatewayState().requests;

        const RunEnd end = Scene::endOf(_town->command().run());

        CPPUNIT_ASSERT_EQUAL_MESSAGE(when + ": " + textOf(end.command), 1, end.command.exitCode);
        for (const auto& part : parts) assertContains(part, end.member("message"));
        CPPUNIT_ASSERT_MESSAGE(when, before == _town->scene().gatewayState().requests);
        _town->assertNothingHalf(when);
    }

    std::unique_ptr<Town> _town{};
    Certificate _authority{};
    Certificate _good{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(TlsTest);
