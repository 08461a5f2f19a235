#include <cppunit/Exception.h>
#include <cppunit/Message.h>
#include <cppunit/Protector.h>
#include <cppunit/SourceLine.h>
#include <cppunit/Test.h>
#include <cppunit/TestFailure.h>
#include <cppunit/TestListener.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestRunner.h>
#include <cppunit/extensions/TestFactoryRegistry.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "Poco/Exception.h"
#include "TestSkipped.h"

namespace {

enum class ExitCode { Ok = 0, Failed = 1, UnknownTest = 2, Skipped = 77 };

/// One line a test, with the reason below it where there is one.
class Report final : public CppUnit::TestListener {
public:
    Report() : _coloured(isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr) {}

    void skip(const std::string& reason) { _skipped = true, _reason = reason; }

    void startTest(CppUnit::Test*) override {
        _failed = _skipped = false;
        _reason.clear();
    }

    void addFailure(const CppUnit::TestFailure& failure) override {
        _failed = true;
        if (failure.sourceLine().isValid()) {
            _reason += failure.sourceLine().fileName() + ":" + std::to_string(failure.sourceLine().lineNumber()) + ": ";
        }
        const CppUnit::Message message = failure.thrownException()->message();
        _reason += message.shortDescription() + "\n" + message.details();
    }

    void endTest(CppUnit::Test* test) override {
        ++_run;
        if (_failed) {
            ++_failures;
            print("31", "FAIL", test->getName());
        } else if (_skipped) {
            ++_skips;
            print("33", "skip", test->getName());
        } else {
            print("32", "ok  ", test->getName());
        }
    }

    ExitCode summary() const {
        std::cout << _run << " run, " << _failures << " failed, " << _skips << " skipped" << std::endl;
        if (_run == 0 || _failures > 0) return ExitCode::Failed;
        return _skips == _run ? ExitCode::Skipped : ExitCode::Ok;
    }

private:
    void print(const std::string& colour, const std::string& verdict, const std::string& name) const {
        if (_coloured) {
            std::cout << "\033[" << colour << "m" << verdict << "\033[0m " << name << "\n";
        } else {
            std::cout << verdict << " " << name << "\n";
        }
        if (!_reason.empty()) std::cout << _reason << "\n";
        std::cout << std::flush;
    }

    const bool _coloured;
    bool _failed = false;
    bool _skipped = false;
    std::string _reason{};
    int _run = 0;
    int _failures = 0;
    int _skips = 0;
};

/// Tells a skip from a failure, and a Poco exception by all of its text: CppUnit alone shows only its what().
class CarillonProtector final : public CppUnit::Protector {
public:
    explicit CarillonProtector(Report& report) : _report(report) {}

    bool protect(const CppUnit::Functor& functor, const CppUnit::ProtectorContext& context) override {
        try {
            return functor();
        } catch (const TestSkipped& skipped) {
            _report.skip(skipped.reason);
        } catch (const Poco::Exception& e) {
            reportError(context, CppUnit::Message("uncaught exception", e.displayText()));
        }
        return false;
    }

private:
    Report& _report;
};

void listLeaves(const CppUnit::Test& test) {
    if (test.getChildTestCount() == 0) {
        // A fixture without a CPPUNIT_TEST is a leaf too, of no test.
        if (test.countTestCases() > 0) std::cout << test.getName() << "\n";
        return;
    }
    for (int i = 0; i < test.getChildTestCount(); ++i) listLeaves(*test.getChildTestAt(i));
}

/// Takes the tests over.
ExitCode runTests(CppUnit::Test* all, const std::vector<std::string>& paths) {
    Report report;
    CppUnit::TestResult result;
    result.addListener(&report);
    result.pushProtector(new CarillonProtector(report));
    CppUnit::TestRunner runner;
    runner.addTest(all);
    try {
        for (const auto& path : paths) runner.run(result, path);
    } catch (const std::invalid_argument& e) {
        std::cerr << "error: " << e.what() << " (--list shows them)" << std::endl;
        return ExitCode::UnknownTest;
    }
    return report.summary();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // as in the program
    // The servers of the tests are on this machine, where no proxy leads.
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
    CppUnit::Test* all = CppUnit::TestFactoryRegistry::getRegistry().makeTest();
    std::vector<std::string> paths(argv + 1, argv + argc);
    if (paths == std::vector<std::string>{"--list"}) {
        listLeaves(*all);
        delete all;
        return static_cast<int>(ExitCode::Ok);
    }
    if (paths.empty()) paths.emplace_back();
    return static_cast<int>(runTests(all, paths));
}
