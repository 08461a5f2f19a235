#include "RunStoreFixture.h"

#include "support/TestSkipped.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

using namespace carillon;
using namespace std::chrono_literals;

class RunStoreFaultsTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(RunStoreFaultsTest);
    CPPUNIT_TEST(missingFolderIsMadeForOwnerAndGroup);
    CPPUNIT_TEST(folderThatIsAFileIsRefused);
    CPPUNIT_TEST(readOnlyFolderIsRefused);
    CPPUNIT_TEST(fileThatIsNoDatabaseIsRefused);
    CPPUNIT_TEST(lockedStoreIsToldAndWorksAgainWhenItIsFree);
    CPPUNIT_TEST_SUITE_END();

public:
    void missingFolderIsMadeForOwnerAndGroup() {
        const std::string deep = folder() + "/var/state";

        RunStore store(deep, _clock);

        struct stat status {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat(deep.c_str(), &status));
        CPPUNIT_ASSERT_EQUAL(mode_t{0750}, status.st_mode & 07777);
        CPPUNIT_ASSERT(std::filesystem::exists(deep + "/carillon.db"));
    }

    void folderThatIsAFileIsRefused() {
        std::ofstream(_folder.path()) << "text";

        CPPUNIT_ASSERT_EQUAL(file() + ": its folder is not one; set state.dir to a folder", refusalToOpen());
    }

    void readOnlyFolderIsRefused() {
        if (::geteuid() == 0) throw TestSkipped{"root may write everywhere"};
        std::filesystem::create_directory(_folder.path());
        ::chmod(_folder.path().c_str(), 0500);

        const std::string refusal = refusalToOpen();

        ::chmod(_folder.path().c_str(), 0700);
        CPPUNIT_ASSERT_EQUAL(file() +
                                 ": its folder cannot be written (Permission denied); give this user write access"
                                 " to it, or set state.dir to another one",
                             refusal);
    }

    void fileThatIsNoDatabaseIsRefused() {
        std::filesystem::create_directory(_folder.path());
        std::ofstream(file()) << std::string(8192, 'x');

        CPPUNIT_ASSERT_EQUAL(file() +
                                 ": is not a database, or is damaged; restore it, or move it away: a new one is made,"
                                 " without the history",
                             refusalToOpen());
    }

    void lockedStoreIsToldAndWorksAgainWhenItIsFree() {
        RunStore store(folder(), _clock, 20ms);
        auto other = openFile();
        execute(other, "BEGIN IMMEDIATE");
        std::string refusal;

        try {
            store.claim(request("a"));
        } catch (const StoreException& e) {
            refusal = e.message();
        }

        CPPUNIT_ASSERT_EQUAL(file() + ": is locked by another program; end that program, or try again", refusal);
        CPPUNIT_ASSERT(store.history(std::nullopt, 10).empty());
        execute(other, "COMMIT");
        CPPUNIT_ASSERT(std::holds_alternative<Claim>(store.claim(request("a"))));
    }

private:
    std::string refusalToOpen() const {
        try {
            RunStore store(folder(), _clock, 20ms);
        } catch (const StoreException& e) {
            return e.message();
        }
        return "";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunStoreFaultsTest);
