#pragma once

#include <cppunit/TestAssert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "support/Command.h"

/// The clock of the processes that the library for it (CARILLON_TEST_CLOCK_LIBRARY) is preloaded into. Microseconds.
class ShiftedClock {
public:
    explicit ShiftedClock(const std::string& file) : _file(file) {
        const int number = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        CPPUNIT_ASSERT_EQUAL(0, ::ftruncate(number, sizeof *_offset));
        void* page = ::mmap(nullptr, sizeof *_offset, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0);
        ::close(number);
        CPPUNIT_ASSERT(page != MAP_FAILED);
        _offset = static_cast<std::int64_t*>(page);
    }
    ~ShiftedClock() { ::munmap(_offset, sizeof *_offset); }
    ShiftedClock(const ShiftedClock&) = delete;
    ShiftedClock& operator=(const ShiftedClock&) = delete;

    std::int64_t now() const {
        const auto real = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::microseconds>(real).count() + *_offset;
    }
    void step(std::int64_t microseconds) { __atomic_add_fetch(_offset, microseconds, __ATOMIC_RELAXED); }
    /// Ahead of the real time by so much; behind it when negative.
    void set(std::int64_t microseconds) { __atomic_store_n(_offset, microseconds, __ATOMIC_RELAXED); }

    /// The command, to be run by this clock.
    Command shifted(Command command) const {
        return command.set("LD_PRELOAD", CARILLON_TEST_CLOCK_LIBRARY).set("CARILLON_TEST_CLOCK", _file);
    }

private:
    std::string _file;
    std::int64_t* _offset = nullptr;
};
