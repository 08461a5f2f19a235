#pragma once

#include "carillon/testing/Conformance.h"
#include "carillon/testing/FakeRunContext.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <string>

namespace carillon::testing {

/// The suite that every task passes; Conformance.h says what each test looks at. A test of a task inherits it:
///
///     class GreeterTest : public carillon::testing::TaskTest {
///         CPPUNIT_TEST_SUB_SUITE(GreeterTest, carillon::testing::TaskTest);
///         CPPUNIT_TEST_SUITE_END();
///
///         std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<Greeter>(); }
///         carillon::testing::Settings settings() override { return {{"name", "Agora"}}; }
///     };
///     CPPUNIT_TEST_SUITE_REGISTRATION(GreeterTest);
///
/// What the task talks to, such as a database of the test, is there between setUp() and tearDown().
class TaskTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TaskTest);
    CPPUNIT_TEST(startsWithItsConfiguration);
    CPPUNIT_TEST(refusesAnUnknownKey);
    CPPUNIT_TEST(stopsWhenAsked);
    CPPUNIT_TEST(concealsItsSecrets);
    CPPUNIT_TEST(leavesNoThreadBehind);
    CPPUNIT_TEST(survivesEachCallTwice);
    CPPUNIT_TEST(checkAndPreviewWriteNothing);
    CPPUNIT_TEST_SUITE_END_ABSTRACT();

public:
    void startsWithItsConfiguration() { require(conformance().startsWithItsConfiguration()); }
    void refusesAnUnknownKey() { require(conformance().refusesAnUnknownKey()); }
    void stopsWhenAsked() { require(conformance().stopsWhenAsked()); }
    void concealsItsSecrets() { require(conformance().concealsItsSecrets()); }
    void leavesNoThreadBehind() { require(conformance().leavesNoThreadBehind()); }
    void survivesEachCallTwice() { require(conformance().survivesEachCallTwice()); }
    void checkAndPreviewWriteNothing() { require(conformance().checkAndPreviewWriteNothing()); }

protected:
    virtual std::unique_ptr<SyncTask> makeTask() = 0;
    /// With which the task can do its work.
    virtual Settings settings() { return {}; }
    /// All that the task could change, as a text: rows, files, requests that a server of the test got.
    virtual std::string world() { return ""; }
    /// How long a call may take once it is asked to stop. A host waits 10 s.
    virtual std::chrono::milliseconds patience() { return std::chrono::seconds(10); }

    /// For tests of one's own.
    std::unique_ptr<SyncTask> configuredTask() {
        auto task = makeTask();
        for (const auto& fault : configure(*task, settings())) CPPUNIT_FAIL(fault);
        return task;
    }

private:
    Conformance conformance() {
        return Conformance({[this] { return makeTask(); }, settings(), [this] { return world(); }, patience()});
    }
    static void require(const std::string& wrong) { CPPUNIT_ASSERT_MESSAGE(wrong, wrong.empty()); }
};

}  // namespace carillon::testing
