#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "support/Command.h"
#include "support/HostFolder.h"

namespace fs = std::filesystem;

/// The verbs on jobs that rows of a file make.
class InstancesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(InstancesTest);
    CPPUNIT_TEST(jobsListsEachInstance);
    CPPUNIT_TEST(instanceRunsUnderItsName);
    CPPUNIT_TEST(fileOfInstancesIsNoJob);
    CPPUNIT_TEST(badRowLeavesTheOthersAlone);
    CPPUNIT_TEST(checkTakesOneOrAll);
    CPPUNIT_TEST(secretOfARowIsNeverPrinted);
    CPPUNIT_TEST(secretInRowsThatOthersReadIsRefused);
    CPPUNIT_TEST(validateNamesRowsAndAsksThePlugin);
    CPPUNIT_TEST(validateSaysHowManyItDidNotAsk);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>("jobs.enabled = trouble@a*\n");
        _folder->addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
        _folder->addJob("trouble",
                        "job.plugin = Troublemaker\njob.task = Troublemaker\njob.title = In ${instance.town}\n"
                        "job.schedule = ${instance.schedule}\ntask.run = ${instance.run}\n");
        write("name,town,schedule,run\na1,Arles,@daily,succeed\na2,Aix,@hourly,fail\nb,\"Brest, port\",,nothing\n");
    }
    void tearDown() override { _folder.reset(); }

    void jobsListsEachInstance() {
        const auto table = carillon({"jobs"}).run();
        const auto all = array(carillon({"jobs", "--json"}).run().out);
        const auto some = array(carillon({"jobs", "t*@?1", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(table.err, 0, table.exitCode);
        for (const auto* name : {"trouble@a1", "trouble@a2", "trouble@b", "In Brest, port", "(by hand)"})
            CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find(name) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, all->size());
        CPPUNIT_ASSERT_EQUAL(std::string("trouble@a2"), all->getObject(1)->getValue<std::string>("job"));
        CPPUNIT_ASSERT_EQUAL(std::string("@hourly"), all->getObject(1)->getValue<std::string>("schedule"));
        CPPUNIT_ASSERT(all->getObject(1)->getValue<bool>("enabled"));
        CPPUNIT_ASSERT(!all->getObject(2)->getValue<bool>("enabled"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, some->size());
        CPPUNIT_ASSERT_EQUAL(std::string("In Arles"), some->getObject(0)->getValue<std::string>("title"));
    }

    void instanceRunsUnderItsName() {
        const auto good = carillon({"run", "trouble@a1"}).run();
        const auto bad = carillon({"run", "trouble@a2"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(good.err, 0, good.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, bad.exitCode);
        CPPUNIT_ASSERT(good.out.starts_with("trouble@a1 succeeded"));
        CPPUNIT_ASSERT(!_folder->log("trouble@a1").empty());
        for (const std::string verb : {"history", "ledger"}) {
            const auto rows = array(carillon({verb, "trouble@a2", "--json"}).run().out);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows->size());
            CPPUNIT_ASSERT_EQUAL(std::string("trouble@a2"), rows->getObject(0)->getValue<std::string>("job"));
        }
        for (const std::string verb : {"logs", "rejects"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(verb, 0, carillon({verb, "trouble@a1"}).run().exitCode);
    }

    void fileOfInstancesIsNoJob() {
        const auto file = carillon({"run", "trouble"}).run();
        const auto near = carillon({"history", "trouble@a3"}).run();

        CPPUNIT_ASSERT_EQUAL(2, file.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: trouble is no job itself but has 3 instances: trouble@a1, "
                                         "trouble@a2, trouble@b\n"),
                             file.err);
        CPPUNIT_ASSERT_EQUAL(2, near.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: there is no trouble@a3; trouble has 3 instances, did you "
                                         "mean trouble@a1?\n"),
                             near.err);
    }

    void badRowLeavesTheOthersAlone() {
        write("name,town,schedule,run\na1,Arles\na2,Aix,soon,succeed\nb,Brest,@daily,succeed\n");

        const auto good = carillon({"run", "trouble@b"}).run();
        const auto bad = carillon({"run", "trouble@a2"}).run();
        const auto none = carillon({"run", "trouble@a1"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(good.err, 0, good.exitCode);
        CPPUNIT_ASSERT_EQUAL(2, bad.exitCode);
        CPPUNIT_ASSERT_MESSAGE(bad.err,
                               bad.err.find(".csv:3: job.schedule: schedule 'soon' has 1 field") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(2, none.exitCode);
        CPPUNIT_ASSERT_MESSAGE(none.err, none.err.find(".csv:2: the row has 2 values") != std::string::npos);
    }

    void checkTakesOneOrAll() {
        const auto one = array(carillon({"check", "trouble@b", "--json"}).run().out);
        const auto all = array(carillon({"check", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, one->size());
        CPPUNIT_ASSERT_EQUAL(std::string("trouble@b"), one->getObject(0)->getValue<std::string>("job"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, all->size());
    }

    void secretOfARowIsNeverPrinted() {
        addSecret("task.configure = throw_poco\n");

        const auto result = carillon({"run", "trouble@a", "-v"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("configure fails with ") != std::string::npos);
        const std::string everything = result.out + result.err + _folder->log("trouble@a");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(everything, std::string::npos, everything.find("hunter2"));
    }

    void secretInRowsThatOthersReadIsRefused() {
        addSecret();
        ::chmod(csv().c_str(), 0644);

        const auto result = carillon({"validate"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find(csv() +
                                                           ":2: task.secret: the secret stands in a file that "
                                                           "others may read; run: chmod o-rwx '" +
                                                           csv() + "'") != std::string::npos);
    }

    void validateNamesRowsAndAsksThePlugin() {
        _folder->addJob("trouble",
                        "job.plugin = Troublemaker\njob.task = Troublemaker\njob.schedule = ${instance.schedule}\n"
                        "task.lines = ${instance.lines}\n");
        write("name,schedule,lines\na1,@daily,1\na2,soon,2\nA3,@daily,3\na4,@daily,x\na5,@daily,x\n");

        const auto result = carillon({"validate"}).run();
        const auto json = array(carillon({"validate", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        for (const auto* part :
             {".csv:3: job.schedule: schedule 'soon' has 1 field", ".csv:4: name = A3", ".csv:5: task.lines = x"})
            CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find(part) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, json->size());
    }

    void validateSaysHowManyItDidNotAsk() {
        std::string rows = "name,town,schedule,run\n";
        for (int i = 0; i < 103; ++i) rows += "a" + std::to_string(i) + ",x,@daily,succeed\n";
        write(rows);

        const auto result = carillon({"validate"}).run();
        const auto every = carillon({"validate", "--all"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT(result.out.ends_with("is valid: 103 jobs\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: warning: trouble: 3 of 103 instances were not shown to the plugin; "
                                         "--all shows it every one\n"),
                             result.err);
        CPPUNIT_ASSERT_EQUAL(std::string(), every.err);
        CPPUNIT_ASSERT_EQUAL(0, every.exitCode);
    }

private:
    inline static const std::string kProgram = CARILLON_TEST_PROGRAM;

    Command carillon(std::vector<std::string> words) const {
        words.insert(words.begin(), {kProgram, "--config", _folder->config()});
        return Command(std::move(words));
    }

    std::string csv() const { return (_folder->path() / "jobs/trouble.instances.csv").string(); }
    void write(const std::string& rows) const { _folder->write("jobs/trouble.instances.csv", rows); }

    /// task.secret = hunter2, in the row of trouble@a.
    void addSecret(const std::string& more = {}) const {
        _folder->addJob(
            "trouble", "job.plugin = Troublemaker\njob.task = Troublemaker\ntask.secret = ${instance.secret}\n" + more);
        write("name,secret\na,hunter2\n");
    }

    static Poco::JSON::Array::Ptr array(const std::string& text) {
        return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Array::Ptr>();
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(InstancesTest);
