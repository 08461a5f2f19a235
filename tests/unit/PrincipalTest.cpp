#include "access/Principal.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;

class PrincipalTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PrincipalTest);
    CPPUNIT_TEST(viewerLooksAndOperatorOperates);
    CPPUNIT_TEST(withoutPatternsAllJobsAreMeant);
    CPPUNIT_TEST(fileMeansAllItsInstances);
    CPPUNIT_TEST(instancesAreMeantByTheirNames);
    CPPUNIT_TEST(onePatternOfManyIsEnough);
    CPPUNIT_TEST(rolesHaveNames);
    CPPUNIT_TEST(whatIsNoPatternIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void viewerLooksAndOperatorOperates() {
        CPPUNIT_ASSERT(principal({}, Role::Viewer).mayView("sync"));
        CPPUNIT_ASSERT(!principal({}, Role::Viewer).mayOperate("sync"));
        CPPUNIT_ASSERT(principal({}, Role::Operator).mayView("sync"));
        CPPUNIT_ASSERT(principal({}, Role::Operator).mayOperate("sync"));
    }

    void withoutPatternsAllJobsAreMeant() {
        CPPUNIT_ASSERT(principal({}).mayOperate("anything@paris"));
        CPPUNIT_ASSERT(principal({"*"}).mayOperate("anything@paris"));
    }

    void fileMeansAllItsInstances() {
        const auto one = principal({"sync"});

        CPPUNIT_ASSERT(one.mayOperate("sync"));
        CPPUNIT_ASSERT(one.mayOperate("sync@paris"));
        CPPUNIT_ASSERT(!one.mayView("sync-other"));
        CPPUNIT_ASSERT(!principal({"*c"}).mayView("other@sync"));
    }

    void instancesAreMeantByTheirNames() {
        CPPUNIT_ASSERT(principal({"sync@*"}).mayView("sync@paris"));
        CPPUNIT_ASSERT(!principal({"sync@*"}).mayView("sync"));
        CPPUNIT_ASSERT(principal({"sync@paris"}).mayView("sync@paris"));
        CPPUNIT_ASSERT(!principal({"sync@paris"}).mayView("sync@lyon"));
        CPPUNIT_ASSERT(!principal({"sync@paris"}).mayView("sync@paris2"));
    }

    void onePatternOfManyIsEnough() {
        const auto both = principal({"clean", "sync@p*"});

        CPPUNIT_ASSERT(both.mayOperate("clean"));
        CPPUNIT_ASSERT(both.mayOperate("sync@paris"));
        CPPUNIT_ASSERT(!both.mayOperate("sync@lyon"));
    }

    void rolesHaveNames() {
        for (const auto role : {Role::Viewer, Role::Operator}) CPPUNIT_ASSERT(parseRole(roleName(role)) == role);
        CPPUNIT_ASSERT(!parseRole("admin"));
        CPPUNIT_ASSERT(!parseRole(""));
    }

    void whatIsNoPatternIsRefused() {
        for (const auto* good : {"sync", "sync-*@paris*", "s[a-z]nc", "?"}) CPPUNIT_ASSERT(!faultOfJobPattern(good));
        for (const auto* bad : {"", "two words", "Sync", "a/b", "a\nb"}) CPPUNIT_ASSERT(faultOfJobPattern(bad));
    }

private:
    static Principal principal(const std::vector<std::string>& patterns, Role role = Role::Operator) {
        Principal made;
        made.role = role;
        for (const auto& pattern : patterns) made.jobs.emplace_back(pattern);
        return made;
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(PrincipalTest);
