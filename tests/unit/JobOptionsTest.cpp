#include "JobOptions.h"
#include "config/SourceReader.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "Poco/File.h"
#include "Poco/TemporaryFile.h"

using namespace passerelle;
using namespace std::chrono_literals;

/// The `task.*` keys of the plugin's jobs.
class JobOptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobOptionsTest);
    CPPUNIT_TEST(aFewKeysAreEnough);
    CPPUNIT_TEST(everyKeyIsRead);
    CPPUNIT_TEST(aCertificateAndItsKeyComeTogether);
    CPPUNIT_TEST(aProxyIsAnAddressOrNone);
    CPPUNIT_TEST(sqliteNeedsItsFileOnly);
    CPPUNIT_TEST(aConnectionStringStandsForItsParts);
    CPPUNIT_TEST(badValuesAreRefusedByKeyAndRightValue);
    CPPUNIT_TEST(whatIsMissingIsNamedAllAtOnce);
    CPPUNIT_TEST(partsBesideAConnectionStringAreRefused);
    CPPUNIT_TEST(whatAConnectionStringCannotCarryIsRefusedWithoutShowingIt);
    CPPUNIT_TEST(secretsAreReadFromTheirFilesAndConcealed);
    CPPUNIT_TEST(secretsThatOthersMayReadAreRefused);
    CPPUNIT_TEST(keysAndCertificatesOfTheDatabaseThatOthersWriteAreRefused);
    CPPUNIT_TEST(aPasswordInAConnectionStringIsASecret);
    CPPUNIT_TEST(unknownKeysAreRefusedWithTheNearest);
    CPPUNIT_TEST(cleanOptionsHaveTheirDays);
    CPPUNIT_TEST_SUITE_END();

public:
    void aFewKeysAreEnough() {
        const Outcome outcome = readSync(kEnough);

        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.faults);
        const SyncOptions& options = outcome.options;
        CPPUNIT_ASSERT(options.database.connector == Connector::MySql);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3306}, options.database.port);
        CPPUNIT_ASSERT(!options.database.portGiven);
        CPPUNIT_ASSERT(options.database.timeout == 30s && options.timeout == 30s);
        CPPUNIT_ASSERT(!options.url && !options.key && !options.mode);
        CPPUNIT_ASSERT(options.dialect == Dialect::Path);
        CPPUNIT_ASSERT_EQUAL(std::string("UTC"), options.gatewayZone);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2'000}, options.batch);
        CPPUNIT_ASSERT_EQUAL(0.5, options.maxRejectRatio);
        CPPUNIT_ASSERT(!options.database.tls);
    }

    void everyKeyIsRead() {
        Poco::TemporaryFile key;
        write(key.path(), "file-key \r\nsecond line\n", S_IRUSR | S_IWUSR);
        const Outcome outcome = readSync({{"database.socket", "/run/mysqld/mysqld.sock"},
                                          {"database.port", "3307"},
                                          {"database.name", "agora"},
                                          {"database.user", "sync"},
                                          {"database.password", "p"},
                                          {"database.timeout", "5s"},
                                          {"database.tls.ca", "/ca.pem"},
                                          {"database.tls.certificate", "/c.pem"},
                                          {"database.tls.key", "/k.pem"},
                                          {"gateway.url", "https://g.example.com"},
                                          {"gateway.key.file", key.path()},
                                          {"gateway.dialect", "query"},
                                          {"gateway.timezone", "Europe/Paris"},
                                          {"gateway.ca", "/gateway.pem"},
                                          {"gateway.certificate", "/client.pem"},
                                          {"gateway.certificate_key", "/client.key"},
                                          {"gateway.timeout", "100ms"},
                                          {"gateway.proxy", "http://px.example:3128"},
                                          {"mode", "passerelle"},
                                          {"batch", "10000"},
                                          {"rejects.max_ratio", "1"},
                                          {"notify.creators", "true"}});

        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.faults);
        const SyncOptions& options = outcome.options;
        CPPUNIT_ASSERT_EQUAL(std::string("/run/mysqld/mysqld.sock"), options.database.socket);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3307}, options.database.port);
        CPPUNIT_ASSERT(options.database.portGiven);
        CPPUNIT_ASSERT_EQUAL(std::string("agora/sync/p"),
                             options.database.name + "/" + options.database.user + "/" + options.database.password);
        CPPUNIT_ASSERT(options.database.timeout == 5s && options.timeout == 100ms);
        CPPUNIT_ASSERT(options.database.tls);
        CPPUNIT_ASSERT_EQUAL(std::string("/ca.pem/c.pem/k.pem"),
                             options.database.tlsCa + options.database.tlsCertificate + options.database.tlsKey);
        CPPUNIT_ASSERT_EQUAL(std::string("https://g.example.com"), options.url.value());
        CPPUNIT_ASSERT_EQUAL(std::string("file-key"), options.key.value());
        CPPUNIT_ASSERT(options.dialect == Dialect::Query);
        CPPUNIT_ASSERT_EQUAL(std::string("Europe/Paris/gateway.pem"), options.gatewayZone + options.tls.ca);
        CPPUNIT_ASSERT_EQUAL(std::string("/client.pem/client.key"),
                             options.tls.certificate + options.tls.certificateKey);
        CPPUNIT_ASSERT_EQUAL(std::string("px.example:3128 of task.gateway.proxy"), options.proxy.proxy.value().name());
        CPPUNIT_ASSERT_EQUAL(std::size_t{10'000}, options.batch);
        CPPUNIT_ASSERT_EQUAL(1.0, options.maxRejectRatio);
        CPPUNIT_ASSERT(options.notifiesCreators && !readSync(kEnough).options.notifiesCreators);
    }

    void aCertificateAndItsKeyComeTogether() {
        for (const auto& [given, other] :
             {std::pair<std::string, std::string>("gateway.certificate", "gateway.certificate_key"),
              {"gateway.certificate_key", "gateway.certificate"}}) {
            auto keys = kEnough;
            keys[given] = "/some.pem";

            const std::string faults = readSync(keys).faults;

            const std::string expected =
                "task." + given + " is given without task." + other + ", expected both or neither\n";
            CPPUNIT_ASSERT_MESSAGE(faults, faults.ends_with(expected));
        }
    }

    void aProxyIsAnAddressOrNone() {
        const auto read = [this](const std::string& value) {
            auto keys = kEnough;
            keys["gateway.proxy"] = value;
            return readSync(keys);
        };

        for (const std::string off : {"none", "direct"}) {
            CPPUNIT_ASSERT(read(off).options.proxy.isDirect);
            CPPUNIT_ASSERT(!read(off).options.proxy.proxy);
        }
        CPPUNIT_ASSERT(!read("").options.proxy.isDirect);
        const Outcome secret = read("http://agora:hush@px.example:3128");
        CPPUNIT_ASSERT_EQUAL(std::string("hush"), secret.options.proxy.proxy.value().password);
        CPPUNIT_ASSERT_EQUAL(std::string(), secret.faults);
        const Outcome wrong = read("https://agora:hush@px.example:3128");
        CPPUNIT_ASSERT_MESSAGE(wrong.faults, wrong.faults.find("task.gateway.proxy names a proxy of the kind https://, "
                                                               "expected http://HOST:PORT") != std::string::npos);
        CPPUNIT_ASSERT(wrong.faults.find("hush") == std::string::npos);
    }

    void sqliteNeedsItsFileOnly() {
        const Outcome outcome = readSync({{"database.connector", "SQLite"}, {"database.connection", "/srv/agora.db"}});

        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.faults);
        CPPUNIT_ASSERT(outcome.options.database.connector == Connector::Sqlite);
        CPPUNIT_ASSERT_EQUAL(std::string("/srv/agora.db"), outcome.options.database.connection);
        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "job.properties: task.database.connection is missing or empty, expected the path of the SQLite file\n"),
            readSync({{"database.connector", "SQLite"}}).faults);
    }

    void aConnectionStringStandsForItsParts() {
        const Outcome outcome = readSync({{"database.connection", "host=db;user=sync;db=agora"}});

        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.faults);
        CPPUNIT_ASSERT(outcome.secrets.empty());
    }

    void badValuesAreRefusedByKeyAndRightValue() {
        struct Case {
            std::string key;
            std::string value;
            std::string expected;
        };
        const std::vector<Case> cases{
            {"database.connector", "mysql", "expected one of MySQL, SQLite"},
            {"database.port", "0", "expected a whole number from 1 to 65535"},
            {"database.port", "65536", "expected a whole number from 1 to 65535"},
            {"database.port", "3306x", "expected a whole number from 1 to 65535"},
            {"database.timeout", "5", "expected a duration such as 30s (1s to 10m)"},
            {"database.timeout", "999ms", "expected a duration such as 30s (1s to 10m)"},
            {"database.timeout", "11m", "expected a duration such as 30s (1s to 10m)"},
            {"database.tls.required", "yes", "expected one of true, false"},
            {"gateway.dialect", "Path", "expected one of path, query"},
            {"gateway.timeout", "99ms", "expected a duration such as 30s (100ms to 10m)"},
            {"gateway.timeout", "-1s", "expected a duration such as 30s (100ms to 10m)"},
            {"gateway.timeout", "1h", "expected a duration such as 30s (100ms to 10m)"},
            {"batch", "0", "expected a whole number from 1 to 10000"},
            {"batch", "10001", "expected a whole number from 1 to 10000"},
            {"batch", "1e3", "expected a whole number from 1 to 10000"},
            {"batch", "99999999999999999999", "expected a whole number from 1 to 10000"},
            {"rejects.max_ratio", "1.1", "expected a fraction from 0 to 1 such as 0.5"},
            {"rejects.max_ratio", "-0.1", "expected a fraction from 0 to 1 such as 0.5"},
            {"rejects.max_ratio", "50 %", "expected a fraction from 0 to 1 such as 0.5"},
            {"rejects.max_ratio", "0,5", "expected a fraction from 0 to 1 such as 0.5"},
            {"rejects.max_ratio", "nan", "expected a fraction from 0 to 1 such as 0.5"},
            {"gateway.url", "${system.env.NOT_SET}", "names a variable that is not set"},
            {"gateway.key.file", "/no/such/file", "a file that is missing, empty or not readable"}};

        for (const auto& c : cases) {
            auto keys = kEnough;
            keys[c.key] = c.value;

            const std::string faults = readSync(keys).faults;

            const std::string message = c.key + " = " + c.value + " -> " + faults;
            CPPUNIT_ASSERT_MESSAGE(message, faults.starts_with("job.properties:7: task." + c.key + " = " + c.value));
            CPPUNIT_ASSERT_MESSAGE(message, faults.find(c.expected) != std::string::npos);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(message, std::ptrdiff_t{1}, std::count(faults.begin(), faults.end(), '\n'));
        }
    }

    void whatIsMissingIsNamedAllAtOnce() {
        CPPUNIT_ASSERT_EQUAL(std::string("job.properties: task.database.host is missing or empty\n"
                                         "job.properties: task.database.name is missing or empty\n"
                                         "job.properties: task.database.user is missing or empty\n"),
                             readSync({}).faults);
    }

    void partsBesideAConnectionStringAreRefused() {
        for (const auto* part :
             {"database.host", "database.socket", "database.name", "database.user", "database.password"}) {
            const std::string faults = readSync({{"database.connection", "host=db"}, {part, "x"}}).faults;

            CPPUNIT_ASSERT_MESSAGE(part, faults.find("expected one of the two") != std::string::npos);
        }
    }

    void whatAConnectionStringCannotCarryIsRefusedWithoutShowingIt() {
        for (const std::string value : {"se;cret", " secret", "secret "}) {
            for (const std::string key : {"database.password", "database.name", "database.user", "database.host"}) {
                auto keys = kEnough;
                keys[key] = value;

                const std::string faults = readSync(keys).faults;

                CPPUNIT_ASSERT_MESSAGE(faults, faults.starts_with("job.properties:7: task." + key + " holds a ';'"));
                CPPUNIT_ASSERT_MESSAGE(faults, faults.find("cret") == std::string::npos);
            }
        }
    }

    void secretsAreReadFromTheirFilesAndConcealed() {
        Poco::TemporaryFile password;
        write(password.path(), "hush\n", S_IRUSR);
        auto keys = kEnough;
        keys["database.password.file"] = password.path();
        keys["gateway.key"] = "k${x}";

        const Outcome outcome = readSync(keys);

        CPPUNIT_ASSERT_EQUAL(std::string(), outcome.faults);
        CPPUNIT_ASSERT_EQUAL(std::string("hush"), outcome.options.database.password);
        CPPUNIT_ASSERT_EQUAL(std::string("k${x}"), outcome.options.key.value());
        CPPUNIT_ASSERT(outcome.secrets == (std::vector<std::string>{"hush", "k${x}"}));
    }

    void secretsThatOthersMayReadAreRefused() {
        for (const std::string key : {"database.password", "gateway.key"}) {
            Poco::TemporaryFile secret;
            write(secret.path(), "hush\n", S_IRUSR | S_IROTH);
            auto keys = kEnough;
            keys[key + ".file"] = secret.path();
            const std::string inItsFile = readSync(keys).faults;
            keys = kEnough;
            keys[key] = "hush";
            const std::string inTheJobsFile = readSync(keys, secret.path()).faults;
            keys[key + ".file"] = secret.path();
            const std::string inBoth = readSync(keys).faults;

            for (const auto& faults : {inItsFile, inTheJobsFile}) {
                CPPUNIT_ASSERT_MESSAGE(faults, faults.find("task." + key) != std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(faults,
                                       faults.find("run: chmod o-rwx '" + secret.path() + "'") != std::string::npos);
            }
            CPPUNIT_ASSERT_MESSAGE(inBoth, inBoth.find("are both given, expected one") != std::string::npos);
            for (const auto& faults : {inItsFile, inTheJobsFile, inBoth})
                CPPUNIT_ASSERT_MESSAGE(faults, faults.find("hush") == std::string::npos);
        }
    }

    void keysAndCertificatesOfTheDatabaseThatOthersWriteAreRefused() {
        Poco::TemporaryFile file;
        write(file.path(), "", S_IRUSR | S_IWOTH);
        for (const std::string key : {"database.tls.ca", "database.tls.certificate", "database.tls.key"}) {
            auto keys = kEnough;
            keys[key] = file.path();

            const std::string faults = readSync(keys).faults;

            const char* problem = key == "database.tls.key" ? " the secret stands in a file that others may read; run: "
                                                            : " may be written by others and is refused; run: ";
            CPPUNIT_ASSERT_MESSAGE(faults,
                                   faults.starts_with("job.properties:7: task." + key + " = " + file.path() + problem));
        }
    }

    void aPasswordInAConnectionStringIsASecret() {
        Poco::TemporaryFile job;
        write(job.path(), "", S_IRUSR | S_IROTH);
        for (const std::string connection : {"host=db;password=hush", "host=db; password = hush ;db=a"}) {
            const Outcome outcome = readSync({{"database.connection", connection}}, job.path());

            CPPUNIT_ASSERT_MESSAGE(outcome.faults, outcome.faults.find("chmod o-rwx") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(outcome.faults, outcome.faults.find("hush") == std::string::npos);
            // The password alone as well, which a server's words may hold.
            CPPUNIT_ASSERT(outcome.secrets == (std::vector<std::string>{connection, "hush"}));
        }
    }

    void unknownKeysAreRefusedWithTheNearest() {
        auto keys = kEnough;
        keys["gateway.timout"] = "5s";

        CPPUNIT_ASSERT_EQUAL(
            std::string(
                "job.properties:7: task.gateway.timout is not a known key, did you mean task.gateway.timeout\n"),
            readSync(keys).faults);
    }

    void cleanOptionsHaveTheirDays() {
        const auto days = [](const std::string& given) {
            auto keys = kEnough;
            if (!given.empty()) keys["days"] = given;
            const carillon::ConfigSource source = sourceOf(keys, "job.properties");
            carillon::SourceReader reader(source, "task.");
            const CleanOptions options = readCleanOptions(reader);
            reader.refuseUnknown();
            return reader.faults().empty() ? std::to_string(options.days) : reader.faults().front().sentence();
        };

        CPPUNIT_ASSERT_EQUAL(std::string("90"), days(""));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), days("1"));
        CPPUNIT_ASSERT_EQUAL(std::string("job.properties:7: task.days = 0, expected a whole number from 1 to 36500"),
                             days("0"));
        CPPUNIT_ASSERT_EQUAL(std::string("job.properties:7: task.days = 90d, expected a whole number from 1 to 36500"),
                             days("90d"));
    }

private:
    using Keys = std::map<std::string, std::string>;

    struct Outcome {
        SyncOptions options{};
        std::string faults{};
        std::vector<std::string> secrets{};
    };

    static carillon::ConfigSource sourceOf(const Keys& keys, const std::string& file) {
        std::map<std::string, carillon::ConfigSource::Entry> entries;
        for (const auto& [key, value] : keys) entries["task." + key] = {value, value, 7};
        return {file, entries};
    }
    static Outcome readSync(const Keys& keys, const std::string& file = "job.properties") {
        const carillon::ConfigSource source = sourceOf(keys, file);
        carillon::SourceReader reader(source, "task.");
        Outcome outcome{readSyncOptions(reader)};
        reader.refuseUnknown();
        for (const auto& fault : reader.faults()) outcome.faults += fault.sentence() + "\n";
        outcome.secrets = reader.secrets();
        return outcome;
    }
    static void write(const std::string& path, const std::string& text, mode_t mode) {
        std::ofstream(path) << text;
        CPPUNIT_ASSERT_EQUAL(0, ::chmod(path.c_str(), mode));
    }

    inline static const Keys kEnough{{"database.host", "db"}, {"database.name", "agora"}, {"database.user", "sync"}};
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobOptionsTest);
