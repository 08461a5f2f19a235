#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/Command.h"
#include "support/HostFolder.h"
#include "support/TestSkipped.h"

namespace fs = std::filesystem;

/// Who else may write what the command reads, loads and writes: attacks that get nowhere, and homes that are fine.
class SideDoorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SideDoorTest);
    CPPUNIT_TEST(configurationOfTheFolderIsNotTakenFromAnother);
    CPPUNIT_TEST(configurationThatOthersWriteIsNotTaken);
    CPPUNIT_TEST(installedConfigurationIsTakenInsteadWithAWarning);
    CPPUNIT_TEST(namedConfigurationOfAnotherIsRefused);
    CPPUNIT_TEST(jobOfAnotherIsRefused);
    CPPUNIT_TEST(jobsFolderForOthersIsRefused);
    CPPUNIT_TEST(stateOfAnotherIsRefused);
    CPPUNIT_TEST(filesOfAnotherBesideTheStoreAreRefused);
    CPPUNIT_TEST(logInAFolderForEverybodyIsRefused);
    CPPUNIT_TEST(hostDoesNotStartOnTheStateOfAnother);
    CPPUNIT_TEST(logIsNotWrittenWhereALinkOfAnotherLeads);
    CPPUNIT_TEST(logOfAnotherIsNotRead);
    CPPUNIT_TEST(keyOfThePageThatOthersReadIsRefused);
    CPPUNIT_TEST(configurationIsNotWrittenWhereALinkOfAnotherLeads);
    CPPUNIT_TEST(serviceReadsWhatIsRoots);
    CPPUNIT_TEST(developersGroupMayWrite);
    CPPUNIT_TEST(anyUserOfAContainerReadsWhatIsRootsGroups);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        if (::geteuid() != 0) throw TestSkipped{"only root gives files away"};
        _folder = std::make_unique<HostFolder>();
        ::chmod(_folder->path().c_str(), 0755);
        _folder->addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
        _folder->addJob("trouble", kJob);
    }
    void tearDown() override { _folder.reset(); }

    /// It would have root write a file for cron.
    void configurationOfTheFolderIsNotTakenFromAnother() {
        _folder->addJob("trouble", kJob + "logging.loggers.root.channel = f\nlogging.channels.f.class = FileChannel\n" +
                                       "logging.channels.f.path = " + at("cron") + "\n");
        giveAll(kStranger, kStranger);

        const auto result = Command({kProgram, "run", "trouble"}).in(_folder->path()).run();

        requireRefusal(result, 2,
                       "carillon: error: there is no /etc/carillon/carillon.properties, and ./carillon.properties is "
                       "not taken: it lies in " +
                           _folder->path().string() + ", which belongs to another user (#12345)");
        CPPUNIT_ASSERT(!fs::exists(at("cron")) && !fs::exists(at("state")) && !fs::exists(at("logs")));
        requireRefusal(Command({kProgram, "validate"}).in(_folder->path()).run(), 2, "./carillon.properties is not ");
    }

    void configurationThatOthersWriteIsNotTaken() {
        ::chmod(_folder->config().c_str(), 0646);

        const auto result = Command({kProgram, "jobs"}).in(_folder->path()).run();

        requireRefusal(result, 2,
                       "./carillon.properties is not taken: it may be written by others and is refused; run: chmod "
                       "go-w '" +
                           _folder->config() + "'\n");
    }

    void installedConfigurationIsTakenInsteadWithAWarning() {
        const HostFolder installed;
        installed.addJob("installed", kJob);
        ::chmod(_folder->config().c_str(), 0646);
        const std::vector<std::string> within{"unshare",
                                              "-m",
                                              "sh",
                                              "-c",
                                              "mount -t tmpfs -o mode=755 none /etc && ln -s '" +
                                                  installed.path().string() + "' /etc/carillon && exec \"$@\"",
                                              "sh"};
        auto trial = within;
        trial.emplace_back("true");
        if (Command(trial).run().exitCode != 0) throw TestSkipped{"nothing may be mounted here"};

        const auto result = Command({kProgram, "jobs"}).within(within).in(_folder->path()).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT(result.out.find("installed") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            result.err, result.err.starts_with("carillon: warning: /etc/carillon/carillon.properties is used, since "
                                               "./carillon.properties is not taken: it may be written by others"));
    }

    void namedConfigurationOfAnotherIsRefused() {
        give("carillon.properties", kStranger);

        for (const std::string verb : {"jobs", "validate", "serve", "history"})
            requireRefusal(
                carillon({verb}).run(), 2,
                "carillon: error: " + _folder->config() + ": belongs to another user (#12345) and is refused");
    }

    void jobOfAnotherIsRefused() {
        give("jobs/trouble.properties", kStranger);

        requireRefusal(run(), 2, at("jobs/trouble.properties") + ": belongs to another user (#12345)");
    }

    void jobsFolderForOthersIsRefused() {
        ::chmod(at("jobs").c_str(), 0777);

        requireRefusal(run(), 2,
                       at("jobs") + ": the folder of jobs may be written by others and is refused; run: chmod go-w '" +
                           at("jobs") + "'\n");
    }

    void stateOfAnotherIsRefused() {
        fs::create_directory(at("state"));
        give("state", kStranger);

        for (const auto& words : std::vector<std::vector<std::string>>{{"run", "trouble"}, {"status"}, {"history"}})
            requireRefusal(carillon(words).run(), 1,
                           "belongs to another user (#12345) and is refused; work as that user (sudo -u '#12345'), or "
                           "run: chown root '" +
                               at("state") + "'\n");
        CPPUNIT_ASSERT(fs::is_empty(at("state")));
    }

    /// SQLite takes what lies beside the file for a part of it.
    void filesOfAnotherBesideTheStoreAreRefused() {
        CPPUNIT_ASSERT_EQUAL(0, run().exitCode);
        for (const char* suffix : {"-wal", "-shm", "-journal"}) {
            const std::string name = std::string("state/carillon.db") + suffix;
            std::ofstream(at(name)) << "planted";
            give(name, kStranger);

            requireRefusal(carillon({"history"}).run(), 1, at(name) + ": belongs to another user (#12345)");
            fs::remove(at(name));
        }
        CPPUNIT_ASSERT_EQUAL(0, carillon({"history"}).run().exitCode);
    }

    /// While it is rotated its name is anybody's there.
    void logInAFolderForEverybodyIsRefused() {
        fs::create_directory(at("logs"));
        ::chmod(at("logs").c_str(), 01777);

        const auto result = run();

        CPPUNIT_ASSERT(!fs::exists(at("logs/trouble.log")) || fs::is_empty(at("logs/trouble.log")));
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("its folder may be written by others and is refused; name "
                                                           "a folder in it") != std::string::npos);
    }

    void hostDoesNotStartOnTheStateOfAnother() {
        fs::create_directory(at("state"));
        give("state", kStranger);

        const auto result = carillon({"serve"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("belongs to another user (#12345)") != std::string::npos);
        CPPUNIT_ASSERT(fs::is_empty(at("state")));
    }

    void logIsNotWrittenWhereALinkOfAnotherLeads() {
        fs::create_directory(at("logs"));
        ::chmod(at("logs").c_str(), 01777);
        fs::create_symlink(at("cron"), at("logs/trouble.log"));
        give("logs/trouble.log", kStranger);

        const auto result = run();

        CPPUNIT_ASSERT(!fs::exists(at("cron")));
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("belongs to another user (#12345)") != std::string::npos);
    }

    void logOfAnotherIsNotRead() {
        _folder->write("secret", "hidden\n");
        fs::create_directory(at("logs"));
        ::chmod(at("logs").c_str(), 01777);
        fs::create_symlink(at("secret"), at("logs/trouble.log"));
        give("logs/trouble.log", kStranger);

        const auto result = carillon({"logs", "trouble"}).run();

        CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
        requireRefusal(result, 1, "belongs to another user (#12345)");
    }

    void keyOfThePageThatOthersReadIsRefused() {
        _folder->write("page.pem", "");
        ::chmod(at("page.pem").c_str(), 0644);
        _folder->write("carillon.properties",
                       "plugins.dir = plugins\nhttp.tls.certificate = page.pem\nhttp.tls.key = page.pem\n");

        requireRefusal(carillon({"validate"}).run(), 2,
                       "carillon.properties:3: http.tls.key = " + at("page.pem") +
                           " the secret stands in a file that others may read; run: chmod o-rwx '");
    }

    void configurationIsNotWrittenWhereALinkOfAnotherLeads() {
        fs::create_directory(at("theirs"));
        fs::create_symlink(at("cron"), at("theirs/carillon.properties"));
        give("theirs/carillon.properties", kStranger);
        give("theirs", kStranger);

        requireRefusal(Command({kProgram, "init", at("theirs")}).run(), 1, "belongs to another user (#12345)");

        CPPUNIT_ASSERT(!fs::exists(at("cron")) && !fs::exists(at("theirs/jobs")));
    }

    /// As the units have it: the configuration is root's and the group's, state and logs are the service's.
    void serviceReadsWhatIsRoots() {
        giveAll(0, kStranger);
        chmodAll(0750, 0640);
        makeOwn(kStranger, kStranger);

        requireSuccess({"setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"});
    }

    /// As a umask of 002 has it: the account daemon has a group of its own.
    void developersGroupMayWrite() {
        giveAll(1, 1);
        chmodAll(0775, 0660);

        requireSuccess({"setpriv", "--reuid=1", "--regid=1", "--clear-groups"});
    }

    /// As OpenShift has it: a user without a name in root's group.
    void anyUserOfAContainerReadsWhatIsRootsGroups() {
        giveAll(0, 0);
        chmodAll(0770, 0660);

        requireSuccess({"setpriv", "--reuid=1000650000", "--regid=0", "--clear-groups"});
    }

private:
    static constexpr uid_t kStranger = 12345;
    inline static const std::string kProgram = CARILLON_TEST_PROGRAM;
    inline static const std::string kJob = "job.plugin = Troublemaker\njob.task = Troublemaker\ntask.run = succeed\n";

    std::string at(const std::string& name) const { return (_folder->path() / name).string(); }
    Command carillon(std::vector<std::string> words) const {
        words.insert(words.begin(), {kProgram, "--config", _folder->config()});
        return Command(std::move(words));
    }
    CommandResult run() const { return carillon({"run", "trouble"}).run(); }

    void give(const std::string& name, uid_t user, gid_t group = static_cast<gid_t>(-1)) const {
        CPPUNIT_ASSERT_EQUAL(0, ::lchown(at(name).c_str(), user, group));
    }
    void forAll(const std::function<void(const fs::path&)>& action) const {
        action(_folder->path());
        for (const auto& entry : fs::recursive_directory_iterator(_folder->path())) action(entry.path());
    }
    void giveAll(uid_t user, gid_t group) const {
        forAll([=](const fs::path& path) { CPPUNIT_ASSERT_EQUAL(0, ::lchown(path.c_str(), user, group)); });
    }
    void chmodAll(mode_t folders, mode_t files) const {
        forAll([=](const fs::path& path) { ::chmod(path.c_str(), fs::is_directory(path) ? folders : files); });
    }
    void makeOwn(uid_t user, gid_t group) const {
        for (const auto* name : {"state", "logs"}) {
            fs::create_directory(at(name));
            ::chmod(at(name).c_str(), 0750);
            give(name, user, group);
        }
    }

    /// The user that `within` makes runs the job.
    void requireSuccess(const std::vector<std::string>& within) const {
        auto trial = within;
        trial.emplace_back("true");
        if (Command(trial).run().exitCode != 0) throw TestSkipped{"nobody becomes somebody else here"};

        const auto result = carillon({"run", "trouble"}).within(within).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
        CPPUNIT_ASSERT(!_folder->log("trouble").empty());
        const auto valid = carillon({"validate"}).within(within).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(valid.err, 0, valid.exitCode);
    }

    static void requireRefusal(const CommandResult& result, int exitCode, const std::string& part) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, exitCode, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find(part) != std::string::npos);
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(SideDoorTest);
