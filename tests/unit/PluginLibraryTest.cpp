#include "plugins/PluginLibrary.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "Poco/Exception.h"
#include "carillon/Plugin.h"
#include "config/HostConfig.h"
#include "plugins/LibraryFile.h"
#include "runner/TaskQuery.h"
#include "support/Command.h"
#include "support/HostFolder.h"
#include "support/TestSkipped.h"

using namespace carillon;
namespace fs = std::filesystem;

/// Each library is loaded in a worker process, as the host does it.
class PluginLibraryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PluginLibraryTest);
    CPPUNIT_TEST(pluginDescribesItself);
    CPPUNIT_TEST(whatATaskCanDoBesideIsFound);
    CPPUNIT_TEST(unknownTaskIsRefusedWithTheTasksThereAre);
    CPPUNIT_TEST(missingLibraryIsRefused);
    CPPUNIT_TEST(textFileIsRefused);
    CPPUNIT_TEST(emptyFileIsRefused);
    CPPUNIT_TEST(libraryThatIsNoPluginIsRefused);
    CPPUNIT_TEST(otherSdkIsRefusedWithBothVersions);
    CPPUNIT_TEST(otherAbiIsRefusedWithBoth);
    CPPUNIT_TEST(pluginWithoutManifestIsRefused);
    CPPUNIT_TEST(undefinedSymbolIsRefusedByName);
    CPPUNIT_TEST(exceptionWhileLoadingCostsThatLibraryOnly);
    CPPUNIT_TEST(libraryThatOthersWriteIsRefusedWithTheCommand);
    CPPUNIT_TEST(folderThatOthersWriteIsRefusedWithTheCommand);
    CPPUNIT_TEST(libraryOfAnotherUserIsRefusedWithTheCommand);
    CPPUNIT_TEST(linkOfAnotherUserIsRefused);
    CPPUNIT_TEST(folderAboveThatOthersWriteIsRefused);
    CPPUNIT_TEST(whatWasJudgedIsLoadedWhateverTookItsPlace);
    CPPUNIT_TEST(librariesWithTheSameDescriptorAreTwo);
    CPPUNIT_TEST(libraryIsLoadedWithoutProc);
    CPPUNIT_TEST(candidatesAreSortedAndOnlyLibraries);
    CPPUNIT_TEST(missingFolderHasNoCandidates);
    CPPUNIT_TEST(fingerprintIsTheDigestOfTheFile);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>(); }
    void tearDown() override { _folder.reset(); }

    void pluginDescribesItself() {
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");

        const auto plugin = describeOnly();

        CPPUNIT_ASSERT_EQUAL(std::string(), plugin.refusal);
        CPPUNIT_ASSERT_EQUAL(path.string(), plugin.path);
        CPPUNIT_ASSERT_EQUAL(std::string("Troublemaker"), plugin.name);
        CPPUNIT_ASSERT_EQUAL(std::string("0.1.0"), plugin.version);
        CPPUNIT_ASSERT_EQUAL(CARILLON_SDK_VERSION, plugin.sdkVersion);
        CPPUNIT_ASSERT_EQUAL(std::string(CARILLON_ABI), plugin.abi);
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, plugin.tasks.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, plugin.fingerprint.size());
    }

    void whatATaskCanDoBesideIsFound() {
        _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        std::size_t rejects = 0;
        WorkerListener listener;
        listener.onMessage = Hearing([&rejects](const Reject&) { ++rejects; });
        const auto ask = [&](const char* task, WorkerRequest::Verb verb) {
            JobConfig job;
            job.plugin = "Troublemaker";
            job.task = task;
            return askTask(host(), job, verb, {}, listener).error.text;
        };
        using Verb = WorkerRequest::Verb;

        CPPUNIT_ASSERT_EQUAL(std::string(), ask("Troublemaker", Verb::Rejects));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rejects);
        CPPUNIT_ASSERT_EQUAL(std::string("this task has no dry run"), ask("Troublemaker", Verb::Preview));
        CPPUNIT_ASSERT_EQUAL(std::string("this task keeps no rejects"), ask("IdleTask", Verb::Rejects));
        CPPUNIT_ASSERT_EQUAL(std::string("this task keeps no rejects"), ask("IdleTask", Verb::Replay));
        CPPUNIT_ASSERT_EQUAL(std::string("this task has no mail account"), ask("IdleTask", Verb::MailAccount));
    }

    void unknownTaskIsRefusedWithTheTasksThereAre() {
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        JobConfig job;
        job.plugin = "Troublemaker";
        job.task = "Angel";

        const std::string error = askTask(host(), job, WorkerRequest::Verb::Configure, {}, {}).error.text;

        CPPUNIT_ASSERT_EQUAL(path.string() +
                                 ": has no task Angel; its tasks: CrashesInConstructor, HangsInDestructor, IdleTask, "
                                 "ThrowsInConstructor, ThrowsInDestructor, Troublemaker",
                             error);
    }

    void missingLibraryIsRefused() {
        JobConfig job;
        job.plugin = "Nowhere";

        const std::string error = askTask(host(), job, WorkerRequest::Verb::Configure, {}, {}).error.text;

        CPPUNIT_ASSERT_EQUAL((_folder->path() / "plugins/libNowhere.so").string() +
                                 ": No such file or directory; 'carillon plugins' lists what there is",
                             error);
    }

    void textFileIsRefused() {
        const auto path = _folder->write("plugins/libText.so", std::string(1'000, 'x'));

        requireRefusal(path, {"cannot be loaded", "invalid ELF header", "build it with carillon_add_plugin"});
    }

    void emptyFileIsRefused() {
        const auto path = _folder->write("plugins/libEmpty.so", "");

        requireRefusal(path, {"cannot be loaded", "file too short"});
    }

    void libraryThatIsNoPluginIsRefused() {
        requireRefusal(add("NoPlugin"), {"is no Carillon plugin", "CARILLON_PLUGIN"});
    }

    void otherSdkIsRefusedWithBothVersions() {
        requireRefusal(add("OtherSdk"),
                       {"is built for SDK 99, this host has SDK " + std::to_string(CARILLON_SDK_VERSION),
                        "build it again with this host's headers"});
    }

    void otherAbiIsRefusedWithBoth() {
        requireRefusal(add("OtherAbi"),
                       {"is built with libc++ plain, this host with " CARILLON_ABI, "build both alike"});
    }

    void pluginWithoutManifestIsRefused() {
        requireRefusal(add("NoManifest"),
                       {"has no tasks for this host (" CARILLON_MANIFEST_NAME ")", "CARILLON_TASKS_BEGIN"});
    }

    void undefinedSymbolIsRefusedByName() {
        requireRefusal(add("UndefinedSymbol"), {"cannot be loaded", "undefined symbol", "nobodyDefinesThis"});
    }

    void exceptionWhileLoadingCostsThatLibraryOnly() {
        _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        const auto path = add("ThrowsWhenLoaded");

        const auto plugins = describePlugins(host());

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, plugins.size());
        CPPUNIT_ASSERT_EQUAL(path.string(), plugins[0].path);
        CPPUNIT_ASSERT_MESSAGE(plugins[0].refusal, plugins[0].refusal.starts_with(path.string() + ": "));
        CPPUNIT_ASSERT_EQUAL(std::string(), plugins[1].refusal);
    }

    void libraryThatOthersWriteIsRefusedWithTheCommand() {
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        for (const mode_t mode : {0775, 0757}) {
            giveToStrangers(path);
            ::chmod(path.c_str(), mode);

            const std::string refusal = requireRefusal(path, {"may be written by others"});

            runTheCommandOf(refusal);
            CPPUNIT_ASSERT_EQUAL(std::string(), describeOnly().refusal);
        }
    }

    void folderThatOthersWriteIsRefusedWithTheCommand() {
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        for (const mode_t mode : {0775, 0757, 01777}) {
            giveToStrangers(_folder->path() / "plugins");
            ::chmod((_folder->path() / "plugins").c_str(), mode);

            const std::string refusal = requireRefusal(path, {"may be written by others"});

            runTheCommandOf(refusal);
            CPPUNIT_ASSERT_EQUAL(std::string(), describeOnly().refusal);
        }
    }

    void libraryOfAnotherUserIsRefusedWithTheCommand() {
        if (::geteuid() != 0) throw TestSkipped{"only root gives files away"};
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        for (const auto& file : {path, path.parent_path()}) {
            CPPUNIT_ASSERT_EQUAL(0, ::chown(file.c_str(), kStranger, static_cast<gid_t>(-1)));

            const std::string refusal = requireRefusal(path, {"belongs to another user (#12345)"});

            runTheCommandOf(refusal);
            CPPUNIT_ASSERT_EQUAL(std::string(), describeOnly().refusal);
        }
    }

    /// To a library that is root's.
    void linkOfAnotherUserIsRefused() {
        const auto library = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        const auto elsewhere = _folder->path() / "libTroublemaker.so";
        fs::rename(library, elsewhere);
        fs::create_symlink(elsewhere, library);
        CPPUNIT_ASSERT_EQUAL(std::string(), describeOnly().refusal);

        if (::lchown(library.c_str(), kStranger, kStranger) != 0) throw TestSkipped{"only root gives files away"};

        runTheCommandOf(requireRefusal(library, {"belongs to another user (#12345)", "chown -h root"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), describeOnly().refusal);
    }

    void folderAboveThatOthersWriteIsRefused() {
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        ::chmod(_folder->path().c_str(), 0777);

        const std::string refusal =
            requireRefusal(path, {"lies in " + _folder->path().string() + ", which may be written by others"});

        runTheCommandOf(refusal);
        CPPUNIT_ASSERT_EQUAL(std::string(), describeOnly().refusal);
    }

    void whatWasJudgedIsLoadedWhateverTookItsPlace() {
        const auto path = add("OtherSdk");
        const TrustedPath judged = openLibraryFile(path);
        fs::rename(add("NoPlugin"), path);

        const LoadedLibrary library = loadLibrary(judged.file(), path);

        CPPUNIT_ASSERT_EQUAL(std::string(), library.problem);
        CPPUNIT_ASSERT(::dlsym(library.handle, "carillonPluginInfo") != nullptr);
        // Poco's loader asks for it once more, by this name.
        CPPUNIT_ASSERT(::dlopen(library.name.c_str(), RTLD_LAZY) == library.handle);
    }

    void librariesWithTheSameDescriptorAreTwo() {
        std::vector<void*> handles;
        for (const auto* name : {"OtherSdk", "OtherAbi", "NoManifest"}) {
            const auto path = add(name);
            handles.push_back(loadLibrary(openLibraryFile(path).file(), path).handle);  // closed again
            CPPUNIT_ASSERT(loadLibrary(openLibraryFile(path).file(), path).handle == handles.back());
        }

        CPPUNIT_ASSERT(handles[0] != nullptr && handles[1] != nullptr && handles[2] != nullptr);
        CPPUNIT_ASSERT(handles[0] != handles[1] && handles[0] != handles[2] && handles[1] != handles[2]);
    }

    void libraryIsLoadedWithoutProc() {
        const auto path = _folder->addPlugin(kPlugins / "troublemaker/libTroublemaker.so");
        const auto none = _folder->path() / "none";
        fs::create_directory(none);
        const std::vector<std::string> without{
            "unshare", "-m", "sh", "-c", "mount --bind '" + none.string() + "' /proc && exec \"$@\"", "sh"};
        auto test = without;
        test.emplace_back("true");
        if (::geteuid() != 0 || Command(test).run().exitCode != 0) throw TestSkipped{"nothing may be mounted here"};

        const auto result =
            Command({CARILLON_TEST_PROGRAM, "--config", _folder->config(), "plugins"}).within(without).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.find("Troublemaker") != std::string::npos);
    }

    void candidatesAreSortedAndOnlyLibraries() {
        for (const auto* name : {"libZ.so", "libA.so", "readme.txt", "libB.so.bak"})
            _folder->write(fs::path("plugins") / name, "");

        const auto files = listPluginFiles((_folder->path() / "plugins").string());

        CPPUNIT_ASSERT((std::vector{(_folder->path() / "plugins/libA.so").string(),
                                    (_folder->path() / "plugins/libZ.so").string()}) == files);
    }

    void missingFolderHasNoCandidates() { CPPUNIT_ASSERT(listPluginFiles("/no/such/folder").empty()); }

    void fingerprintIsTheDigestOfTheFile() {
        const auto file = _folder->write("abc", "abc");

        CPPUNIT_ASSERT_EQUAL(std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                             fingerprintOf(file.string()));
        CPPUNIT_ASSERT_EQUAL(std::string(), fingerprintOf("/no/such/file"));
    }

private:
    inline static const fs::path kPlugins = CARILLON_TEST_PLUGINS;
    static constexpr uid_t kStranger = 12345;

    /// Where this user may: root's own group may write.
    static void giveToStrangers(const fs::path& path) {
        [[maybe_unused]] const int ignored = ::chown(path.c_str(), static_cast<uid_t>(-1), kStranger);
    }

    HostConfig host() const {
        HostConfig host;
        host.pluginsDir = (_folder->path() / "plugins").string();
        return host;
    }

    fs::path add(const std::string& name) const {
        return _folder->addPlugin(kPlugins / "refused" / ("lib" + name + ".so"));
    }

    PluginDescription describeOnly() const {
        const auto plugins = describePlugins(host());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, plugins.size());
        return plugins[0];
    }

    /// One sentence that begins with the library and has each of the parts.
    std::string requireRefusal(const fs::path& path, const std::vector<std::string>& parts) const {
        const std::string refusal = describeOnly().refusal;
        CPPUNIT_ASSERT_MESSAGE(refusal, refusal.starts_with(path.string()));
        for (const auto& part : parts) CPPUNIT_ASSERT_MESSAGE(refusal, refusal.find(part) != std::string::npos);
        return refusal;
    }

    static void runTheCommandOf(const std::string& refusal) {
        const std::string mark = "run: ";
        CPPUNIT_ASSERT_EQUAL(0, std::system(refusal.substr(refusal.find(mark) + mark.size()).c_str()));
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(PluginLibraryTest);
