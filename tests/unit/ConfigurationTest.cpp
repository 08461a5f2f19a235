#include "config/Configuration.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "Poco/Exception.h"
#include "support/HostFolder.h"
#include "support/TestSkipped.h"

using namespace carillon;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class ConfigurationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigurationTest);
    CPPUNIT_TEST(pathsAreRelativeToTheFile);
    CPPUNIT_TEST(defaultsStandBesideTheFile);
    CPPUNIT_TEST(faultsOfTheHostComeAllAtOnce);
    CPPUNIT_TEST(connectionWithPasswordIsNeverShown);
    CPPUNIT_TEST(otherStoresAreRefused);
    CPPUNIT_TEST(theEmbeddedStoreMayBeNamed);
    CPPUNIT_TEST(limitsOfTheHostHaveDefaults);
    CPPUNIT_TEST(limitsOfTheHostAreRead);
    CPPUNIT_TEST(limitsOfTheHostHaveBounds);
    CPPUNIT_TEST(jobIsReadWhole);
    CPPUNIT_TEST(settingsOfAJobHaveDefaults);
    CPPUNIT_TEST(settingsOfAJobAreRead);
    CPPUNIT_TEST(settingsOfAJobHaveBounds);
    CPPUNIT_TEST(groupThatNothingLimitsIsAFault);
    CPPUNIT_TEST(faultsOfAJobComeAllAtOnceAndLeaveOthersAlone);
    CPPUNIT_TEST(taskAndLoggingKeysAreLeftToOthers);
    CPPUNIT_TEST(schedulesHaveAKnownShape);
    CPPUNIT_TEST(overridesWinAndHaveNoLine);
    CPPUNIT_TEST(jobsAreSortedAndOtherFilesAreNone);
    CPPUNIT_TEST(badNameOfAJobIsAFault);
    CPPUNIT_TEST(enabledJobWithoutFileIsAFaultOnItsLine);
    CPPUNIT_TEST(enabledPatternThatMatchesNothingIsAFault);
    CPPUNIT_TEST(instancesWithoutAJobAreAFault);
    CPPUNIT_TEST(jobsAreFoundAndMatched);
    CPPUNIT_TEST(instanceIsReadAloneAndItsFileIsNoJob);
    CPPUNIT_TEST(jobThatIsNotListedIsKnownButNotEnabled);
    CPPUNIT_TEST(missingFolderOfJobsIsAFault);
    CPPUNIT_TEST(missingFileIsOneFaultAlone);
    CPPUNIT_TEST(unreadableFolderOfJobsIsAFault);
    CPPUNIT_TEST(unknownTimezoneIsAFault);
    CPPUNIT_TEST(givenFileIsLocatedFirst);
    CPPUNIT_TEST(thenTheVariableThenThisFolder);
    CPPUNIT_TEST(noConfigurationIsOneSentence);
    CPPUNIT_TEST(fileOfThisFolderThatOthersWriteIsNone);
    CPPUNIT_TEST(folderOfJobsThatOthersWriteIsOneFault);
    CPPUNIT_TEST(jobInAnotherEncodingIsKnownAndLeavesTheOthersAlone);
    CPPUNIT_TEST(hostFileInAnotherEncodingIsOneFault);
    CPPUNIT_TEST(warningsOfAllFilesAreNoFaults);
    CPPUNIT_TEST(invisibleCharactersAreNamed);
    CPPUNIT_TEST(garbageNeverCrashes);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _before = fs::current_path();
        ::unsetenv("CARILLON_CONFIG");
    }
    void tearDown() override {
        ::unsetenv("CARILLON_CONFIG");
        fs::current_path(_before);
        _folder.reset();
    }

    void pathsAreRelativeToTheFile() {
        _folder->write("carillon.properties",
                       "plugins.dir = /opt/plugins\njobs.dir = jobs\nstate.dir = ${application.configDir}/var\n"
                       "logs.dir = ../logs\njobs.enabled = a, b c,\nhost.name = h1\n");
        fs::current_path("/");

        const HostConfig host = readHost();

        CPPUNIT_ASSERT(_faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("/opt/plugins"), host.pluginsDir);
        CPPUNIT_ASSERT_EQUAL(at("jobs"), host.jobsDir);
        CPPUNIT_ASSERT_EQUAL(at("var"), host.stateDir);
        CPPUNIT_ASSERT_EQUAL((_folder->path().parent_path() / "logs").string(), host.logsDir);
        CPPUNIT_ASSERT_EQUAL(std::string("h1"), host.hostName);
        CPPUNIT_ASSERT((std::vector<std::string>{"a", "b", "c"}) == host.enabledJobs);
    }

    void defaultsStandBesideTheFile() {
        _folder->write("carillon.properties", "");

        const HostConfig host = readHost();

        CPPUNIT_ASSERT(_faults.empty());
        CPPUNIT_ASSERT_EQUAL(_folder->path().string(), host.configDir);
        CPPUNIT_ASSERT_EQUAL(at("jobs"), host.jobsDir);
        CPPUNIT_ASSERT_EQUAL(at("state"), host.stateDir);
        CPPUNIT_ASSERT_EQUAL(at("logs"), host.logsDir);
        CPPUNIT_ASSERT_EQUAL(at("users.json"), host.usersFile);
        CPPUNIT_ASSERT(host.pluginsDir.ends_with("lib/carillon/plugins"));
        CPPUNIT_ASSERT(!host.hostName.empty());
    }

    void faultsOfTheHostComeAllAtOnce() {
        _folder->write("carillon.properties",
                       "workers.max = none\nstore.connector = Oracle\njob.dir = x\nno separator\nstate.dir = "
                       "${system.env.NO_SUCH}\n");

        readHost();

        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, _faults.size());
        CPPUNIT_ASSERT(hasFault(":1: workers.max = none, expected a whole number from 1 to 1000"));
        CPPUNIT_ASSERT(hasFault(":2: store.connector = Oracle, expected SQLite, the only one that works yet"));
        CPPUNIT_ASSERT(hasFault(":3: job.dir"));
        CPPUNIT_ASSERT(hasFault("jobs.dir"));
        CPPUNIT_ASSERT(hasFault(":4: the line has no key"));
        CPPUNIT_ASSERT(hasFault(":5: state.dir = ${system.env.NO_SUCH}, which names a variable that is not set"));
    }

    void connectionWithPasswordIsNeverShown() {
        const auto file =
            _folder->write("carillon.properties", "store.connection = host=${system.env.NO_SUCH};password=hidden\n");
        ::chmod(file.c_str(), 0644);

        readHost();

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _faults.size());
        CPPUNIT_ASSERT(!hasFault("hidden"));
    }

    void otherStoresAreRefused() {
        _folder->write("carillon.properties", "store.connector = MySQL\nstore.connection = host=db;user=carillon\n");

        readHost();

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _faults.size());
        CPPUNIT_ASSERT(hasFault(":1: store.connector = MySQL, expected SQLite, the only one that works yet"));
        CPPUNIT_ASSERT(hasFault(":2: store.connection names a store that hosts cannot use yet; take the line out"));
    }

    void theEmbeddedStoreMayBeNamed() {
        _folder->write("carillon.properties", "store.connector = SQLite\nstore.connection =\n");

        readHost();

        CPPUNIT_ASSERT(_faults.empty());
    }

    void limitsOfTheHostHaveDefaults() {
        const HostConfig host = readHost();

        CPPUNIT_ASSERT_EQUAL(4, host.workersMax);
        CPPUNIT_ASSERT(host.groupMax.empty());
        CPPUNIT_ASSERT_EQUAL(1000, host.recycleRuns);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{268435456}, host.recycleMemory);
        CPPUNIT_ASSERT(30s == host.drainTimeout);
    }

    void limitsOfTheHostAreRead() {
        _folder->write("carillon.properties",
                       "workers.max = 8\nworkers.group.db = 2\nworkers.group.gateway.fr = 1000\nworkers.recycle.runs = "
                       "5\nworkers.recycle.memory = 64M\ndrain.timeout = 0ms\n");

        const HostConfig host = readHost();

        CPPUNIT_ASSERT(_faults.empty());
        CPPUNIT_ASSERT_EQUAL(8, host.workersMax);
        CPPUNIT_ASSERT((std::map<std::string, int>{{"db", 2}, {"gateway.fr", 1000}}) == host.groupMax);
        CPPUNIT_ASSERT_EQUAL(5, host.recycleRuns);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{67108864}, host.recycleMemory);
        CPPUNIT_ASSERT(0ms == host.drainTimeout);
    }

    void limitsOfTheHostHaveBounds() {
        _folder->write("carillon.properties",
                       "workers.max = 0\nworkers.group.db = 1001\nworkers.group.Db = 1\nworkers.group.x =\n"
                       "workers.recycle.runs = 0\nworkers.recycle.memory = 256\ndrain.timeout = 2d\n");

        readHost();

        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, _faults.size());
        CPPUNIT_ASSERT(hasFault(":2: workers.group.db = 1001, expected a whole number from 1 to 1000"));
        CPPUNIT_ASSERT(hasFault(":3: workers.group.Db names a group with other than a-z, 0-9, -, _ and ."));
        CPPUNIT_ASSERT(hasFault(":4: workers.group.x is missing or empty"));
        CPPUNIT_ASSERT(hasFault(":6: workers.recycle.memory = 256, expected a size such as 256M (16M to 1024G)"));
        CPPUNIT_ASSERT(hasFault(":7: drain.timeout = 2d, expected a duration such as 30s (0ms to 1d)"));
    }

    void jobIsReadWhole() {
        _folder->write("carillon.properties", "jobs.enabled = sync\n");
        _folder->addJob("sync",
                        "job.plugin = P\njob.task = T\njob.title = Ça tourne\njob.schedule = */5 * * * *\n"
                        "job.timezone = Europe/Paris\njob.timeout = 5m\n");

        const JobConfig job = readJob();

        CPPUNIT_ASSERT(job.faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("sync"), job.name);
        CPPUNIT_ASSERT_EQUAL(std::string("P"), job.plugin);
        CPPUNIT_ASSERT_EQUAL(std::string("T"), job.task);
        CPPUNIT_ASSERT_EQUAL(std::string("Ça tourne"), job.title);
        CPPUNIT_ASSERT_EQUAL(std::string("*/5 * * * *"), job.schedule);
        CPPUNIT_ASSERT_EQUAL(std::string("Europe/Paris"), job.timezone);
        CPPUNIT_ASSERT(5min == job.timeout);
        CPPUNIT_ASSERT(job.enabled);
    }

    void settingsOfAJobHaveDefaults() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\n");

        const JobConfig job = readJob();

        JobSettings expected;
        expected.plugin = "P";
        expected.task = "T";
        CPPUNIT_ASSERT(expected == job);
        CPPUNIT_ASSERT_EQUAL(100, job.queueMax);
        CPPUNIT_ASSERT(24h == job.misfireWindow);
        CPPUNIT_ASSERT_EQUAL(10, job.misfireMax);
        CPPUNIT_ASSERT(10s == job.retryDelay && 1h == job.retryMaxDelay && 0ms == job.splay);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{0}, job.memory);
    }

    void settingsOfAJobAreRead() {
        _folder->write("carillon.properties", "workers.group.g = 1\n");
        _folder->addJob("sync",
                        "job.plugin = P\njob.task = T\njob.busy_schedule = every 2m\njob.overlap = queue\n"
                        "job.queue.max = 7\njob.misfire = run_all\njob.misfire.window = 2h\njob.misfire.max = 3\n"
                        "job.retries = 4\njob.retry.delay = 1s\njob.retry.max_delay = 9s\njob.splay = 5s\n"
                        "job.isolation = thread\njob.memory = 16M\njob.group = g\n");

        const JobConfig job = readJob();

        CPPUNIT_ASSERT(job.faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("every 2m"), job.busySchedule);
        CPPUNIT_ASSERT(Overlap::Queue == job.overlap);
        CPPUNIT_ASSERT_EQUAL(7, job.queueMax);
        CPPUNIT_ASSERT(Misfire::RunAll == job.misfire);
        CPPUNIT_ASSERT(2h == job.misfireWindow);
        CPPUNIT_ASSERT_EQUAL(3, job.misfireMax);
        CPPUNIT_ASSERT_EQUAL(4, job.retries);
        CPPUNIT_ASSERT(1s == job.retryDelay && 9s == job.retryMaxDelay && 5s == job.splay);
        CPPUNIT_ASSERT(Isolation::Thread == job.isolation);
        CPPUNIT_ASSERT_EQUAL(std::uint64_t{16777216}, job.memory);
        CPPUNIT_ASSERT_EQUAL(std::string("g"), job.group);
    }

    void settingsOfAJobHaveBounds() {
        _folder->addJob("sync",
                        "job.plugin = P\njob.task = T\njob.queue.max = 0\njob.misfire.max = 10001\n"
                        "job.retries = 101\njob.memory = 15M\njob.isolation = none\njob.misfire = never\n");

        _faults = readJob().faults;

        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, _faults.size());
        CPPUNIT_ASSERT(hasFault(":3: job.queue.max = 0, expected a whole number from 1 to 100000"));
        CPPUNIT_ASSERT(hasFault(":4: job.misfire.max = 10001, expected a whole number from 1 to 10000"));
        CPPUNIT_ASSERT(hasFault(":6: job.memory = 15M, expected a size such as 16M (16M to 1024G)"));
        CPPUNIT_ASSERT(hasFault(":7: job.isolation = none, expected one of process, thread"));
        CPPUNIT_ASSERT(hasFault(":8: job.misfire = never, expected one of run_once, skip, run_all"));
    }

    void groupThatNothingLimitsIsAFault() {
        _folder->write("carillon.properties", "workers.group.other = 1\n");
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.group = db\n");

        _faults = readJob().faults;

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT(hasFault("sync.properties:3: job.group = db, which nothing limits; give workers.group.db"));
    }

    void faultsOfAJobComeAllAtOnceAndLeaveOthersAlone() {
        _folder->addJob("sync",
                        "job.task = T\njob.timeout = 5\njob.overlap = skipp\njob.timezon = UTC\njob.schedule = soon\n");
        _folder->addJob("other", "job.plugin = P\njob.task = T\n");

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT(all.faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, all.files.size());
        CPPUNIT_ASSERT(all.files[0]->faults().empty());
        _faults = all.files[1]->faults();
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, _faults.size());
        CPPUNIT_ASSERT(hasFault("sync.properties: job.plugin is missing or empty"));
        CPPUNIT_ASSERT(hasFault("sync.properties:2: job.timeout = 5, expected a duration such as 30s (0ms to 366d)"));
        CPPUNIT_ASSERT(hasFault(":3: job.overlap = skipp, expected one of skip, queue, allow, replace"));
        CPPUNIT_ASSERT(hasFault(":4: job.timezon"));
        CPPUNIT_ASSERT(hasFault(":5: job.schedule: schedule 'soon' has 1 field, expected 5 fields"));
    }

    void taskAndLoggingKeysAreLeftToOthers() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\ntask.any = 1\nlogging.any = 2\n");

        CPPUNIT_ASSERT(readJob().faults.empty());
    }

    void schedulesHaveAKnownShape() {
        for (const std::string good : {"* * * * *", "0 */5 * * * *", "@daily", "every 90s", "@every 5m", ""})
            CPPUNIT_ASSERT_MESSAGE(good, scheduleFaults(good) == 0);
        for (const std::string bad : {"* * * *", "* * * * * * *", "daily", "every", "every 90", "each 90s", "@never"})
            CPPUNIT_ASSERT_MESSAGE(bad, scheduleFaults(bad) == 1);
    }

    void overridesWinAndHaveNoLine() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.timeout = 5m\ntask.a = 1\n");

        const JobConfig job =
            readJobConfig(readHost(), "sync", {{"job.timeout", "1s"}, {"task.a", "${b}"}, {"task.new", "3"}});

        CPPUNIT_ASSERT(job.faults.empty());
        CPPUNIT_ASSERT(1s == job.timeout);
        CPPUNIT_ASSERT_EQUAL(std::string("${b}"), job.source.find("task.a")->raw);
        CPPUNIT_ASSERT_EQUAL(0, job.source.find("task.a")->line);
        CPPUNIT_ASSERT_EQUAL(std::string("3"), job.source.find("task.new")->value);
        CPPUNIT_ASSERT_EQUAL(1, job.source.find("job.plugin")->line);
    }

    void jobsAreSortedAndOtherFilesAreNone() {
        for (const auto* name : {"zeta", "alpha-2", "b_c"}) _folder->addJob(name, "");
        _folder->write("jobs/readme.txt", "");
        _folder->write("jobs/.hidden.properties", "");

        const auto names = listJobs(readHost(), _faults);

        CPPUNIT_ASSERT((std::vector<std::string>{"alpha-2", "b_c", "zeta"}) == names);
        CPPUNIT_ASSERT(_faults.empty());
    }

    void badNameOfAJobIsAFault() {
        for (const auto& name : {std::string("Upper"), std::string("a b"), std::string("é"), std::string(101, 'x')}) {
            _faults.clear();
            _folder->addJob(name, "");

            const auto names = listJobs(readHost(), _faults);

            CPPUNIT_ASSERT_MESSAGE(name, names.empty());
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
            CPPUNIT_ASSERT(hasFault(name + ".properties: a job's name has only a-z, 0-9, - and _, at most 100"));
            fs::remove(_folder->path() / "jobs" / (name + ".properties"));
        }
    }

    void enabledJobWithoutFileIsAFaultOnItsLine() {
        _folder->write("carillon.properties", "host.name = x\njobs.enabled = sync, ghost\n");
        _folder->addJob("sync", "");

        _faults = readConfiguration(_folder->config()).faults;

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT(hasFault("carillon.properties:2: jobs.enabled names ghost, but there is no " + at("jobs") +
                                "/ghost.properties"));
    }

    void enabledPatternThatMatchesNothingIsAFault() {
        _folder->write("carillon.properties", "jobs.enabled = s*, sync@a*, x*, sync@b*, sync@c, other@a\n");
        _folder->addJob("sync", "job.plugin = P\njob.task = T\n");
        _folder->write("jobs/sync.instances.csv", "name\na\n");

        _faults = readConfiguration(_folder->config()).faults;

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, _faults.size());
        CPPUNIT_ASSERT(hasFault("carillon.properties:1: jobs.enabled names x*, but no job matches it"));
        CPPUNIT_ASSERT(hasFault("jobs.enabled names sync@b*, but no job matches it"));
        CPPUNIT_ASSERT(
            hasFault("jobs.enabled names sync@c, but there is no sync@c; sync has 1 instance, did you mean "
                     "sync@a?"));
        CPPUNIT_ASSERT(hasFault("jobs.enabled names other@a, but there is no " + at("jobs") + "/other.properties"));
    }

    void instancesWithoutAJobAreAFault() {
        _folder->write("jobs/ghost.instances.csv", "name\na\n");

        CPPUNIT_ASSERT(listJobs(readHost(), _faults).empty());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT(hasFault(at("jobs") + "/ghost.instances.csv: has instances of a job that is not there; expected "
                                             "ghost.properties beside it"));
    }

    void jobsAreFoundAndMatched() {
        for (const auto* name : {"sync-a", "sync-b", "tidy"}) _folder->addJob(name, "job.plugin = P\njob.task = T\n");
        _folder->write("jobs/sync-a.instances.csv", "name\nlyon\nparis-1\nparis-2\n");
        _folder->write("jobs/sync-b.instances.csv", "name\nparis\n");

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT(all.allFaults().empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, all.jobCount());
        CPPUNIT_ASSERT_EQUAL(std::string("sync-a@paris-1"), all.find("sync-a@paris-1")->name());
        CPPUNIT_ASSERT_EQUAL(std::string("tidy"), all.find("tidy")->config().name);
        for (const auto* none : {"sync-a", "sync-a@x", "tidy@x", "x", ""}) CPPUNIT_ASSERT(!all.find(none));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-a@lyon sync-a@paris-1 sync-a@paris-2 sync-b@paris tidy "),
                             names(all, "*"));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-a@paris-1 sync-a@paris-2 sync-b@paris "), names(all, "sync-*@paris*"));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-b@paris "), names(all, "sync-b"));
        CPPUNIT_ASSERT_EQUAL(std::string("tidy "), names(all, "ti?y"));
        CPPUNIT_ASSERT_EQUAL(std::string("sync-a@lyon "), names(all, "sync-a@lyon"));
        CPPUNIT_ASSERT_EQUAL(std::string(), names(all, "tidy@*"));
    }

    void instanceIsReadAloneAndItsFileIsNoJob() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.title = ${instance.name}\n");
        _folder->write("jobs/sync.instances.csv", "name\na\n");
        const HostConfig host = readHost();

        const JobConfig job = readJobConfig(host, "sync@a", {{"task.x", "1"}});
        _faults = readJobConfig(host, "sync").faults;

        CPPUNIT_ASSERT(job.faults.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("sync@a"), job.name);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), job.title);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), job.source.find("task.x")->value);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT(hasFault("sync.properties: sync is no job itself but has 1 instance: sync@a"));
    }

    void jobThatIsNotListedIsKnownButNotEnabled() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\n");

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.files.size());
        CPPUNIT_ASSERT(!all.files[0]->enabled(0));
    }

    void missingFolderOfJobsIsAFault() {
        _folder->write("carillon.properties", "jobs.dir = nowhere\n");

        const Configuration all = readConfiguration(_folder->config());

        _faults = all.faults;
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        CPPUNIT_ASSERT(hasFault(at("nowhere") + ": the folder of jobs cannot be read: No such file or directory"));
    }

    void missingFileIsOneFaultAlone() {
        const Configuration all = readConfiguration(at("absent.properties"));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.faults.size());
        CPPUNIT_ASSERT_EQUAL(at("absent.properties") + ": cannot be read: No such file or directory",
                             all.faults[0].sentence());
        CPPUNIT_ASSERT(all.files.empty());
    }

    void unreadableFolderOfJobsIsAFault() {
        if (::geteuid() == 0) throw TestSkipped{"root reads everything"};
        ::chmod(at("jobs").c_str(), 0);

        listJobs(readHost(), _faults);

        ::chmod(at("jobs").c_str(), 0700);
        CPPUNIT_ASSERT(hasFault(at("jobs") + ": the folder of jobs cannot be read: Permission denied"));
    }

    void unknownTimezoneIsAFault() {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.timezone = Europe/Lutetia\n");

        const auto faults = readJob().faults;

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, faults.size());
        CPPUNIT_ASSERT_EQUAL(at("jobs/sync.properties") +
                                 ":3: job.timezone: time zone Europe/Lutetia does not exist in "
                                 "/usr/share/zoneinfo, expected a name of the time-zone database such as Europe/Paris",
                             faults[0].sentence());
        CPPUNIT_ASSERT(readJobConfig(readHost(), "sync", {{"job.timezone", "Europe/Paris"}}).faults.empty());
        CPPUNIT_ASSERT(readJobConfig(readHost(), "sync", {{"job.timezone", ""}}).faults.empty());
    }

    void givenFileIsLocatedFirst() {
        ::setenv("CARILLON_CONFIG", "/from/variable", 1);
        fs::current_path(_folder->path());

        CPPUNIT_ASSERT_EQUAL(std::string("/given"), locate("/given"));
    }

    void thenTheVariableThenThisFolder() {
        ::setenv("CARILLON_CONFIG", "/from/variable", 1);
        fs::current_path(_folder->path());

        CPPUNIT_ASSERT_EQUAL(std::string("/from/variable"), locate(""));
        ::setenv("CARILLON_CONFIG", "", 1);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon.properties"), locate(""));
    }

    void noConfigurationIsOneSentence() {
        if (fs::exists("/etc/carillon/carillon.properties")) throw TestSkipped{"this machine has a configuration"};
        fs::current_path(_folder->path() / "jobs");

        try {
            locate("");
            CPPUNIT_FAIL("found one");
        } catch (const Poco::FileNotFoundException& e) {
            CPPUNIT_ASSERT(e.message().find("--config") != std::string::npos);
            CPPUNIT_ASSERT(e.message().find("'carillon init DIR' writes one") != std::string::npos);
        }
    }

    void fileOfThisFolderThatOthersWriteIsNone() {
        if (fs::exists("/etc/carillon/carillon.properties")) throw TestSkipped{"this machine has a configuration"};
        fs::current_path(_folder->path());
        ::chmod(_folder->config().c_str(), 0646);

        try {
            locate("");
            CPPUNIT_FAIL("it was taken");
        } catch (const Poco::FileNotFoundException& e) {
            CPPUNIT_ASSERT_EQUAL(
                "there is no /etc/carillon/carillon.properties, and ./carillon.properties is not "
                "taken: it may be written by others and is refused; run: chmod go-w '" +
                    _folder->config() + "'",
                e.message());
        }
        CPPUNIT_ASSERT_EQUAL(_folder->config(), locate(_folder->config()));
    }

    void folderOfJobsThatOthersWriteIsOneFault() {
        ::chmod(at("jobs").c_str(), 01777);

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.allFaults().size());
        CPPUNIT_ASSERT_EQUAL(at("jobs") +
                                 ": the folder of jobs may be written by others and is refused; name a "
                                 "folder in it, or run: chmod go-w '" +
                                 at("jobs") + "'",
                             all.allFaults()[0].sentence());
    }

    void jobInAnotherEncodingIsKnownAndLeavesTheOthersAlone() {
        _folder->addJob("latin", "job.plugin = P\njob.task = T\njob.title = \xc9vian\n");
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.title = \u00c9vian\n");

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT_EQUAL(std::string("latin sync "), names(all, "*"));
        CPPUNIT_ASSERT(all.find("latin")->isFaulty() && !all.find("sync")->isFaulty());
        CPPUNIT_ASSERT_EQUAL(std::string(), all.find("latin")->title());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.allFaults().size());
        CPPUNIT_ASSERT_EQUAL(at("jobs/latin.properties") +
                                 ":3: is not UTF-8: it has the byte 0xC9, which is \u00c9 in "
                                 "Windows-1252; save the file as UTF-8",
                             all.allFaults()[0].sentence());
    }

    void hostFileInAnotherEncodingIsOneFault() {
        _folder->write("carillon.properties", "# caf\xe9\njobs.enabled = sync\n");
        _folder->addJob("sync", "job.plugin = P\njob.task = T\n");

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, all.allFaults().size());
        CPPUNIT_ASSERT(all.allFaults()[0].sentence().starts_with(_folder->config() + ":1: is not UTF-8"));
    }

    void warningsOfAllFilesAreNoFaults() {
        _folder->write("carillon.properties", "state.dir = C:\\state\njobs.enabled = sync\n");
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.schedule = */90 * * * *\njob.title = x\\\n# y\n");

        const Configuration all = readConfiguration(_folder->config());

        CPPUNIT_ASSERT(all.allFaults().empty() && !all.find("sync")->isFaulty());
        const auto warnings = all.allWarnings();
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, warnings.size());
        CPPUNIT_ASSERT(warnings[0].sentence().starts_with(_folder->config() + ":1: state.dir has a backslash"));
        CPPUNIT_ASSERT(warnings[1].sentence().starts_with(at("jobs/sync.properties") + ":4: job.title ends with"));
        CPPUNIT_ASSERT_EQUAL(at("jobs/sync.properties") +
                                 ":3: job.schedule: */90 in the minute field fires at minute 0 only; for every 90 "
                                 "minutes write 'every 90m'",
                             warnings[2].sentence());
    }

    void invisibleCharactersAreNamed() {
        _folder->write("carillon.properties", "jobs.enabled = sync,\u00a0other\nworkers.max = 4\u00a0\n");
        _folder->addJob("sync",
                        "job.plugin = P\u200b\njob.task = T\njob.schedule = */5\u00a0* * * *\n"
                        "job.timeout = 30\u202fs\njob.retries = \u22121\njob.overlap = \u201cskip\u201d\n"
                        "job.misfire\u00a0= skip\njob.timezone = Europe\u2044Paris\njob.title = a\u00a0\u2013\n");
        _folder->addJob("caf\u00e9", "");

        for (const auto& fault : readConfiguration(_folder->config()).allFaults()) _faults.push_back(fault);

        for (
            const auto* text :
            {":1: jobs.enabled names \u00a0other, but ",
             ": it has U+00A0 no-break space at the beginning; write a plain",
             ":2: workers.max = 4\u00a0, expected a whole number from 1 to 1000: it has U+00A0 no-break space after 4;",
             ":1: job.plugin = P\u200b: it has U+200B zero-width space after P; remove it",
             "job.schedule: schedule '*/5\u00a0* * * *' has U+00A0 no-break space after */5; write a plain space",
             "(0ms to 366d): it has U+202F narrow no-break space after 30; write a plain space",
             "to 100: it has U+2212 minus sign at the beginning; write a plain -",
             "skip, queue, allow, replace: it has U+201C quotation mark at the beginning; write a plain quote, or none",
             ":7: job.misfire\u00a0 is not a known key, did you mean job.misfire: it has U+00A0 no-break space "
             "after "
             "job.misfire; write a plain space",
             "job.timezone = Europe\u2044Paris: it has U+2044 fraction slash after Europe; write a plain /",
             "at most 100: it has U+00E9 (\u00e9) after caf; write plain ASCII"})
            CPPUNIT_ASSERT_MESSAGE(text, hasFault(text));
        CPPUNIT_ASSERT(!hasFault("job.title"));
    }

    void garbageNeverCrashes() {
        std::mt19937 random(20261122);
        const std::string words[] = {
            "job.plugin", "job.schedule", "jobs.dir", "state.dir", "store.connection", "=",
            "\n",         " = ",          "${",       "}",         "every 5s",         "password=",
            "\\\n",       "task.x",       "\\x",      "@daily",    "system.env.HOME",  "job.timeout",
            "\r"};
        std::size_t faults = 0;
        for (int file = 0; file < 200; ++file) {
            std::string host;
            std::string job;
            for (auto length = random() % 40; length > 0; --length) host += words[random() % std::size(words)];
            for (auto length = random() % 40; length > 0; --length) job += words[random() % std::size(words)];
            if (file % 10 == 9) (file % 20 == 9 ? job : host) += '\xff';
            _folder->write("carillon.properties", host);
            _folder->addJob("sync", job);
            _folder->write("jobs/sync.instances.csv", "name,a\n" + job.substr(0, job.size() / 2));

            const Configuration all = readConfiguration(_folder->config());
            const JobConfig read = readJobConfig(all.host, "sync");

            faults += all.faults.size() + read.faults.size();
            for (const auto& warning : all.allWarnings()) CPPUNIT_ASSERT(warning.line > 0 && !warning.key.empty());
        }
        CPPUNIT_ASSERT(faults > 200);
    }

private:
    static std::string names(const Configuration& all, const std::string& pattern) {
        std::string names;
        for (const auto& job : all.match(pattern)) names += job.name() + " ";
        return names;
    }

    std::string at(const std::string& name) const { return (_folder->path() / name).string(); }
    static std::string locate(const std::string& given) {
        return locateConfiguration(given, [](const Message& refused) { CPPUNIT_FAIL(refused.text); });
    }
    HostConfig readHost() { return readHostConfig(_folder->config(), _faults); }
    JobConfig readJob() { return readJobConfig(readHost(), "sync"); }

    bool hasFault(const std::string& text) const {
        return std::any_of(_faults.begin(), _faults.end(), [&text](const ConfigFault& fault) {
            return fault.sentence().find(text) != std::string::npos;
        });
    }

    std::size_t scheduleFaults(const std::string& schedule) {
        _folder->addJob("sync", "job.plugin = P\njob.task = T\njob.schedule = " + schedule + "\n");
        return readJob().faults.size();
    }

    std::unique_ptr<HostFolder> _folder{};
    fs::path _before{};
    std::vector<ConfigFault> _faults{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ConfigurationTest);
