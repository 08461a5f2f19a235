#include "platform/ExitStatus.h"

#include "windows/ProcessCodes.h"

#include <array>
#include <cstdio>
#include <utility>

namespace carillon {
namespace {

constexpr std::array<std::pair<DWORD, const char*>, 11> kFaults{{{0xC0000005, "access violation"},
                                                                 {0xC0000006, "read error of a mapped file"},
                                                                 {0xC0000017, "out of memory"},
                                                                 {0xC000001D, "illegal instruction"},
                                                                 {0xC0000094, "integer division by zero"},
                                                                 {0xC00000FD, "stack overflow"},
                                                                 {0xC0000135, "a library is missing"},
                                                                 {0xC0000142, "a library did not start"},
                                                                 {0xC000013A, "ended by Ctrl-C"},
                                                                 {0xC0000374, "heap corruption"},
                                                                 {kAbortedCode, "abort() or a fast failure"}}};

}  // namespace

std::string ExitStatus::describe() const {
    if (isExit()) return "ended the process with exit code " + std::to_string(static_cast<DWORD>(number));
    if (kind == Kind::Killed) return "was ended from outside";
    const auto code = static_cast<DWORD>(number);
    std::array<char, 16> hexadecimal{};
    std::snprintf(hexadecimal.data(), hexadecimal.size(), "0x%08lX", code);
    std::string text = std::string("crashed with ") + hexadecimal.data();
    for (const auto& [fault, name] : kFaults)
        if (fault == code) text += std::string(" (") + name + ")";
    return text;
}

}  // namespace carillon
