#include "platform/FileRights.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "support/HostFolder.h"
#include "support/TestSkipped.h"

using namespace carillon;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kStranger = 12345;

/// Works as another user, as long as it lives.
class AsUser {
public:
    AsUser(uid_t user, gid_t group) {
        if (::setegid(group) != 0 || ::seteuid(user) != 0) throw TestSkipped{"only root becomes somebody else"};
    }
    AsUser(const AsUser&) = delete;
    AsUser& operator=(const AsUser&) = delete;
    ~AsUser() {
        if (::seteuid(0) != 0 || ::setegid(0) != 0) std::abort();
    }
};

/// Another user with the right to write, as `setfacl -m u:12345:rw` gives it; false where files have no such lists.
bool letStrangerWrite(const fs::path& file) {
    struct Entry {
        std::uint16_t tag;
        std::uint16_t rights;
        std::uint32_t id;
    };
    struct List {
        std::uint32_t version = 2;
        std::array<Entry, 5> entries{{{1, 6, ~0U}, {2, 6, kStranger}, {4, 4, ~0U}, {16, 6, ~0U}, {32, 0, ~0U}}};
    };
    const List list;
    return ::setxattr(file.c_str(), "system.posix_acl_access", &list, sizeof list, 0) == 0;
}

}  // namespace

/// What is trusted and what is not, in a folder of this user's.
class TrustedPathTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TrustedPathTest);
    CPPUNIT_TEST(whatIsMissingIsNotRefused);
    CPPUNIT_TEST(fileOfAnotherIsRefusedWithTheCommand);
    CPPUNIT_TEST(fileForOthersIsRefusedWithTheCommand);
    CPPUNIT_TEST(groupOfRootMayWrite);
    CPPUNIT_TEST(groupOfOthersMayNotWrite);
    CPPUNIT_TEST(privateGroupMayWrite);
    CPPUNIT_TEST(groupThatOthersHaveTooMayNotWrite);
    CPPUNIT_TEST(groupOfAContainerMayWrite);
    CPPUNIT_TEST(accessListThatLetsOthersWriteIsRefused);
    CPPUNIT_TEST(secretThatOthersReadIsRefusedWithTheCommand);
    CPPUNIT_TEST(folderAboveOfAnotherIsRefused);
    CPPUNIT_TEST(folderAboveForOthersIsRefusedWithTheCommand);
    CPPUNIT_TEST(folderAboveForAGroupOfTheSystemIsTrustedButNotItself);
    CPPUNIT_TEST(folderAboveForAnotherGroupIsRefused);
    CPPUNIT_TEST(stickyFolderAboveIsTrustedButNotItself);
    CPPUNIT_TEST(ownLinksAreFollowed);
    CPPUNIT_TEST(linkOfAnotherIsRefusedWithTheCommand);
    CPPUNIT_TEST(linkIntoAFolderOfAnotherIsRefused);
    CPPUNIT_TEST(linksThatNeverEndAreAnError);
    CPPUNIT_TEST(configMapOfKubernetesIsTrusted);
    CPPUNIT_TEST(volumeOfAPodIsTrustedThereOnly);
    CPPUNIT_TEST(missingFoldersAreMade);
    CPPUNIT_TEST(nothingIsMadeInAFolderOfAnother);
    CPPUNIT_TEST(fileThatAnotherPutInAStickyFolderIsNotOpened);
    CPPUNIT_TEST(linkThatAnotherPutInAStickyFolderMakesNoFile);
    CPPUNIT_TEST(pipeHoldsUpNobody);
    CPPUNIT_TEST(pipeThatOthersWriteToIsRefused);
    CPPUNIT_TEST(whatTheProcessWasGivenIsTrusted);
    CPPUNIT_TEST(commandHoldsForAnyName);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _file = _folder->write("file", "text");
    }
    void tearDown() override { _folder.reset(); }

    void whatIsMissingIsNotRefused() {
        for (const auto* name : {"none", "none/file"}) {
            const TrustedPath path = trustedPath(at(name), Opening::Read);

            CPPUNIT_ASSERT(!path);
            CPPUNIT_ASSERT_EQUAL(ENOENT, path.error().value());
            CPPUNIT_ASSERT_EQUAL(std::string(), path.refusal().text);
        }
        CPPUNIT_ASSERT_EQUAL(ENOTDIR, trustedPath(at("file/below")).error().value());
    }

    void fileOfAnotherIsRefusedWithTheCommand() {
        give(_file);

        requireMend(_file,
                    "belongs to another user (#12345) and is refused; work as that user (sudo -u '#12345'), or "
                    "run: chown root '" +
                        _file.string() + "'");
    }

    void fileForOthersIsRefusedWithTheCommand() {
        for (const mode_t mode : {0646, 0642}) {
            ::chmod(_file.c_str(), mode);

            requireMend(_file, "may be written by others and is refused; run: chmod go-w '" + _file.string() + "'");
        }
    }

    void groupOfRootMayWrite() {
        if (::chown(_file.c_str(), static_cast<uid_t>(-1), 0) != 0) throw TestSkipped{"only root gives it root's"};
        ::chmod(_file.c_str(), 0660);

        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(_file).refusal().text);
    }

    void groupOfOthersMayNotWrite() {
        give(_file, ::geteuid(), kStranger);
        ::chmod(_file.c_str(), 0660);

        requireMend(_file,
                    "may be written by others of its group and is refused; run: chmod go-w '" + _file.string() + "'");
    }

    /// Debian's accounts daemon and bin have one each.
    void privateGroupMayWrite() {
        ::chmod(_folder->path().c_str(), 0755);
        give(_file, 1, 1);
        ::chmod(_file.c_str(), 0660);
        const AsUser daemon(1, 1);

        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(_file, Opening::ReadWrite).refusal().text);
    }

    void groupThatOthersHaveTooMayNotWrite() {
        ::chmod(_folder->path().c_str(), 0755);
        give(_file, 2, 1);
        ::chmod(_file.c_str(), 0660);
        const AsUser bin(2, 1);

        CPPUNIT_ASSERT(trustedPath(_file).refusal().text.starts_with("may be written by others of its group"));
    }

    /// Neither user nor group have a name, and the volume is the group's.
    void groupOfAContainerMayWrite() {
        ::chmod(_folder->path().c_str(), 0755);
        give(_file, 0, kStranger);
        ::chmod(_file.c_str(), 0660);
        const AsUser anybody(kStranger + 1, kStranger);

        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(_file, Opening::ReadWrite).refusal().text);
    }

    void accessListThatLetsOthersWriteIsRefused() {
        give(_file, ::geteuid(), 0);
        if (!letStrangerWrite(_file)) throw TestSkipped{"no access lists here"};

        requireMend(_file,
                    "may be written by others of its group and is refused; run: chmod go-w '" + _file.string() + "'");
    }

    void secretThatOthersReadIsRefusedWithTheCommand() {
        for (const mode_t mode : {0644, 0642}) {
            ::chmod(_file.c_str(), mode);

            requireMend(_file,
                        "the secret stands in a file that others may read; run: chmod o-rwx '" + _file.string() + "'",
                        TrustRole::Secret);
        }
    }

    void folderAboveOfAnotherIsRefused() {
        const auto deep = below("theirs");
        give(at("theirs"));

        requireMend(deep, "lies in " + at("theirs") +
                              ", which belongs to another user (#12345) and is refused; work as that user (sudo -u "
                              "'#12345'), or run: chown root '" +
                              at("theirs") + "'");
    }

    void folderAboveForOthersIsRefusedWithTheCommand() {
        const auto deep = below("open");
        ::chmod(at("open").c_str(), 0777);

        requireMend(deep, "lies in " + at("open") +
                              ", which may be written by others and is refused; run: chmod go-w '" + at("open") + "'");
    }

    /// As Debian has /usr/local when it was installed long ago: nobody is in the group staff.
    void folderAboveForAGroupOfTheSystemIsTrustedButNotItself() {
        constexpr gid_t kStaff = 50;
        const auto deep = below("open");
        give(at("open"), 0, kStaff);
        ::chmod(at("open").c_str(), 0775);

        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(deep).refusal().text);
        requireMend(at("open"), "may be written by others of its group and is refused");
    }

    /// A group that bin has, and one without a name.
    void folderAboveForAnotherGroupIsRefused() {
        const auto deep = below("open");
        for (const gid_t group : {gid_t{2}, gid_t{kStranger}}) {
            give(at("open"), 0, group);
            ::chmod(at("open").c_str(), 0775);

            requireMend(deep, "lies in " + at("open") + ", which may be written by others of its group and is refused");
        }
    }

    void stickyFolderAboveIsTrustedButNotItself() {
        const auto deep = below("sticky");
        ::chmod(at("sticky").c_str(), 01777);

        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(deep).refusal().text);
        requireMend(at("sticky"), "may be written by others and is refused; name a folder in it, or run: chmod go-w '" +
                                      at("sticky") + "'");
    }

    void ownLinksAreFollowed() {
        fs::create_symlink("file", at("relative"));
        fs::create_symlink(_file, at("absolute"));
        fs::create_symlink(".", at("here"));
        fs::create_symlink("jobs/..", at("back"));

        for (const auto* name : {"relative", "absolute", "here/file", "here/here/absolute", "back/file", "jobs/../file",
                                 "back/./jobs//..//relative"}) {
            const TrustedPath path = trustedPath(at(name), Opening::Read);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(), path.refusal().text);
            CPPUNIT_ASSERT_MESSAGE(name, isSame(path, _file));
        }
        CPPUNIT_ASSERT(isSame(trustedPath(at("back"), Opening::LookFolder), _folder->path()));
        CPPUNIT_ASSERT(isSame(trustedPath("/"), "/"));
    }

    void linkOfAnotherIsRefusedWithTheCommand() {
        fs::create_symlink("file", at("link"));
        give(at("link"));

        requireMend(at("link"),
                    "belongs to another user (#12345) and is refused; work as that user (sudo -u '#12345'), "
                    "or run: chown -h root '" +
                        at("link") + "'");
    }

    void linkIntoAFolderOfAnotherIsRefused() {
        const auto deep = below("theirs");
        fs::create_symlink(deep, at("link"));
        give(at("theirs"));

        const std::string refusal = trustedPath(at("link")).refusal().text;
        CPPUNIT_ASSERT_MESSAGE(refusal, refusal.starts_with("lies in " + at("theirs") + ", which belongs to another"));
        ::chmod(_file.c_str(), 0646);
        fs::create_symlink("file", at("other"));
        CPPUNIT_ASSERT(
            trustedPath(at("other")).refusal().text.starts_with("leads to " + _file.string() + ", which may be"));
    }

    void linksThatNeverEndAreAnError() {
        fs::create_symlink("loop", at("loop"));

        CPPUNIT_ASSERT_EQUAL(ELOOP, trustedPath(at("loop")).error().value());
    }

    /// As kubelet mounts one: what is renewed is one link.
    void configMapOfKubernetesIsTrusted() {
        fs::create_directory(at("jobs/..2026_11"));
        _folder->write("jobs/..2026_11/sync.properties", "");
        fs::create_directory_symlink("..2026_11", at("jobs/..data"));
        fs::create_symlink("..data/sync.properties", at("jobs/sync.properties"));
        ::chmod(at("jobs").c_str(), 01777);  // a volume of secrets is one in memory

        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(at("jobs/sync.properties"), Opening::Read).refusal().text);
    }

    void volumeOfAPodIsTrustedThereOnly() {
        fs::create_directory(at("volume"));
        const int result = inChild([this] {
            if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
                ::mount("none", at("volume").c_str(), "tmpfs", 0, "mode=0777") != 0)
                return 77;
            fs::create_directory(at("volume/state"));
            const auto isRefused = [this] { return !trustedPath(at("volume/state")).refusal().empty(); };
            const bool refusedElsewhere = isRefused();
            ::setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1", 1);
            const bool refusedInPod = isRefused();
            ::chmod(at("volume/state").c_str(), 0777);  // no volume itself
            return refusedElsewhere && !refusedInPod && isRefused() ? 0 : 1;
        });

        if (result == 77) throw TestSkipped{"nothing may be mounted here"};
        CPPUNIT_ASSERT_EQUAL(0, result);
    }

    void missingFoldersAreMade() {
        const TrustedPath folder = trustedPathInFolders(at("a/b"), Opening::LookFolder);
        const TrustedPath file = trustedPathInFolders(at("c/d/file"), Opening::Write);

        CPPUNIT_ASSERT(folder && file);
        CPPUNIT_ASSERT_EQUAL(fs::perms(0750), fs::status(at("a/b")).permissions());
        CPPUNIT_ASSERT_EQUAL(fs::perms(0640), fs::status(at("c/d/file")).permissions());
        CPPUNIT_ASSERT_EQUAL(ENOENT, trustedPathInFolders(at("e/file"), Opening::Read).error().value());
    }

    void nothingIsMadeInAFolderOfAnother() {
        fs::create_directory(at("theirs"));
        give(at("theirs"));

        CPPUNIT_ASSERT(!trustedPathInFolders(at("theirs/a/b"), Opening::LookFolder));
        CPPUNIT_ASSERT(!trustedPathInFolders(at("theirs/log"), Opening::ReadWrite));
        CPPUNIT_ASSERT(fs::is_empty(at("theirs")));
    }

    void fileThatAnotherPutInAStickyFolderIsNotOpened() {
        fs::create_directory(at("sticky"));
        ::chmod(at("sticky").c_str(), 01777);
        give(_folder->write("sticky/log", "theirs"));

        CPPUNIT_ASSERT(!trustedPathInFolders(at("sticky/log"), Opening::ReadWrite));
        CPPUNIT_ASSERT(trustedPathInFolders(at("sticky/other"), Opening::ReadWrite));
    }

    void linkThatAnotherPutInAStickyFolderMakesNoFile() {
        fs::create_directory(at("sticky"));
        ::chmod(at("sticky").c_str(), 01777);
        fs::create_symlink(at("cron"), at("sticky/log"));
        give(at("sticky/log"));

        CPPUNIT_ASSERT(!trustedPathInFolders(at("sticky/log"), Opening::ReadWrite));
        CPPUNIT_ASSERT(!fs::exists(at("cron")));
    }

    void pipeHoldsUpNobody() {
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(at("pipe").c_str(), 0600));

        CPPUNIT_ASSERT(trustedPath(at("pipe"), Opening::Read));
    }

    void pipeThatOthersWriteToIsRefused() {
        CPPUNIT_ASSERT_EQUAL(0, ::mkfifo(at("pipe").c_str(), 0600));
        ::chmod(at("pipe").c_str(), 0622);

        CPPUNIT_ASSERT(trustedPath(at("pipe")).refusal().text.starts_with("may be written by others"));
        CPPUNIT_ASSERT(!trustedPath(at("pipe"), Opening::Read, TrustRole::Secret));
    }

    /// As a shell gives it: <(command).
    void whatTheProcessWasGivenIsTrusted() {
        std::array<int, 2> ends{};
        CPPUNIT_ASSERT_EQUAL(0, ::pipe(ends.data()));
        const OpenFile read(ends[0]);
        CPPUNIT_ASSERT_EQUAL(ssize_t{1}, ::write(ends[1], "x", 1));
        ::close(ends[1]);

        const TrustedPath given = trustedPath("/dev/fd/" + std::to_string(ends[0]), Opening::Read);

        char byte = 0;
        CPPUNIT_ASSERT_EQUAL(std::string(), given.refusal().text);
        CPPUNIT_ASSERT_EQUAL(ssize_t{1}, ::read(static_cast<int>(given.file().handle()), &byte, 1));
    }

    void commandHoldsForAnyName() {
        const auto odd = _folder->write("it's; a \"name\"", "");
        ::chmod(odd.c_str(), 0646);

        requireMend(odd, "may be written by others");
    }

private:
    std::string at(const std::string& name) const { return (_folder->path() / name).string(); }

    /// A file in a folder of this name.
    fs::path below(const std::string& folder) const {
        fs::create_directory(at(folder));
        return _folder->write(folder + "/file", "");
    }

    static void give(const fs::path& path, uid_t user = kStranger, gid_t group = static_cast<gid_t>(-1)) {
        if (::lchown(path.c_str(), user, group) != 0) throw TestSkipped{"only root gives files away"};
    }

    static bool isSame(const TrustedPath& opened, const fs::path& path) {
        std::error_code error;
        const auto facts = opened.file().facts(error);
        return facts && facts->identity == factsOf(path.string()).value().identity;
    }

    static int inChild(const std::function<int()>& action) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(action());
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    /// It is refused with a sentence that begins so, and trusted once the command at its end was run.
    static void requireMend(const fs::path& path, const std::string& sentence, TrustRole role = TrustRole::Target) {
        const TrustedPath refused = trustedPath(path, Opening::Read, role);
        CPPUNIT_ASSERT(!refused);
        CPPUNIT_ASSERT_EQUAL(EACCES, refused.error().value());
        CPPUNIT_ASSERT_EQUAL(sentence, refused.refusal().text.substr(0, sentence.size()));
        const std::string mark = "run: ";

        const std::string command = refused.refusal().text.substr(refused.refusal().text.find(mark) + mark.size());
        CPPUNIT_ASSERT_EQUAL(0, std::system(command.c_str()));
        CPPUNIT_ASSERT_EQUAL(std::string(), trustedPath(path, Opening::Read, role).refusal().text);
    }

    std::unique_ptr<HostFolder> _folder{};
    fs::path _file{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(TrustedPathTest);
