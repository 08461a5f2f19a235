#include "config/JobFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "config/SourceReader.h"
#include "support/HostFolder.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {
constexpr const char* kHead = "job.plugin = P\njob.task = T\n";
}  // namespace

class JobFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobFileTest);
    CPPUNIT_TEST(fileWithoutInstancesIsOneJob);
    CPPUNIT_TEST(eachRowIsAJobAndTheFileIsNone);
    CPPUNIT_TEST(variablesTakeTheValuesOfTheRow);
    CPPUNIT_TEST(variableMayComeThroughAnotherKey);
    CPPUNIT_TEST(valueOfARowIsTakenAsItIs);
    CPPUNIT_TEST(settingsAreOneObjectWhenNoVariableIsInThem);
    CPPUNIT_TEST(settingsWithTheSameValuesAreShared);
    CPPUNIT_TEST(badSettingsOfARowAreItsFaultByLine);
    CPPUNIT_TEST(badSettingsOfManyRowsAreOneFault);
    CPPUNIT_TEST(faultOfTheFileIsThereOnceAndMakesAllFaulty);
    CPPUNIT_TEST(unknownColumnIsAFaultOnceWithTheNearest);
    CPPUNIT_TEST(unsetVariableBesideAColumnIsAFault);
    CPPUNIT_TEST(unknownKeyWithAVariableIsAFault);
    CPPUNIT_TEST(overridesWinOverTheRow);
    CPPUNIT_TEST(overrideMendsABadRow);
    CPPUNIT_TEST(secretOfARowMakesItsFilePrivate);
    CPPUNIT_TEST(secretOfARowIsTakenAsItIs);
    CPPUNIT_TEST(secretAroundAVariableMakesBothFilesPrivate);
    CPPUNIT_TEST(rowWithoutASecretLeavesItToAFile);
    CPPUNIT_TEST(enabledJobsAreNamesAndPatterns);
    CPPUNIT_TEST(absenceIsDescribedWithTheNearest);
    CPPUNIT_TEST(unreadableInstancesAreAFaultAndNoJobs);
    CPPUNIT_TEST(instancesThatAreNoTextAreAFaultOfTheFile);
    CPPUNIT_TEST(rowInAnotherEncodingLeavesTheOthersAlone);
    CPPUNIT_TEST(scheduleOfARowHasItsWarningThere);
    CPPUNIT_TEST(veryManyBadRowsAreCounted);
    CPPUNIT_TEST(anyThreadMayRead);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>(); }
    void tearDown() override {
        ::unsetenv("CARILLON_TEST_VALUE");
        _folder.reset();
    }

    void fileWithoutInstancesIsOneJob() {
        const auto file = read("job.title = Alone\njob.timeout = 5m\ntask.a = 1\n");

        CPPUNIT_ASSERT(file->faults().empty());
        CPPUNIT_ASSERT(!file->hasInstances());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->size());
        CPPUNIT_ASSERT_EQUAL(std::string("sync"), file->jobName(0));
        CPPUNIT_ASSERT(std::size_t{0} == file->find("sync"));
        CPPUNIT_ASSERT(!file->find("sync@a"));
        CPPUNIT_ASSERT_EQUAL(std::string("Alone"), file->title(0));
        CPPUNIT_ASSERT(5min == file->settings(0)->timeout);
        CPPUNIT_ASSERT(file->config(0).source.find("task.a")->rowFile.empty());
    }

    void eachRowIsAJobAndTheFileIsNone() {
        const auto file = read("", "name\nb\na\n");

        CPPUNIT_ASSERT(file->faults().empty());
        CPPUNIT_ASSERT(file->hasInstances());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, file->size());
        CPPUNIT_ASSERT_EQUAL(std::string("sync@a"), file->jobName(0));
        CPPUNIT_ASSERT_EQUAL(std::string("sync@b"), file->config(1).name);
        CPPUNIT_ASSERT(std::size_t{1} == file->find("sync@b"));
        for (const auto* none : {"sync", "sync@", "sync@c", "other@a", "a"}) CPPUNIT_ASSERT(!file->find(none));
    }

    void variablesTakeTheValuesOfTheRow() {
        const auto file = read(
            "job.title = Town of ${instance.town}\njob.schedule = 0 ${instance.hour} * * *\n"
            "task.url = https://${instance.name}.fr/\ntask.plain = x\nlogging.channel.path = ${instance.town}.log\n",
            "name,town,hour\na,Aix,3\nb,\"Brest, port\",4\n");

        const JobConfig job = file->config(1);

        CPPUNIT_ASSERT(job.faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("Town of Brest, port"), job.title);
        CPPUNIT_ASSERT_EQUAL(std::string("Town of Aix"), file->title(0));
        CPPUNIT_ASSERT_EQUAL(std::string("0 4 * * *"), job.schedule);
        CPPUNIT_ASSERT_EQUAL(std::string("https://b.fr/"), job.source.find("task.url")->value);
        CPPUNIT_ASSERT_EQUAL(std::string("Brest, port.log"), job.source.find("logging.channel.path")->value);
        CPPUNIT_ASSERT_EQUAL(csv(), job.source.find("task.url")->rowFile);
        CPPUNIT_ASSERT_EQUAL(3, job.source.find("task.url")->line);
        CPPUNIT_ASSERT(job.source.find("task.plain")->rowFile.empty());
    }

    void variableMayComeThroughAnotherKey() {
        const auto file = read("task.host = ${instance.host}\ntask.url = https://${task.host}/\n", "name,host\na,h1\n");

        CPPUNIT_ASSERT_EQUAL(std::string("https://h1/"), file->config(0).source.find("task.url")->value);
    }

    void valueOfARowIsTakenAsItIs() {
        const auto file = read("task.a = ${instance.a}\n", "name,a\nx,${system.env.HOME}\n");
        const ConfigSource source = file->config(0).source;
        SourceReader in(source, "task.");

        CPPUNIT_ASSERT_EQUAL(std::string("${system.env.HOME}"), in.text("a"));
        CPPUNIT_ASSERT(in.faults().empty());
    }

    void settingsAreOneObjectWhenNoVariableIsInThem() {
        const auto file = read("job.title = ${instance.name}\ntask.a = ${instance.name}\n", "name\na\nb\n");

        CPPUNIT_ASSERT(file->settings(0) == file->settings(1));
        CPPUNIT_ASSERT(file->variesBelow("task."));
        CPPUNIT_ASSERT(!file->variesBelow("logging."));
    }

    void settingsWithTheSameValuesAreShared() {
        const auto file = read("job.schedule = ${instance.s}\njob.retries = ${instance.r}\n",
                               "name,s,r\na,@daily,1\nb,@hourly,1\nc,@daily,1\nd,@daily,2\ne,@daily,\n");

        CPPUNIT_ASSERT(file->faults().empty());
        CPPUNIT_ASSERT(file->settings(0) == file->settings(2));
        CPPUNIT_ASSERT(file->settings(0) != file->settings(3));
        CPPUNIT_ASSERT_EQUAL(std::string("@hourly"), file->settings(1)->schedule);
        CPPUNIT_ASSERT_EQUAL(2, file->settings(3)->retries);
        CPPUNIT_ASSERT_EQUAL(0, file->settings(4)->retries);
    }

    void badSettingsOfARowAreItsFaultByLine() {
        const auto file = read("job.schedule = ${instance.s}\n", "name,s\nb,soon\na,@daily\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->faults().size());
        CPPUNIT_ASSERT(file->faults()[0].sentence().starts_with(
            csv() + ":2: job.schedule: schedule 'soon' has 1 field, expected 5"));
        CPPUNIT_ASSERT(!file->isFaulty(0));
        CPPUNIT_ASSERT(file->config(0).faults.empty());
        CPPUNIT_ASSERT(file->isFaulty(1));
        CPPUNIT_ASSERT_EQUAL(file->faults()[0].sentence(), file->config(1).faults.at(0).sentence());
    }

    void badSettingsOfManyRowsAreOneFault() {
        const auto file = read("job.retries = ${instance.r}\n", "name,r\na,x\nb,1\nc,x\nd,y\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, file->faults().size());
        CPPUNIT_ASSERT_EQUAL(csv() + ":2: job.retries = x, expected a whole number from 0 to 100, so on 2 lines",
                             file->faults()[0].sentence());
        CPPUNIT_ASSERT_EQUAL(csv() + ":5: job.retries = y, expected a whole number from 0 to 100",
                             file->faults()[1].sentence());
        CPPUNIT_ASSERT_EQUAL(4, file->config(2).faults.at(0).line);
    }

    void faultOfTheFileIsThereOnceAndMakesAllFaulty() {
        const auto file = read("job.schedule = ${instance.s}\njob.retries = x\n", "name,s\na,@daily\nb,@hourly\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->faults().size());
        CPPUNIT_ASSERT_EQUAL(file->path() + ":4: job.retries = x, expected a whole number from 0 to 100",
                             file->faults()[0].sentence());
        CPPUNIT_ASSERT(file->isFaulty(0) && file->isFaulty(1));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->config(1).faults.size());
    }

    void unknownColumnIsAFaultOnceWithTheNearest() {
        const auto file = read("job.title = ${instance.twon}\ntask.a = x${instance.twon}\n", "name,town\na,Aix\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->faults().size());
        CPPUNIT_ASSERT_EQUAL(file->path() + ":3: job.title names the variable ${instance.twon}, but " + csv() +
                                 " has no such column, did you mean town",
                             file->faults()[0].sentence());
    }

    void unsetVariableBesideAColumnIsAFault() {
        ::setenv("CARILLON_TEST_VALUE", "set", 1);
        const auto file = read(
            "task.a = ${system.env.CARILLON_TEST_VALUE}/${instance.name}\n"
            "task.b = ${system.env.CARILLON_NO_SUCH}/${instance.name}\n",
            "name\na\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->faults().size());
        CPPUNIT_ASSERT_EQUAL(file->path() + ":4: task.b names a variable that is not set",
                             file->faults()[0].sentence());
        CPPUNIT_ASSERT_EQUAL(std::string("set/a"), file->config(0).source.find("task.a")->value);
    }

    void unknownKeyWithAVariableIsAFault() {
        const auto file = read("job.titel = ${instance.name}\n", "name\na\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->faults().size());
        CPPUNIT_ASSERT_EQUAL(file->path() + ":3: job.titel is not a known key, did you mean job.title",
                             file->faults()[0].sentence());
    }

    void overridesWinOverTheRow() {
        const auto file = read("job.timeout = ${instance.t}\njob.title = ${instance.name}\n", "name,t\na,5m\n");

        const JobConfig job = file->config(0, {{"job.timeout", "1s"}, {"job.title", "Mine"}, {"task.new", "1"}});

        CPPUNIT_ASSERT(job.faults.empty());
        CPPUNIT_ASSERT(1s == job.timeout);
        CPPUNIT_ASSERT_EQUAL(std::string("Mine"), job.title);
        CPPUNIT_ASSERT_EQUAL(0, job.source.find("job.timeout")->line);
        CPPUNIT_ASSERT(job.source.find("job.timeout")->rowFile.empty());
        CPPUNIT_ASSERT(5min == file->config(0).timeout);
    }

    void overrideMendsABadRow() {
        const auto file = read("job.timeout = ${instance.t}\n", "name,t\na,5\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->config(0).faults.size());
        CPPUNIT_ASSERT(file->config(0, {{"job.timeout", "5s"}}).faults.empty());
    }

    void secretOfARowMakesItsFilePrivate() {
        const auto file = read("task.key = ${instance.key}\n", "name,key\na,hidden\n");
        ::chmod(file->path().c_str(), 0644);

        CPPUNIT_ASSERT_EQUAL(std::string("hidden"), secretOf(*file));
        CPPUNIT_ASSERT(_faults.empty());

        ::chmod(csv().c_str(), 0644);
        secretOf(*file);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(
            csv() + ":2: task.key: the secret stands in a file that others may read; run: chmod o-rwx '" + csv() + "'",
            _faults[0].sentence());
    }

    void secretOfARowIsTakenAsItIs() {
        const auto file = read("task.key = ${instance.key}\n", "name,key\na,\"pa${ss \"\"x\"\" \"\n");

        CPPUNIT_ASSERT_EQUAL(std::string("pa${ss \"x\" "), secretOf(*file));
        CPPUNIT_ASSERT(_faults.empty());
    }

    void secretAroundAVariableMakesBothFilesPrivate() {
        const auto file = read("task.key = hidden-${instance.name}\n", "name\na\n");
        ::chmod(file->path().c_str(), 0644);

        CPPUNIT_ASSERT_EQUAL(std::string("hidden-a"), secretOf(*file));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT(_faults[0].sentence().ends_with("chmod o-rwx '" + file->path() + "'"));
    }

    void rowWithoutASecretLeavesItToAFile() {
        _folder->write("jobs/own.key", "from-a-file\n");
        const auto file =
            read("task.key = ${instance.key}\ntask.key.file = ${instance.file}\n", "name,key,file\na,,own.key\n");

        CPPUNIT_ASSERT_EQUAL(std::string("from-a-file"), secretOf(*file));
        CPPUNIT_ASSERT(_faults.empty());
    }

    void enabledJobsAreNamesAndPatterns() {
        for (const auto& [enabled, expected] :
             std::vector<std::pair<std::string, std::string>>{{"sync", "111"},
                                                              {"s*", "111"},
                                                              {"sync@a", "100"},
                                                              {"sync@a, sync@c", "101"},
                                                              {"s?nc@[bc]*", "011"},
                                                              {"sync@x", "000"},
                                                              {"", "000"},
                                                              {"other@a", "000"}}) {
            _folder->write("carillon.properties", "jobs.enabled = " + enabled + "\n");

            const auto file = read("", "name\na\nb\nc\n");

            std::string found;
            for (std::size_t i = 0; i < file->size(); ++i) found += file->enabled(i) ? '1' : '0';
            CPPUNIT_ASSERT_EQUAL_MESSAGE(enabled, expected, found);
            CPPUNIT_ASSERT_EQUAL(expected[0] == '1', file->config(0).enabled);
        }
    }

    void absenceIsDescribedWithTheNearest() {
        const auto file = read("", "name\nparis\nlyon\nnice\npau\nbrest\ncaen\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("sync is no job itself but has 6 instances: sync@brest, sync@caen, sync@lyon, sync@nice, "
                        "sync@paris, ..."),
            file->describeAbsence("sync").text);
        CPPUNIT_ASSERT_EQUAL(std::string("there is no sync@lyom; sync has 6 instances, did you mean sync@lyon?"),
                             file->describeAbsence("sync@lyom").text);
        CPPUNIT_ASSERT_EQUAL(std::string("there is no other@a, since other has no instances"),
                             readNamed("other", kHead)->describeAbsence("other@a").text);
    }

    void unreadableInstancesAreAFaultAndNoJobs() {
        std::filesystem::create_directory(csv());
        const auto file = read("");

        CPPUNIT_ASSERT(file->hasInstances());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, file->size());
        CPPUNIT_ASSERT_EQUAL(csv() + ": cannot be read: Is a directory", file->faults().at(0).sentence());
        CPPUNIT_ASSERT(file->isWhollyFaulty());  // so that a reload keeps the instances there are
    }

    void instancesThatAreNoTextAreAFaultOfTheFile() {
        using namespace std::string_literals;
        for (const auto& text : {"\xff\xfen\0a\0m\0e\0"s, "n\0a\0m\0e\0"s}) {
            const auto file = read("", text);

            CPPUNIT_ASSERT(file->isWhollyFaulty() && file->size() == 0);
            CPPUNIT_ASSERT(file->faults().at(0).sentence().starts_with(csv() + ":1: is UTF-16"));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read("", "\xef\xbb\xbfname\r\na\r\n")->size());
    }

    void rowInAnotherEncodingLeavesTheOthersAlone() {
        const auto file = read("job.title = ${instance.town}\n", "name,town\na,\xc9vian\nb,\xc3\x89vian\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->size());
        CPPUNIT_ASSERT(!file->isFaulty(0) && !file->isWhollyFaulty());
        CPPUNIT_ASSERT(file->faults().at(0).sentence().starts_with(csv() + ":2: the row is not UTF-8"));
    }

    void scheduleOfARowHasItsWarningThere() {
        const auto file =
            read("job.schedule = ${instance.s}\n", "name,s\na,0 * * * *\nb,*/90 * * * *\nc,*/90 * * * *\n");

        CPPUNIT_ASSERT(file->faults().empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->warnings().size());
        CPPUNIT_ASSERT(
            file->warnings()[0].sentence().starts_with(csv() + ":3: job.schedule: */90 in the minute field"));
    }

    void veryManyBadRowsAreCounted() {
        std::string rows = "name,town\n";
        for (int i = 0; i < 1500; ++i) rows += "BAD,x\n";
        const auto file = read("", rows + "good,x\n");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file->size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1001}, file->faults().size());
        CPPUNIT_ASSERT_EQUAL(2, file->faults().front().line);
        CPPUNIT_ASSERT_EQUAL(csv() + ": has 500 more faults of rows", file->faults().back().sentence());
        CPPUNIT_ASSERT(!file->isFaulty(0));
    }

    void anyThreadMayRead() {
        std::string rows = "name,s\n";
        for (int i = 0; i < 200; ++i) rows += "n" + std::to_string(i) + "," + std::to_string(i % 60) + " * * * *\n";
        const auto file = read("job.schedule = ${instance.s}\njob.title = ${instance.name}\n", rows);
        std::vector<std::thread> threads;
        std::vector<std::string> titles(4);

        for (auto& all : titles)
            threads.emplace_back([&file, &all] {
                for (std::size_t i = 0; i < file->size(); ++i)
                    all += file->config(i).title + file->settings(i)->schedule;
            });
        for (auto& thread : threads) thread.join();

        for (const auto& all : titles) CPPUNIT_ASSERT_EQUAL(titles[0], all);
        CPPUNIT_ASSERT(titles[0].starts_with("n00 * * * *n11 * * * *"));
    }

private:
    std::string csv() const { return (_folder->path() / "jobs/sync.instances.csv").string(); }

    /// The file `sync` of these keys and rows.
    std::shared_ptr<const JobFile> read(const std::string& keys, const std::string& rows = {}) {
        if (!rows.empty()) _folder->write("jobs/sync.instances.csv", rows);
        return readNamed("sync", kHead + keys);
    }
    std::shared_ptr<const JobFile> readNamed(const std::string& name, const std::string& text) {
        std::vector<ConfigFault> faults;
        _folder->addJob(name, text);
        return JobFile::read(readHostConfig(_folder->config(), faults), name);
    }

    /// task.key of the first job.
    std::string secretOf(const JobFile& file) {
        const ConfigSource source = file.config(0).source;
        SourceReader in(source, "task.");
        std::string secret = in.secret("key").value_or("");
        _faults = in.faults();
        return secret;
    }

    std::unique_ptr<HostFolder> _folder{};
    std::vector<ConfigFault> _faults{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobFileTest);
