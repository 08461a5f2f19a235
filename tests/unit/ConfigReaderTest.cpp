#include "base/EditDistance.h"
#include "config/SourceReader.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/HostFolder.h"

using namespace carillon;
using namespace std::chrono_literals;

class ConfigReaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigReaderTest);
    CPPUNIT_TEST(missingTextIsAFaultWithoutLine);
    CPPUNIT_TEST(emptyTextIsAsMissing);
    CPPUNIT_TEST(faultNamesFileLineKeyFoundAndExpected);
    CPPUNIT_TEST(wholeNumbersHaveBounds);
    CPPUNIT_TEST(sizesHaveAUnitAndBounds);
    CPPUNIT_TEST(ratiosAreFromZeroToOne);
    CPPUNIT_TEST(flagsAreTrueOrFalse);
    CPPUNIT_TEST(choiceNamesAllWords);
    CPPUNIT_TEST(afterAFaultTheFallbackIsReturned);
    CPPUNIT_TEST(allFaultsAreCollected);
    CPPUNIT_TEST(unsetVariableIsAFault);
    CPPUNIT_TEST(unknownKeyIsAFaultWithTheNearest);
    CPPUNIT_TEST(unknownKeyWithoutNeighbourIsAFaultAlone);
    CPPUNIT_TEST(keysOutsideThePrefixAreNotUnknown);
    CPPUNIT_TEST(acceptedKeysAreNotUnknown);
    CPPUNIT_TEST(secretIsTakenAsItIsWritten);
    CPPUNIT_TEST(secretThatIsAVariableIsExpanded);
    CPPUNIT_TEST(unsetVariableOfASecretIsAFault);
    CPPUNIT_TEST(secretBetweenVariablesIsNeverShown);
    CPPUNIT_TEST(secretFileIsRelativeToTheFileThatNamesIt);
    CPPUNIT_TEST(pathBeginsInTheFolderOfTheFileThatNamesIt);
    CPPUNIT_TEST(secretThatIsRequiredHasOneFault);
    CPPUNIT_TEST(onlyTheFirstLineOfASecretFileCounts);
    CPPUNIT_TEST(secretFileOfWindowsIsTaken);
    CPPUNIT_TEST(secretFileInAnotherEncodingIsRefusedAndNotShown);
    CPPUNIT_TEST(secretFileThatIsMissingOrEmptyIsAFault);
    CPPUNIT_TEST(secretFileThatOthersReadIsRefusedWithTheCommand);
    CPPUNIT_TEST(secretInAFileThatOthersReadIsRefused);
    CPPUNIT_TEST(secretThatWasGivenForOneRunNeedsNoFile);
    CPPUNIT_TEST(secretAndSecretFileTogetherAreAFault);
    CPPUNIT_TEST(secretIsNamedAsItIsRead);
    CPPUNIT_TEST(sensitiveTextIsASecretOnlyWithItsMarker);
    CPPUNIT_TEST(sensitiveTextWithAnUnsetVariableIsNotShown);
    CPPUNIT_TEST(aSecretWithinAValueIsNamed);
    CPPUNIT_TEST(noFaultShowsWhoLogsInByAUrl);
    CPPUNIT_TEST(sensitiveTextOfARowMakesItsFilePrivate);
    CPPUNIT_TEST(faultOfARowNamesTheRow);
    CPPUNIT_TEST(editDistanceCountsChanges);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _file = _folder->write("jobs/sync.properties", "").string();
    }
    void tearDown() override { _folder.reset(); }

    void missingTextIsAFaultWithoutLine() {
        SourceReader in = reader({});

        CPPUNIT_ASSERT_EQUAL(std::string(), in.text("name"));

        CPPUNIT_ASSERT_EQUAL(_file + ": task.name is missing or empty", onlyFault(in));
    }

    void emptyTextIsAsMissing() {
        SourceReader in = reader({{"task.name", {"", "", 3}}});

        CPPUNIT_ASSERT_EQUAL(std::string(), in.text("name"));
        CPPUNIT_ASSERT(!in.optionalText("name"));
        CPPUNIT_ASSERT_EQUAL(std::string("else"), in.text("name", "else"));

        CPPUNIT_ASSERT_EQUAL(_file + ":3: task.name is missing or empty", onlyFault(in));
    }

    void faultNamesFileLineKeyFoundAndExpected() {
        SourceReader in = reader({{"task.timeout", {"5", "5", 14}}});

        in.duration("timeout", 30s, 100ms, 10min);

        CPPUNIT_ASSERT_EQUAL(_file + ":14: task.timeout = 5, expected a duration such as 30s (100ms to 10m)",
                             onlyFault(in));
    }

    void wholeNumbersHaveBounds() {
        for (const std::string good : {"1", "500", "1000"}) {
            SourceReader in = reader({{"task.batch", {good, good, 1}}});
            CPPUNIT_ASSERT_EQUAL(std::int64_t{std::stoi(good)}, in.integer("batch", 7, 1, 1000));
            CPPUNIT_ASSERT(in.faults().empty());
        }
        for (const std::string bad : {"0", "1001", "-1", "1.5", "1e3", "0x10", "12 ", "x", "99999999999999999999"}) {
            SourceReader in = reader({{"task.batch", {bad, bad, 1}}});
            CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, in.integer("batch", 7, 1, 1000));
            CPPUNIT_ASSERT_EQUAL(_file + ":1: task.batch = " + bad + ", expected a whole number from 1 to 1000",
                                 onlyFault(in));
        }
    }

    void sizesHaveAUnitAndBounds() {
        for (const std::string good : {"16M", "65536K", "1G"}) {
            SourceReader in = reader({{"task.size", {good, good, 1}}});
            CPPUNIT_ASSERT_EQUAL(parseBytes(good).value(), in.bytes("size", 7, 16 << 20, 1 << 30));
            CPPUNIT_ASSERT(in.faults().empty());
        }
        for (const std::string bad : {"16", "15M", "1025M", "0", "-16M", "16MB", "x"}) {
            SourceReader in = reader({{"task.size", {bad, bad, 1}}});
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{67108864}, in.bytes("size", 64 << 20, 16 << 20, 1 << 30));
            CPPUNIT_ASSERT_EQUAL(_file + ":1: task.size = " + bad + ", expected a size such as 64M (16M to 1G)",
                                 onlyFault(in));
        }
    }

    void ratiosAreFromZeroToOne() {
        for (const std::string good : {"0", "0.25", "1", "1.0"}) {
            SourceReader in = reader({{"task.ratio", {good, good, 1}}});
            CPPUNIT_ASSERT_EQUAL(std::stod(good), in.ratio("ratio", 0.5));
            CPPUNIT_ASSERT(in.faults().empty());
        }
        for (const std::string bad : {"-0.1", "1.01", "nan", "inf", "0,5", "50%", "x"}) {
            SourceReader in = reader({{"task.ratio", {bad, bad, 1}}});
            CPPUNIT_ASSERT_EQUAL(0.5, in.ratio("ratio", 0.5));
            CPPUNIT_ASSERT_EQUAL(_file + ":1: task.ratio = " + bad + ", expected a fraction from 0 to 1 such as 0.5",
                                 onlyFault(in));
        }
    }

    void flagsAreTrueOrFalse() {
        SourceReader in = reader({{"task.on", {"true", "true", 1}}, {"task.odd", {"yes", "yes", 2}}});

        CPPUNIT_ASSERT(in.flag("on", false));
        CPPUNIT_ASSERT(in.flag("absent", true));
        CPPUNIT_ASSERT(!in.flag("odd", false));

        CPPUNIT_ASSERT_EQUAL(_file + ":2: task.odd = yes, expected one of true, false", onlyFault(in));
    }

    void choiceNamesAllWords() {
        SourceReader in = reader({{"task.dialect", {"Path", "Path", 9}}});

        const int chosen = in.choice<int>("dialect", 2, {{"path", 1}, {"query", 2}});

        CPPUNIT_ASSERT_EQUAL(2, chosen);
        CPPUNIT_ASSERT_EQUAL(_file + ":9: task.dialect = Path, expected one of path, query", onlyFault(in));
    }

    void afterAFaultTheFallbackIsReturned() {
        SourceReader in = reader({{"task.timeout", {"11m", "11m", 1}}});

        CPPUNIT_ASSERT(30s == in.duration("timeout", 30s, 100ms, 10min));
    }

    void allFaultsAreCollected() {
        SourceReader in = reader({{"task.batch", {"x", "x", 1}}, {"task.other", {"1", "1", 2}}});

        in.integer("batch", 1, 0, 9);
        in.text("url");
        in.refuseUnknown();

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, in.faults().size());
    }

    void unsetVariableIsAFault() {
        SourceReader in = reader({{"task.url", {"http://${system.env.NO}", "http://${system.env.NO}", 4}}});

        CPPUNIT_ASSERT(!in.optionalText("url"));

        CPPUNIT_ASSERT_EQUAL(_file + ":4: task.url = http://${system.env.NO}, which names a variable that is not set",
                             onlyFault(in));
    }

    void unknownKeyIsAFaultWithTheNearest() {
        SourceReader in = reader({{"task.gateway.timout", {"5s", "5s", 8}}});

        in.duration("gateway.timeout", 30s, 100ms, 10min);
        in.text("gateway.url", "");
        in.refuseUnknown();

        const std::string sentence = onlyFault(in);
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.starts_with(_file + ":8: task.gateway.timout"));
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.find("task.gateway.timeout") != std::string::npos);
    }

    void unknownKeyWithoutNeighbourIsAFaultAlone() {
        SourceReader in = reader({{"task.zzz", {"5s", "5s", 8}}});

        in.text("gateway.url", "");
        in.refuseUnknown();

        const std::string sentence = onlyFault(in);
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.find("gateway.url") == std::string::npos);
    }

    void keysOutsideThePrefixAreNotUnknown() {
        SourceReader in = reader({{"job.task", {"x", "x", 1}}});

        in.refuseUnknown();

        CPPUNIT_ASSERT(in.faults().empty());
    }

    void acceptedKeysAreNotUnknown() {
        SourceReader in = reader({{"task.alerts.mail", {"x", "x", 1}}, {"task.alert", {"x", "x", 2}}});

        in.acceptBelow("alerts.");
        in.refuseUnknown();

        CPPUNIT_ASSERT_EQUAL(std::string("task.alert"), in.faults().at(0).key);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, in.faults().size());
    }

    void secretIsTakenAsItIsWritten() {
        const std::string odd = "pä ss${wörd = #1 ${x}";
        SourceReader in = reader({{"task.key", {odd, "expanded and so damaged", 1}}});

        const auto secret = in.secret("key");

        CPPUNIT_ASSERT_EQUAL(odd, secret.value());
        CPPUNIT_ASSERT(std::vector{odd} == in.secrets());
        CPPUNIT_ASSERT(in.faults().empty());
    }

    void secretThatIsAVariableIsExpanded() {
        SourceReader in = reader({{"task.key", {"${system.env.KEY}", "from-outside", 1}}});

        const auto secret = in.secret("key");

        CPPUNIT_ASSERT_EQUAL(std::string("from-outside"), secret.value());
        CPPUNIT_ASSERT_EQUAL(std::string("from-outside"), in.secrets().at(0));
    }

    void unsetVariableOfASecretIsAFault() {
        SourceReader in = reader({{"task.key", {"${system.env.KEY}", "${system.env.KEY}", 5}}});

        CPPUNIT_ASSERT(!in.secret("key"));

        CPPUNIT_ASSERT_EQUAL(_file + ":5: task.key = ${system.env.KEY}, which names a variable that is not set",
                             onlyFault(in));
    }

    void secretBetweenVariablesIsNeverShown() {
        const std::string raw = "${system.env.A}hidden${system.env.B}";
        SourceReader in = reader({{"task.key", {raw, raw, 5}}});

        const auto secret = in.secret("key");

        CPPUNIT_ASSERT_EQUAL(raw, secret.value());
        CPPUNIT_ASSERT(in.faults().empty());
    }

    void secretFileIsRelativeToTheFileThatNamesIt() {
        _folder->write("jobs/gateway.key", "from-a-file\r\n");
        SourceReader in = reader({{"task.key.file", {"gateway.key", "gateway.key", 1}}});

        const auto secret = in.secret("key");

        CPPUNIT_ASSERT_EQUAL(std::string("from-a-file"), secret.value());
        CPPUNIT_ASSERT_EQUAL(std::string("from-a-file"), in.secrets().at(0));
        CPPUNIT_ASSERT(in.faults().empty());
    }

    void pathBeginsInTheFolderOfTheFileThatNamesIt() {
        SourceReader in =
            reader({{"task.ca", {"tls/ca.pem", "tls/ca.pem", 1}}, {"task.key", {"/etc/key", "/etc/key", 2}}});
        const auto folder = std::filesystem::path(_file).parent_path();

        CPPUNIT_ASSERT_EQUAL((folder / "tls/ca.pem").string(), in.path("ca", ""));
        CPPUNIT_ASSERT_EQUAL(std::string("/etc/key"), in.path("key", ""));
        CPPUNIT_ASSERT_EQUAL((folder / "else.pem").string(), in.path("other", "else.pem"));
        CPPUNIT_ASSERT_EQUAL(std::string(), in.path("other", ""));
    }

    void secretThatIsRequiredHasOneFault() {
        SourceReader unset = reader({{"task.key", {"${env.NOBODY_SETS_IT}", "${env.NOBODY_SETS_IT}", 1}}});
        if (!unset.secret("key")) unset.missing("key");
        CPPUNIT_ASSERT_EQUAL(_file + ":1: task.key = ${env.NOBODY_SETS_IT}, which names a variable that is not set",
                             onlyFault(unset));

        SourceReader noFile = reader({{"task.key.file", {"nowhere", "nowhere", 1}}});
        if (!noFile.secret("key")) noFile.missing("key");
        CPPUNIT_ASSERT_EQUAL(
            _file + ":1: task.key.file = nowhere, a file that is missing, empty or not readable for this user",
            onlyFault(noFile));

        SourceReader none = reader({});
        if (!none.secret("key")) none.missing("key");
        CPPUNIT_ASSERT_EQUAL(_file + ": task.key is missing or empty", onlyFault(none));
    }

    void onlyTheFirstLineOfASecretFileCounts() {
        _folder->write("jobs/gateway.key", "first  \nsecond\n");
        SourceReader in = reader({{"task.key.file", {"gateway.key", "gateway.key", 1}}});

        CPPUNIT_ASSERT_EQUAL(std::string("first"), in.secret("key").value());
    }

    void secretFileOfWindowsIsTaken() {
        _folder->write("jobs/gateway.key",
                       "\xef\xbb\xbf"
                       "cl\u00e9 \r\n");
        SourceReader in = reader({{"task.key.file", {"gateway.key", "gateway.key", 1}}});

        CPPUNIT_ASSERT_EQUAL(std::string("cl\u00e9"), in.secret("key").value());
    }

    void secretFileInAnotherEncodingIsRefusedAndNotShown() {
        _folder->write("jobs/gateway.key", "cl\xe9");
        SourceReader in = reader({{"task.key.file", {"gateway.key", "gateway.key", 2}}});

        CPPUNIT_ASSERT(!in.secret("key"));
        CPPUNIT_ASSERT_EQUAL(_file +
                                 ":2: task.key.file = gateway.key, a file that is not UTF-8 on line 1; save the file "
                                 "as UTF-8",
                             onlyFault(in));
    }

    void secretFileThatIsMissingOrEmptyIsAFault() {
        _folder->write("jobs/empty.key", "");
        _folder->write("jobs/blank.key", " \r\nsecond line\n");
        for (const std::string name : {"absent.key", "empty.key", "blank.key", "."}) {
            SourceReader in = reader({{"task.key.file", {name, name, 2}}});

            const auto secret = in.secret("key");

            CPPUNIT_ASSERT_MESSAGE(name, !secret);
            CPPUNIT_ASSERT_EQUAL(
                _file + ":2: task.key.file = " + name + ", a file that is missing, empty or not readable for this user",
                onlyFault(in));
        }
    }

    void secretFileThatOthersReadIsRefusedWithTheCommand() {
        const auto key = _folder->write("jobs/gateway.key", "from-a-file\n");
        ::chmod(key.c_str(), 0644);
        SourceReader in = reader({{"task.key.file", {"gateway.key", "gateway.key", 6}}});

        in.secret("key");

        const std::string sentence = onlyFault(in);
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.starts_with(_file + ":6: task.key.file"));
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.ends_with("chmod o-rwx '" + key.string() + "'"));
        CPPUNIT_ASSERT_EQUAL(0, std::system(sentence.substr(sentence.find("chmod")).c_str()));
        SourceReader again = reader({{"task.key.file", {"gateway.key", "gateway.key", 6}}});
        again.secret("key");
        CPPUNIT_ASSERT(again.faults().empty());
    }

    void secretInAFileThatOthersReadIsRefused() {
        ::chmod(_file.c_str(), 0644);
        SourceReader in = reader({{"task.key", {"in-place", "in-place", 3}}, {"task.harmless", {"x", "x", 4}}});

        in.secret("key");
        in.text("harmless");

        const std::string sentence = onlyFault(in);
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.starts_with(_file + ":3: task.key"));
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.find("in-place") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(sentence, sentence.ends_with("chmod o-rwx '" + _file + "'"));
    }

    void secretThatWasGivenForOneRunNeedsNoFile() {
        ::chmod(_file.c_str(), 0644);
        SourceReader in = reader({{"task.key", {"given", "given", 0}}});

        CPPUNIT_ASSERT_EQUAL(std::string("given"), in.secret("key").value());

        CPPUNIT_ASSERT(in.faults().empty());
    }

    void secretAndSecretFileTogetherAreAFault() {
        _folder->write("jobs/gateway.key", "from-a-file\n");
        SourceReader in =
            reader({{"task.key", {"in-place", "in-place", 3}}, {"task.key.file", {"gateway.key", "gateway.key", 4}}});

        in.secret("key");

        CPPUNIT_ASSERT_EQUAL(_file + ":3: task.key and task.key.file are both given, expected one", onlyFault(in));
    }

    void secretIsNamedAsItIsRead() {
        const ConfigSource source(_file, {{"task.key", {"in-place", "in-place", 1}}});
        std::string named;
        SourceReader in(source, "task.", [&named](const std::string& secret) { named = secret; });

        in.secret("key");

        CPPUNIT_ASSERT_EQUAL(std::string("in-place"), named);
    }

    void sensitiveTextIsASecretOnlyWithItsMarker() {
        ::chmod(_file.c_str(), 0644);
        SourceReader in = reader({{"task.plain", {"host=a;user=b", "host=a;user=b", 1}},
                                  {"task.full", {"host=a;password=b", "host=a;password=b", 2}}});

        in.sensitiveText("plain", "password=");
        CPPUNIT_ASSERT(in.faults().empty());
        in.sensitiveText("full", "password=");

        CPPUNIT_ASSERT(std::vector<std::string>{"host=a;password=b"} == in.secrets());
        CPPUNIT_ASSERT(onlyFault(in).starts_with(_file + ":2: task.full: the secret stands in a file"));
    }

    void sensitiveTextWithAnUnsetVariableIsNotShown() {
        const std::string text = "host=${system.env.H};password=hidden";
        SourceReader in = reader({{"task.full", {text, text, 2}}});

        CPPUNIT_ASSERT(!in.sensitiveText("full", "password="));

        CPPUNIT_ASSERT_EQUAL(_file + ":2: task.full names a variable that is not set", onlyFault(in));
    }

    void aSecretWithinAValueIsNamed() {
        std::vector<std::string> named;
        const ConfigSource source(_file, {{"task.full", {"a;PassWord=b", "a;PassWord=b", 2}}});
        SourceReader in(source, "task.", [&named](const std::string& secret) { named.push_back(secret); });

        in.sensitiveText("full", "password=");
        in.conceal("b");
        in.conceal("");

        CPPUNIT_ASSERT((std::vector<std::string>{"a;PassWord=b", "b"} == named));
    }

    void noFaultShowsWhoLogsInByAUrl() {
        SourceReader in = reader({{"task.proxy", {"http://me:hidden@proxy", "http://me:hidden@proxy", 2}}});

        in.duration("proxy", 1s, 1s, 1min);

        CPPUNIT_ASSERT(
            onlyFault(in).starts_with(_file + ":2: task.proxy = http://[secret]@proxy, expected a duration"));
    }

    void sensitiveTextOfARowMakesItsFilePrivate() {
        const auto rows = _folder->write("jobs/sync.instances.csv", "").string();
        const ConfigSource::Entry entry{"${instance.db}", "host=a;password=hidden", 3, rows};
        SourceReader before = reader({{"task.db", entry}});
        before.sensitiveText("db", "password=");
        ::chmod(rows.c_str(), 0644);
        SourceReader in = reader({{"task.db", entry}});

        in.sensitiveText("db", "password=");

        CPPUNIT_ASSERT(before.faults().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("host=a;password=hidden"), in.secrets().at(0));
        CPPUNIT_ASSERT(onlyFault(in).starts_with(rows + ":3: task.db"));
        CPPUNIT_ASSERT(onlyFault(in).ends_with("chmod o-rwx '" + rows + "'"));
    }

    void faultOfARowNamesTheRow() {
        SourceReader in = reader({{"task.batch", {"${instance.batch}", "x", 17, "sync.instances.csv"}}});

        in.integer("batch", 1, 1, 9);

        CPPUNIT_ASSERT_EQUAL(std::string("sync.instances.csv:17: task.batch = x, expected a whole number from 1 to 9"),
                             onlyFault(in));
    }

    void editDistanceCountsChanges() {
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, editDistance("same", "same"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, editDistance("timout", "timeout"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, editDistance("kitten", "sitting"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, editDistance("", "four"));
    }

private:
    /// Below `task.`, of a file that exists.
    SourceReader reader(std::map<std::string, ConfigSource::Entry> entries) {
        _source = ConfigSource(_file, std::move(entries));
        return SourceReader(_source, "task.");
    }

    static std::string onlyFault(const SourceReader& in) {
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, in.faults().size());
        return in.faults()[0].sentence();
    }

    std::unique_ptr<HostFolder> _folder{};
    ConfigSource _source{};
    std::string _file{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigReaderTest);
