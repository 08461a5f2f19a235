#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <vector>

#include "Poco/Net/Context.h"
#include "Poco/Net/SSLManager.h"
#include "Poco/Net/SecureStreamSocket.h"
#include "support/Browser.h"
#include "support/Certificate.h"
#include "support/EventReader.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;
using Poco::Net::Context;
using Steady = std::chrono::steady_clock;

/// The same over TLS: pages and streams are what they are without.
class ServeTlsTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeTlsTest);
    CPPUNIT_TEST(pagesComeEncrypted);
    CPPUNIT_TEST(cookiesAreForEncryptedConnectionsOnly);
    CPPUNIT_TEST(plainTextAndOldProtocolsAreRefused);
    CPPUNIT_TEST(everyConnectionHasAKeyOfItsOwn);
    CPPUNIT_TEST(browsersAreToldToStayWithTls);
    CPPUNIT_TEST(eventsComeAsTheyHappen);
    CPPUNIT_TEST(whoNeverSpeaksHoldsNobodyUp);
    CPPUNIT_TEST(keyOfAnotherCertificateIsASentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>(
            "http.address = 127.0.0.1:0\nhttp.tls.certificate = cert.pem\n"
            "http.tls.key = key.pem\nhttp.names = carillon.example.com\n");
        _host->addJob("job", "succeed");
        _host->addJob("slow", "progress_slowly");
        _certificate = makeCertificate(_host->folder().path());
    }

    void pagesComeEncrypted() {
        startSecure();

        const auto answer = askSecurely("GET", "/healthz");

        expect("200", answer);
        expect("404", askSecurely("GET", "/nothing"));
        expect("413", askSecurely("POST", "/api/v1/jobs/job/run", "", std::string(70'000, ' ')));
    }

    void cookiesAreForEncryptedConnectionsOnly() {
        CPPUNIT_ASSERT_EQUAL(
            0, _host->carillon({"passwd", "anna", "--role", "operator"}).input("a long password\n").run().exitCode);
        startSecure();

        const auto answer = askSecurely("POST", "/sign-in",
                                        "Content-Type: application/x-www-form-urlencoded\r\n"
                                        "Sec-Fetch-Site: same-origin\r\n",
                                        "user=anna&password=" + formValue("a long password"));

        expect("303", answer);
        CPPUNIT_ASSERT_MESSAGE(answer, answer.find("; HttpOnly; SameSite=Strict; Secure") != std::string::npos);
    }

    void plainTextAndOldProtocolsAreRefused() {
        startSecure();
        std::string plain;
        try {
            plain = get("/healthz");
        } catch (const Poco::Exception&) {  // it was reset
        }
        CPPUNIT_ASSERT_MESSAGE(plain, plain.find("200") == std::string::npos);

        const auto old = handshake("-tls1_1");
        CPPUNIT_ASSERT_MESSAGE(old, old.find("alert protocol version") != std::string::npos);
        for (const auto* version : {"-tls1_2", "-tls1_3"})
            CPPUNIT_ASSERT_MESSAGE(handshake(version),
                                   handshake(version).find("Verification: OK") != std::string::npos);
    }

    void everyConnectionHasAKeyOfItsOwn() {
        _certificate = makeCertificate(_host->folder().path(), CertificateKey::Rsa);
        startSecure();

        for (const char* good :
             {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"}) {
            const auto said = handshake("-tls1_2", good);
            CPPUNIT_ASSERT_MESSAGE(good + said, said.find("Verification: OK") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(good + said, said.find("Server Temp Key: X25519") != std::string::npos);
        }
        // The host's own key, which decrypts all that was ever recorded; or no authenticated encryption.
        for (const char* bad : {"AES128-GCM-SHA256", "AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384",
                                "DHE-RSA-AES128-GCM-SHA256"}) {
            const auto said = handshake("-tls1_2", bad);
            CPPUNIT_ASSERT_MESSAGE(bad + said, said.find("alert handshake failure") != std::string::npos);
        }
    }

    void browsersAreToldToStayWithTls() {
        startSecure();
        const std::string head = "GET /healthz HTTP/1.1\r\nConnection: close\r\nHost: ";
        const auto told = [&](const std::string& name) {
            const auto answer = exchange(connectSecurely(), head + name + "\r\n\r\n");
            expect("200", answer);
            return answer.find("\r\nStrict-Transport-Security: max-age=31536000\r\n") != std::string::npos;
        };

        CPPUNIT_ASSERT(told("carillon.example.com"));
        // By these names other servers of the machine are called as well.
        CPPUNIT_ASSERT(!told("localhost") && !told("127.0.0.1:8620"));
    }

    void eventsComeAsTheyHappen() {
        const auto acts = token("robot", {"--role", "operator"});
        startSecure();
        EventReader events(connectSecurely(), "/live/jobs/slow", acts);
        EventReader lines(connectSecurely(), "/live/log?job=slow", acts);
        CPPUNIT_ASSERT_MESSAGE(events.head(), events.next("state"));
        expect("200", lines.head());

        expect("202", askSecurely("POST", "/api/v1/jobs/slow/run", acts));

        CPPUNIT_ASSERT(events.next("progress"));
        CPPUNIT_ASSERT(lines.next("line"));
        const auto ended = events.next("ended");
        CPPUNIT_ASSERT(ended);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), ended->text("outcome"));
        CPPUNIT_ASSERT_EQUAL(0, _host->stop().exitCode);
        CPPUNIT_ASSERT(events.waitForEnd(2s) && lines.waitForEnd(2s));
    }

    void whoNeverSpeaksHoldsNobodyUp() {
        constexpr int kSilent = 300;
        startSecure();
        std::vector<Poco::Net::StreamSocket> silent;
        for (int i = 0; i < kSilent; ++i) {
            silent.push_back(connect());
            // The beginning of a greeting, and no more of it.
            if (i % 2 == 0) silent.back().sendBytes("\x16\x03\x01\x02", 4);
        }
        const auto begin = Steady::now();

        expect("200", askSecurely("GET", "/healthz"));

        CPPUNIT_ASSERT(Steady::now() - begin < 2s);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
    }

    void keyOfAnotherCertificateIsASentence() {
        makeCertificate(_host->folder().path());
        std::filesystem::rename(_certificate.key, _certificate.key + ".other");
        makeCertificate(_host->folder().path());
        std::filesystem::rename(_certificate.key + ".other", _certificate.key);

        const auto served = _host->serve().run();

        CPPUNIT_ASSERT(served.exitCode != 0);
        CPPUNIT_ASSERT_MESSAGE(
            served.err,
            served.err.find("http.tls.certificate: no certificate with its key, in PEM") != std::string::npos);
    }

private:
    void startSecure() {
        _host->start();
        const std::string log = _host->log();
        const std::string before = "http.listening address=https://";
        CPPUNIT_ASSERT_MESSAGE(log, log.find(before) != std::string::npos);
        const auto at = log.find(before) + before.size();
        _address = log.substr(at, log.find('\n', at) - at);
    }

    /// With a client that trusts this certificate alone, for this name alone.
    Poco::Net::StreamSocket connectSecurely() const {
        Poco::Net::initializeSSL();
        Context::Ptr context = new Context(Context::TLS_CLIENT_USE, "", "", _certificate.file, Context::VERIFY_STRICT);
        Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress(_address), "localhost", context);
        socket.setReceiveTimeout(Poco::Timespan(20, 0));
        return socket;
    }
    std::string askSecurely(const std::string& method, const std::string& path, const std::string& headers = {},
                            const std::string& body = {}) const {
        return exchange(connectSecurely(), requestOf(method, path, headers, body));
    }
    std::string handshake(const std::string& version, const std::string& ciphers = "DEFAULT") const {
        const auto result = Command({"openssl", "s_client", "-connect", _address, "-servername", "localhost", version,
                                     "-cipher", ciphers + "@SECLEVEL=0", "-CAfile", _certificate.file})
                                .run();
        return result.out + result.err;
    }

    Certificate _certificate{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeTlsTest);
