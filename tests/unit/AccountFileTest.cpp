#include "access/AccountFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "Poco/Exception.h"
#include "carillon/Failure.h"
#include "unit/AccessFixture.h"

using namespace carillon;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class AccountFileTest : public AccessFixture {
    CPPUNIT_TEST_SUITE(AccountFileTest);
    CPPUNIT_TEST(missingFileHasNobody);
    CPPUNIT_TEST(newFileIsForOwnerAndGroup);
    CPPUNIT_TEST(modeIsKeptWithoutRightsOfOthers);
    CPPUNIT_TEST(groupIsKept);
    CPPUNIT_TEST(newFileOfRootIsItsFoldersGroups);
    CPPUNIT_TEST(fileOfAnotherIsRefused);
    CPPUNIT_TEST(folderOfAnotherIsRefused);
    CPPUNIT_TEST(linkStaysALink);
    CPPUNIT_TEST(fileForOthersIsRefusedWithTheCommand);
    CPPUNIT_TEST(whatIsNoFileIsRefused);
    CPPUNIT_TEST(faultyFileIsLeftAsItIs);
    CPPUNIT_TEST(fileOfWindowsIsTaken);
    CPPUNIT_TEST(otherEncodingIsRefused);
    CPPUNIT_TEST(missingFolderIsRefused);
    CPPUNIT_TEST(nothingChangesWithoutSave);
    CPPUNIT_TEST(leftOverDraftIsNoHindrance);
    CPPUNIT_TEST(changesWaitForEachOther);
    CPPUNIT_TEST_SUITE_END();

public:
    void missingFileHasNobody() {
        CPPUNIT_ASSERT(read().all.empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
    }

    void newFileIsForOwnerAndGroup() {
        add("alice");

        CPPUNIT_ASSERT_EQUAL(mode_t{0640}, status().st_mode & 0777);
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), read().all.at(0).name);
    }

    void modeIsKeptWithoutRightsOfOthers() {
        add("alice");
        for (const auto& [before, after] : {std::pair<mode_t, mode_t>{0600, 0600}, {0640, 0640}, {0660, 0640}}) {
            ::chmod(file().c_str(), before);
            add("user" + std::to_string(before));
            CPPUNIT_ASSERT_EQUAL(after, status().st_mode & 0777);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, read().all.size());
    }

    /// As in /etc/carillon: the file is root's, and the host reads it by its group.
    void groupIsKept() {
        add("alice");
        if (::chown(file().c_str(), 0, 1) != 0) return;  // root's right

        add("bob");

        CPPUNIT_ASSERT_EQUAL(uid_t{0}, status().st_uid);
        CPPUNIT_ASSERT_EQUAL(gid_t{1}, status().st_gid);
        CPPUNIT_ASSERT_EQUAL(mode_t{0640}, status().st_mode & 0777);
    }

    void newFileOfRootIsItsFoldersGroups() {
        if (::chown(_folder->path().c_str(), 0, 1) != 0) return;

        add("alice");

        CPPUNIT_ASSERT_EQUAL(uid_t{0}, status().st_uid);
        CPPUNIT_ASSERT_EQUAL(gid_t{1}, status().st_gid);
    }

    void fileOfAnotherIsRefused() {
        add("alice");
        if (::chown(file().c_str(), 12345, 0) != 0) return;

        CPPUNIT_ASSERT(read().all.empty());

        CPPUNIT_ASSERT_MESSAGE(_sentences, _sentences.starts_with(file() + ": belongs to another user (#12345)"));
        CPPUNIT_ASSERT_THROW(add("bob"), Failure);
    }

    void folderOfAnotherIsRefused() {
        const auto folder = _folder->path() / "theirs";
        fs::create_directory(folder);
        if (::chown(folder.c_str(), 12345, 0) != 0) return;

        CPPUNIT_ASSERT_THROW(AccountFileChange((folder / "users.json").string()), Poco::FileException);
        CPPUNIT_ASSERT(fs::is_empty(folder));
    }

    void linkStaysALink() {
        fs::create_directory(_folder->path() / "elsewhere");
        fs::create_symlink("elsewhere/real.json", file());

        add("alice");
        add("bob");

        CPPUNIT_ASSERT(fs::is_symlink(file()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read().all.size());
        CPPUNIT_ASSERT(_folder->read("elsewhere/real.json").find("bob") != std::string::npos);
    }

    void fileForOthersIsRefusedWithTheCommand() {
        add("alice");
        for (const mode_t mode : {0644, 0642}) {
            ::chmod(file().c_str(), mode);
            CPPUNIT_ASSERT(read().all.empty());
            CPPUNIT_ASSERT_EQUAL(
                file() + ": the secret stands in a file that others may read; run: chmod o-rwx '" + file() + "'\n",
                _sentences);
            CPPUNIT_ASSERT_THROW(AccountFileChange{file()}, Failure);
        }
    }

    void whatIsNoFileIsRefused() {
        fs::create_directory(file());
        ::chmod(file().c_str(), 0750);

        CPPUNIT_ASSERT(read().all.empty());
        CPPUNIT_ASSERT_EQUAL(file() + ": cannot be read: Is a directory\n", _sentences);
    }

    void fileOfWindowsIsTaken() {
        add("alice");
        const std::string text = _folder->read("users.json");
        _folder->write("users.json", "\xef\xbb\xbf" + text);
        ::chmod(file().c_str(), 0640);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read().all.size());
        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
    }

    void otherEncodingIsRefused() {
        _folder->write("users.json", "{\n\"people\": [\"\xe9\"]}");
        ::chmod(file().c_str(), 0640);

        CPPUNIT_ASSERT(read().all.empty());
        CPPUNIT_ASSERT_EQUAL(file() +
                                 ":2: is not UTF-8: it has the byte 0xE9, which is \u00e9 in Windows-1252; save the "
                                 "file as UTF-8\n",
                             _sentences);
    }

    void faultyFileIsLeftAsItIs() {
        _folder->write("users.json", "{\"people\": 1, \"x\": 2}");

        try {
            AccountFileChange{file()};
            CPPUNIT_FAIL("a faulty file was read");
        } catch (const Failure& e) {
            CPPUNIT_ASSERT_EQUAL(file() + ": people: expected a list in [ ]\n" + file() + ": x is not known here",
                                 e.message());
        }
        CPPUNIT_ASSERT_EQUAL(std::string("{\"people\": 1, \"x\": 2}"), _folder->read("users.json"));
    }

    void missingFolderIsRefused() {
        CPPUNIT_ASSERT_THROW(AccountFileChange{(_folder->path() / "none/users.json").string()}, Poco::FileException);
    }

    void nothingChangesWithoutSave() {
        add("alice");
        const std::string before = _folder->read("users.json");

        AccountFileChange(file()).accounts.all.clear();

        CPPUNIT_ASSERT_EQUAL(before, _folder->read("users.json"));
    }

    void leftOverDraftIsNoHindrance() {
        _folder->write("users.json.new", "half of a te");

        add("alice");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read().all.size());
        CPPUNIT_ASSERT(!fs::exists(file() + ".new"));
    }

    void changesWaitForEachOther() {
        constexpr int kWriters = 8;
        std::vector<std::future<void>> writers;

        for (int writer = 0; writer < kWriters; ++writer)
            writers.push_back(std::async(std::launch::async, [this, writer] {
                for (int i = 0; i < 10; ++i) add("user" + std::to_string(writer) + "." + std::to_string(i));
            }));
        for (auto& writer : writers) writer.get();

        CPPUNIT_ASSERT_EQUAL(std::size_t{10 * kWriters}, read().all.size());
        CPPUNIT_ASSERT_EQUAL(std::string(), _sentences);
    }

private:
    void add(const std::string& name) const {
        AccountFileChange change(file());
        change.accounts.all.push_back(person(name, "correct horse battery"));
        change.save();
    }
    Accounts read() {
        std::vector<ConfigFault> faults;
        auto accounts = readAccountFile(file(), faults);
        _sentences.clear();
        for (const auto& fault : faults) _sentences += fault.sentence() + '\n';
        return accounts;
    }
    struct stat status() const {
        struct stat found {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(file().c_str(), &found));
        return found;
    }

    std::string _sentences{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(AccountFileTest);
