#include "config/JobName.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;

class JobNameTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobNameTest);
    CPPUNIT_TEST(namesHaveFewCharacters);
    CPPUNIT_TEST(fileIsWhatStandsBeforeTheAt);
    CPPUNIT_TEST(nameMeansTheFileWithAllItsInstances);
    CPPUNIT_TEST(nameOfAnInstanceMeansItAlone);
    CPPUNIT_TEST(patternWithoutAtMeansFiles);
    CPPUNIT_TEST(patternWithAtMeansInstances);
    CPPUNIT_TEST_SUITE_END();

public:
    void namesHaveFewCharacters() {
        for (const auto* good : {"a", "sync-passerelle", "a_1"}) CPPUNIT_ASSERT_MESSAGE(good, isJobFileName(good));
        for (const auto* bad : {"", "A", "a.b", "a@b", "a/b", "a b", "\xc3\xa9"})
            CPPUNIT_ASSERT_MESSAGE(bad, !isJobFileName(bad));
        CPPUNIT_ASSERT(isJobFileName(std::string(100, 'x')));
        CPPUNIT_ASSERT(!isJobFileName(std::string(101, 'x')));
        CPPUNIT_ASSERT(isInstanceName("paris-1.example_x"));
        for (const auto* bad : {"", "Paris", "a@b", "a/b", "a b", "a\n"})
            CPPUNIT_ASSERT_MESSAGE(bad, !isInstanceName(bad));
    }

    void fileIsWhatStandsBeforeTheAt() {
        CPPUNIT_ASSERT_EQUAL(std::string("sync"), std::string(fileOfJob("sync@paris")));
        CPPUNIT_ASSERT_EQUAL(std::string("sync"), std::string(fileOfJob("sync")));
    }

    void nameMeansTheFileWithAllItsInstances() {
        const JobPattern pattern("sync");

        CPPUNIT_ASSERT(pattern.isLiteral());
        CPPUNIT_ASSERT(pattern.takesFile("sync"));
        CPPUNIT_ASSERT(!pattern.takesFile("sync2"));
        CPPUNIT_ASSERT(!pattern.mayTakeInstancesOf("sync"));
    }

    void nameOfAnInstanceMeansItAlone() {
        const JobPattern pattern("sync@paris");

        CPPUNIT_ASSERT(pattern.isLiteral());
        CPPUNIT_ASSERT(!pattern.takesFile("sync"));
        CPPUNIT_ASSERT(pattern.mayTakeInstancesOf("sync"));
        CPPUNIT_ASSERT(pattern.takesJob("sync@paris"));
        CPPUNIT_ASSERT(!pattern.takesJob("sync@paris2"));
    }

    void patternWithoutAtMeansFiles() {
        const JobPattern pattern("s?nc-*");

        CPPUNIT_ASSERT(!pattern.isLiteral());
        CPPUNIT_ASSERT(pattern.takesFile("sync-a"));
        CPPUNIT_ASSERT(!pattern.takesFile("sync"));
        CPPUNIT_ASSERT(!pattern.mayTakeInstancesOf("sync-a"));
        CPPUNIT_ASSERT(JobPattern("*").takesFile("any"));
    }

    void patternWithAtMeansInstances() {
        const JobPattern pattern("sync-*@p*s");

        CPPUNIT_ASSERT(!pattern.takesFile("sync-a"));
        CPPUNIT_ASSERT(pattern.mayTakeInstancesOf("sync-a"));
        CPPUNIT_ASSERT(!pattern.mayTakeInstancesOf("other"));
        CPPUNIT_ASSERT(pattern.takesJob("sync-a@paris"));
        CPPUNIT_ASSERT(!pattern.takesJob("sync-a@pau"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobNameTest);
