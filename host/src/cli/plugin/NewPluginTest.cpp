#include "NewPlugin.h"

#include "carillon/testing/TaskTest.h"

#include <cppunit/TextTestRunner.h>

#include <memory>

/// What every task keeps to, as carillon/testing/TaskTest.h lists it, and what this one does.
class NewPluginTest : public carillon::testing::TaskTest {
    CPPUNIT_TEST_SUB_SUITE(NewPluginTest, carillon::testing::TaskTest);
    CPPUNIT_TEST(greetsByName);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<NewPlugin>(); }
    carillon::testing::Settings settings() override { return {{"name", "Ada"}, {"times", "3"}}; }

    void greetsByName() {
        carillon::testing::FakeRunContext context;

        const auto report = configuredTask()->run(context);

        CPPUNIT_ASSERT_EQUAL(std::string("hello, Ada"), report.message.text);
        CPPUNIT_ASSERT(context.logged("greeting.sent to=Ada"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(NewPluginTest);

int main() {
    CppUnit::TextTestRunner runner;
    runner.addTest(CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    return runner.run() ? 0 : 1;
}
