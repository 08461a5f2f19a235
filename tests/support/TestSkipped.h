#pragma once

#include <string>

/// Thrown by a test or by setUp() when what it needs is not there. The runner then exits with 77, which CTest
/// shows as "Skipped". No std::exception, so that no handler of the code under test swallows it.
/// Not from a fixture's constructor: CppUnit builds all fixtures before the first test runs.
struct TestSkipped {
    std::string reason;
};
