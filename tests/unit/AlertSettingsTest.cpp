#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <sys/stat.h>

#include <chrono>
#include <memory>
#include <string>

#include "alerts/AlertPolicy.h"
#include "config/ConfigDifference.h"
#include "config/Configuration.h"
#include "schedule/ZoneDatabase.h"
#include "support/Environment.h"
#include "support/HostFolder.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

constexpr const char* kMail =
    "alerts.mail.to = ops@example.com, night@example.com\nalerts.mail.host = smtp.example.com\n"
    "alerts.mail.from = carillon@example.com\n";

TimePoint at(std::chrono::year_month_day day, std::chrono::minutes time) {
    return TimePoint(std::chrono::sys_days{day}) + time;
}

}  // namespace

/// The keys alerts.* and job.alerts.*, and what is wrong with them.
class AlertSettingsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlertSettingsTest);
    CPPUNIT_TEST(nothingIsConfiguredByDefault);
    CPPUNIT_TEST(languageIsThatOfTheHostUnlessToldOtherwise);
    CPPUNIT_TEST(keysOfTheHostAreRead);
    CPPUNIT_TEST(keysOfAJobWin);
    CPPUNIT_TEST(instancesMayDiffer);
    CPPUNIT_TEST(eachFaultIsASentence);
    CPPUNIT_TEST(mailOfAJobNeedsSomebodyToSendIt);
    CPPUNIT_TEST(faultsOfAJobAreItsOwn);
    CPPUNIT_TEST(noFaultHoldsASecret);
    CPPUNIT_TEST(secretInAFileThatOthersReadIsRefused);
    CPPUNIT_TEST(authorityThatOthersWriteIsRefused);
    CPPUNIT_TEST(differenceConcealsAddresses);
    CPPUNIT_TEST(quietHoursEndInTheZone);
    CPPUNIT_TEST(quietHoursThroughAChangeOfTheClock);
    CPPUNIT_TEST_SUITE_END();

public:
    void nothingIsConfiguredByDefault() {
        const auto settings = read("");

        CPPUNIT_ASSERT(settings.rules.mailTo.empty() && settings.webhook.url.empty() && settings.rules.pingUrl.empty());
        CPPUNIT_ASSERT_EQUAL(1, settings.rules.after);
        CPPUNIT_ASSERT(settings.rules.on.size() == 10);
    }

    void languageIsThatOfTheHostUnlessToldOtherwise() {
        const std::pair<const char*, Language> locales[] = {{"fr_FR.UTF-8", Language::French},
                                                            {"fr", Language::French},
                                                            {"en_GB.UTF-8", Language::English},
                                                            {"C", Language::English}};
        for (const auto& [locale, language] : locales) {
            Environment environment;
            environment.set("LC_ALL", locale);
            CPPUNIT_ASSERT_MESSAGE(locale, read("").language == language);
            CPPUNIT_ASSERT(read("alerts.language = en\n").language == Language::English);
            CPPUNIT_ASSERT(read("alerts.language = fr\n").language == Language::French);
        }
    }

    void keysOfTheHostAreRead() {
        const auto settings = read(std::string(kMail) +
                                   "alerts.language = fr\nalerts.after = 3\nalerts.late = 20m\nalerts.interval = 2h\n"
                                   "alerts.on = failed, missed\nalerts.quiet = 22:00-07:30\n"
                                   "alerts.mail.security = tls\nalerts.mail.user = me\nalerts.mail.password = secret\n"
                                   "alerts.webhook.url = https://hooks.example.com/T/secret\n"
                                   "alerts.webhook.key = signing\nalerts.ping.url = https://hc-ping.com/key/{job}\n");

        CPPUNIT_ASSERT(settings.language == Language::French);
        CPPUNIT_ASSERT_EQUAL(3, settings.rules.after);
        CPPUNIT_ASSERT(settings.rules.late == 20min && settings.rules.interval == 2h);
        CPPUNIT_ASSERT((settings.rules.on == std::set{AlertKind::Failed, AlertKind::Missed}));
        CPPUNIT_ASSERT((settings.quiet == *TimeWindows::parse("22:00-07:30")));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, settings.rules.mailTo.size());
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{465}, settings.mail.account.port);
        CPPUNIT_ASSERT_EQUAL(std::string("secret"), settings.mail.account.password);
        CPPUNIT_ASSERT_EQUAL(std::string("https://hooks.example.com/T/secret"), settings.webhook.url);
    }

    void keysOfAJobWin() {
        const HostFolder folder(std::string(kMail) + "alerts.after = 3\nalerts.late = 20m\njobs.enabled = job\n");
        folder.addJob("job",
                      "job.plugin = P\njob.task = T\njob.alerts.after = 1\njob.alerts.on = none\n"
                      "job.alerts.mail.to = other@example.com\njob.alerts.ping.url = http://127.0.0.1:9/x\n");
        const auto all = readConfiguration(folder.config());
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(all));

        const auto rules = policyOf(all).rulesOf("job");

        CPPUNIT_ASSERT_EQUAL(1, rules.after);
        CPPUNIT_ASSERT(rules.late == 20min);
        CPPUNIT_ASSERT(rules.on.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("other@example.com"), rules.mailTo.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("http://127.0.0.1:9/x"), rules.pingUrl);
    }

    void instancesMayDiffer() {
        const HostFolder folder("alerts.after = 3\njobs.enabled = job\n");
        folder.addJob("job", "job.plugin = P\njob.task = T\njob.alerts.after = ${instance.after}\n");
        folder.write("jobs/job.instances.csv", "name,after\na,2\nb,\n");
        const auto all = readConfiguration(folder.config());
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(all));

        CPPUNIT_ASSERT_EQUAL(2, policyOf(all).rulesOf("job@a").after);
        CPPUNIT_ASSERT_EQUAL(3, policyOf(all).rulesOf("job@b").after);
    }

    void eachFaultIsASentence() {
        expectFault(
            "alerts.on = failure\n",
            "expected none, or some of failed, recovered, missed, rejects, backlog, host, slow, fast, no_success, "
            "counter");
        expectFault("alerts.after = 0\n", "expected a whole number from 1 to 1000");
        expectFault("alerts.quiet = 22-7\n", "expected windows such as 22:00-07:00");
        expectFault("alerts.quiet = 22:00-24:00\n", "expected windows");
        expectFault("alerts.language = de\n", "expected one of en, fr");
        expectFault("alerts.mail.to = ops\n", "expected none, or addresses such as ops@example.com");
        expectFault("alerts.mail.to = ops@example.com\n", "alerts.mail.host is missing or empty");
        expectFault("alerts.mail.to = ops@example.com\n", "alerts.mail.from is missing or empty");
        expectFault(std::string(kMail) + "alerts.mail.user = me\n", "alerts.mail.password.file is missing");
        expectFault(
            std::string(kMail) + "alerts.mail.user = me\nalerts.mail.password = p\nalerts.mail.security = none\n",
            "would send the password in clear");
        expectFault(std::string(kMail) + "alerts.mail.account_of = app\n",
                    "alerts.mail.host stands beside alerts.mail.account_of, which tells the whole account");
        expectFault("alerts.mail.account_of = app\n", "alerts.mail.account_of names app, but there is no ");
        expectFault("alerts.webhok.url = x\n", "is not a known key");
        expectFault("alerts.webhook.timeout = 5\n", "expected a duration");
        const std::string account = faultsWith("alerts.mail.host = me:hidden@smtp\nalerts.mail.from = a@example.com\n");
        CPPUNIT_ASSERT_MESSAGE(account,
                               account.find("alerts.mail.host holds a user or a password") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(account, account.find("hidden") == std::string::npos);
    }

    void mailOfAJobNeedsSomebodyToSendIt() {
        const std::string job = "job.plugin = P\njob.task = T\njob.alerts.mail.to = me@example.com\n";
        const auto faultsWith = [&job](const std::string& host) {
            const HostFolder folder("jobs.enabled = job\n" + host);
            folder.addJob("job", job);
            return faultsOf(readConfiguration(folder.config()));
        };

        const auto alone = faultsWith("");

        CPPUNIT_ASSERT_MESSAGE(
            alone, alone.find("job.properties:3: job.alerts.mail.to has nobody to send the mail") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsWith(kMail));
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsWith("alerts.mail.account_of = job\n"));
    }

    void faultsOfAJobAreItsOwn() {
        const HostFolder folder("jobs.enabled = job\n");
        folder.addJob("job", "job.plugin = P\njob.task = T\njob.alerts.late = ${instance.late}\njob.alerts.any = 3\n");
        folder.write("jobs/job.instances.csv", "name,late\na,5m\nb,soon\n");

        const auto faults = faultsOf(readConfiguration(folder.config()));

        CPPUNIT_ASSERT_MESSAGE(faults,
                               faults.find("job.properties:4: job.alerts.any is not a known key") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            faults,
            faults.find("job.instances.csv:3: job.alerts.late = soon, expected a duration") != std::string::npos);
    }

    void noFaultHoldsASecret() {
        for (const auto* key : {"alerts.webhook.url", "alerts.ping.url"}) {
            const auto faults = faultsWith(std::string(key) + " = ftp://hooks.example.com/s3cr3t\n");
            CPPUNIT_ASSERT_MESSAGE(faults, faults.find("is no address such as") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(faults, faults.find("s3cr3t") == std::string::npos);
        }
    }

    void secretInAFileThatOthersReadIsRefused() {
        const HostFolder folder("alerts.webhook.url = https://hooks.example.com/s3cr3t\n");
        ::chmod(folder.config().c_str(), 0644);

        const auto faults = faultsOf(readConfiguration(folder.config()));

        CPPUNIT_ASSERT_MESSAGE(faults, faults.find("alerts.webhook.url: the secret stands in a file that others may "
                                                   "read; run: chmod o-rwx") != std::string::npos);
    }

    void authorityThatOthersWriteIsRefused() {
        for (const std::string key : {"alerts.mail.ca", "alerts.webhook.ca", "alerts.ping.ca"}) {
            const HostFolder folder(key + " = ca.pem\n");
            const auto file = folder.write("ca.pem", "");
            CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(readConfiguration(folder.config())));
            ::chmod(file.c_str(), 0646);

            const auto faults = faultsOf(readConfiguration(folder.config()));

            CPPUNIT_ASSERT_MESSAGE(faults, faults.find(key + " = " + file.string() +
                                                       " may be written by others and is refused; run: chmod go-w '") !=
                                               std::string::npos);
        }
    }

    void differenceConcealsAddresses() {
        const HostFolder before("alerts.webhook.url = https://a.example.com/s3cr3t\n");
        const HostFolder after(
            "alerts.webhook.url = https://b.example.com/s3cr3t\nalerts.ping.url = http://h/s3cr3t\n");

        std::string lines;
        for (const auto& line : differenceOf(readConfiguration(before.config()), readConfiguration(after.config())))
            lines += line + "\n";

        CPPUNIT_ASSERT_MESSAGE(lines, lines.find("alerts.webhook.url changed") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(lines, lines.find("alerts.ping.url changed") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(lines, lines.find("s3cr3t") == std::string::npos);
    }

    void quietHoursEndInTheZone() {
        const auto paris = findTimeZone("Europe/Paris");
        const auto quiet = *TimeWindows::parse("22:00-07:00");
        using std::chrono::November;
        const auto day = std::chrono::year{2026} / November / 22;  // one hour ahead of UTC

        CPPUNIT_ASSERT(!quiet.endAfter(at(day, 20h + 59min), *paris));
        CPPUNIT_ASSERT(quiet.endAfter(at(day, 21h), *paris) == at(day, 24h + 6h));
        CPPUNIT_ASSERT(quiet.endAfter(at(day, 3h), *paris) == at(day, 6h));
        CPPUNIT_ASSERT(!quiet.endAfter(at(day, 6h), *paris));
        const auto noon = *TimeWindows::parse("12:00-14:00");
        CPPUNIT_ASSERT(noon.endAfter(at(day, 11h + 30min), *paris) == at(day, 13h));
        CPPUNIT_ASSERT(!noon.endAfter(at(day, 13h), *paris));
        CPPUNIT_ASSERT(!TimeWindows{}.endAfter(at(day, 0h), *paris));
    }

    void quietHoursThroughAChangeOfTheClock() {
        const auto paris = findTimeZone("Europe/Paris");
        using std::chrono::October;
        const auto day = std::chrono::year{2026} / October / 25;  // 03:00 becomes 02:00 at 01:00 UTC

        CPPUNIT_ASSERT(TimeWindows::parse("22:00-07:00")->endAfter(at(day, 0h), *paris) == at(day, 6h));
        // Until the first 02:30, and in the hour that comes again until the second one.
        CPPUNIT_ASSERT(TimeWindows::parse("01:00-02:30")->endAfter(at(day, 0h), *paris) == at(day, 30min));
        CPPUNIT_ASSERT(!TimeWindows::parse("01:00-02:30")->endAfter(at(day, 40min), *paris));
        CPPUNIT_ASSERT(TimeWindows::parse("01:00-02:30")->endAfter(at(day, 1h + 10min), *paris) == at(day, 1h + 30min));
        // 2026-03-29: 02:00 becomes 03:00, so that 02:30 is not there.
        const auto spring = std::chrono::year{2026} / std::chrono::March / 29;
        CPPUNIT_ASSERT(TimeWindows::parse("01:00-02:30")->endAfter(at(spring, 30min), *paris) == at(spring, 1h));
    }

private:
    static AlertPolicy policyOf(const Configuration& all) {
        return AlertPolicy(std::make_shared<const Configuration>(all));
    }
    static std::string faultsOf(const Configuration& all) {
        std::string text;
        for (const auto& fault : all.allFaults()) text += fault.sentence() + "\n";
        return text;
    }
    static std::string faultsWith(const std::string& keys) {
        const HostFolder folder(keys);
        return faultsOf(readConfiguration(folder.config()));
    }
    static AlertSettings read(const std::string& keys) {
        const HostFolder folder(keys);
        const auto all = readConfiguration(folder.config());
        CPPUNIT_ASSERT_EQUAL(std::string(), faultsOf(all));
        return policyOf(all).settings();
    }
    static void expectFault(const std::string& keys, const std::string& expected) {
        const auto faults = faultsWith(keys);
        CPPUNIT_ASSERT_MESSAGE(keys + faults, faults.find(expected) != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AlertSettingsTest);
