#include "config/ConfigDifference.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/HostFolder.h"

using namespace carillon;

class ConfigDifferenceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigDifferenceTest);
    CPPUNIT_TEST(sameConfigurationHasNone);
    CPPUNIT_TEST(jobsComeAndGo);
    CPPUNIT_TEST(changedKeysAreShownBeforeAndAfter);
    CPPUNIT_TEST(keysOfTheHostAreShown);
    CPPUNIT_TEST(secretsAreNeverShown);
    CPPUNIT_TEST(unknownKeysMayHoldASecret);
    CPPUNIT_TEST(whoLogsInByAUrlIsNotShown);
    CPPUNIT_TEST(enabledJobsAreNamed);
    CPPUNIT_TEST(instancesAreCountedAndNamed);
    CPPUNIT_TEST(fewOfManyInstancesAreNamed);
    CPPUNIT_TEST(columnsAreComparedByName);
    CPPUNIT_TEST(fileOfInstancesComesAndGoes);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _folder->addJob("clean", "job.plugin = P\njob.task = T\njob.schedule = 0 3 * * *\n");
        _folder->addJob("sync", "job.plugin = P\njob.task = T\ntask.key = ${instance.key}\n");
        _folder->write("jobs/sync.instances.csv", "name,key\na,hidden\nb,hidden\nc,hidden\n");
        _before = readConfiguration(_folder->config());
        CPPUNIT_ASSERT(_before.allFaults().empty());
    }
    void tearDown() override { _folder.reset(); }

    void sameConfigurationHasNone() {
        _folder->addJob("clean", "# moved\njob.task = T\njob.schedule = 0 3 * * *\njob.plugin = P\n");
        _folder->write("jobs/sync.instances.csv", "key,name\nhidden,c\nhidden,b\n\nhidden,a\n");

        CPPUNIT_ASSERT_EQUAL(std::string(), difference());
    }

    void jobsComeAndGo() {
        std::filesystem::remove(_folder->path() / "jobs/clean.properties");
        _folder->addJob("new", "job.plugin = P\njob.task = T\n");

        CPPUNIT_ASSERT_EQUAL(std::string("- job clean\n+ job new\n"), difference());
    }

    void changedKeysAreShownBeforeAndAfter() {
        _folder->addJob("clean", "job.plugin = P\njob.task = T\njob.schedule = 0 4 * * *\njob.retries = 3\n");
        _folder->addJob("sync", "job.plugin = P\ntask.key = ${instance.key}\njob.task = T2\n");

        CPPUNIT_ASSERT_EQUAL(std::string("~ job clean: job.retries (none) -> 3\n"
                                         "~ job clean: job.schedule 0 3 * * * -> 0 4 * * *\n"
                                         "~ job sync: job.task T -> T2\n"),
                             difference());
    }

    void keysOfTheHostAreShown() {
        _folder->write("carillon.properties", "workers.max = 8\nstate.dir = state\n");
        const std::string given = difference();
        _before = readConfiguration(_folder->config());
        _folder->write("carillon.properties", "workers.max = 9\n");

        CPPUNIT_ASSERT(given.find("~ host: workers.max (none) -> 8\n") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("~ host: state.dir state -> (none)\n~ host: workers.max 8 -> 9\n"),
                             difference());
    }

    void secretsAreNeverShown() {
        const std::string head = "job.plugin = P\njob.task = T\njob.schedule = 0 3 * * *\n";
        std::string keys;
        for (const auto* key : {"db.password", "gateway.key", "client.secret", "api.token", "db.connection"})
            keys += "task." + std::string(key) + " = hidden\n";
        _folder->addJob("clean", head + keys + "task.store = host=x;password=hidden\n");
        _folder->write("jobs/sync.instances.csv", "name,key\na,hidden\nb,hidden2\nc,hidden\n");

        const std::string found = difference();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(found, std::string::npos, found.find("hidden"));
        for (const auto* line : {"~ job clean: task.db.password changed\n", "~ job clean: task.gateway.key changed\n",
                                 "~ job clean: task.client.secret changed\n", "~ job clean: task.api.token changed\n",
                                 "~ job clean: task.db.connection changed\n", "~ job clean: task.store changed\n",
                                 "~ 1 instance of sync: b\n"})
            CPPUNIT_ASSERT_MESSAGE(line, found.find(line) != std::string::npos);
    }

    void unknownKeysMayHoldASecret() {
        _folder->addJob(
            "clean",
            "job.plugin = P\njob.task = T\njob.schedule = 0 3 * * *\njob.pasword = hidden\ntask.kye = hidden\n");
        const auto after = readConfiguration(_folder->config());
        const std::string file = after.findFile("clean")->source().file();

        // What its task alone knows to be none of its keys.
        std::string lines;
        for (const auto& line : differenceOf(_before, after, {{file, 5, "task.kye", " is not a known key"}}))
            lines += line + "\n";

        CPPUNIT_ASSERT_EQUAL(std::string("~ job clean: job.pasword changed\n~ job clean: task.kye changed\n"), lines);
    }

    void whoLogsInByAUrlIsNotShown() {
        _folder->addJob("clean",
                        "job.plugin = P\njob.task = T\njob.schedule = 0 3 * * *\ntask.gateway.proxy = "
                        "http://me:hidden@proxy:3128\n");

        CPPUNIT_ASSERT_EQUAL(std::string("~ job clean: task.gateway.proxy (none) -> http://[secret]@proxy:3128\n"),
                             difference());
    }

    void enabledJobsAreNamed() {
        _folder->write("carillon.properties", "jobs.enabled = clean, sync@b\n");
        const std::string enabled = difference();
        _before = readConfiguration(_folder->config());
        _folder->write("carillon.properties", "jobs.enabled = sync\n");
        const std::string swapped = difference();

        CPPUNIT_ASSERT_MESSAGE(enabled, enabled.ends_with("~ job clean: now enabled\n"
                                                          "~ 1 instance of sync now enabled: b\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("~ host: jobs.enabled clean, sync@b -> sync\n"
                                         "~ job clean: no longer enabled\n"
                                         "~ 2 instances of sync now enabled: a, c\n"),
                             swapped);
    }

    void instancesAreCountedAndNamed() {
        _folder->write("jobs/sync.instances.csv", "name,key\nb,other\nc,hidden\nd,x\ne,x\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("+ 2 instances of sync: d, e\n- 1 instance of sync: a\n~ 1 instance of sync: b\n"),
            difference());
    }

    void fewOfManyInstancesAreNamed() {
        std::string rows = "name,key\n";
        for (char c = 'a'; c <= 'z'; ++c) rows += std::string(1, c) + ",hidden\n";
        _folder->write("jobs/sync.instances.csv", rows);

        CPPUNIT_ASSERT_EQUAL(std::string("+ 23 instances of sync: d, e, f, g, h, i, j, k, l, m, ...\n"), difference());
    }

    void columnsAreComparedByName() {
        _folder->write("jobs/sync.instances.csv", "zone,key,name\nUTC,hidden,a\nUTC,other,b\nUTC,hidden,c\n");
        const std::string more = difference();
        _before = readConfiguration(_folder->config());
        _folder->write("jobs/sync.instances.csv", "name,key\na,hidden\nb,other\nc,hidden\n");

        CPPUNIT_ASSERT_EQUAL(std::string("~ job sync: new column zone\n~ 1 instance of sync: b\n"), more);
        CPPUNIT_ASSERT_EQUAL(std::string("~ job sync: no column zone any more\n"), difference());
    }

    void fileOfInstancesComesAndGoes() {
        std::filesystem::remove(_folder->path() / "jobs/sync.instances.csv");
        _folder->write("jobs/clean.instances.csv", "name\nx\n");

        CPPUNIT_ASSERT_EQUAL(
            std::string("- job clean\n+ 1 instance of clean: x\n- 3 instances of sync: a, b, c\n+ job sync\n"),
            difference());
    }

private:
    std::string difference() const {
        std::string lines;
        for (const auto& line : differenceOf(_before, readConfiguration(_folder->config()))) lines += line + "\n";
        return lines;
    }

    std::unique_ptr<HostFolder> _folder{};
    Configuration _before{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigDifferenceTest);
