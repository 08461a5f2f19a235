#include "posix/SignalText.h"

#include <signal.h>

#include <array>
#include <cstring>
#include <utility>

namespace carillon {
namespace {

constexpr std::array<std::pair<int, const char*>, 17> kNames{{{SIGHUP, "SIGHUP"},
                                                              {SIGINT, "SIGINT"},
                                                              {SIGQUIT, "SIGQUIT"},
                                                              {SIGILL, "SIGILL"},
                                                              {SIGTRAP, "SIGTRAP"},
                                                              {SIGABRT, "SIGABRT"},
                                                              {SIGBUS, "SIGBUS"},
                                                              {SIGFPE, "SIGFPE"},
                                                              {SIGKILL, "SIGKILL"},
                                                              {SIGUSR1, "SIGUSR1"},
                                                              {SIGSEGV, "SIGSEGV"},
                                                              {SIGUSR2, "SIGUSR2"},
                                                              {SIGPIPE, "SIGPIPE"},
                                                              {SIGALRM, "SIGALRM"},
                                                              {SIGTERM, "SIGTERM"},
                                                              {SIGXCPU, "SIGXCPU"},
                                                              {SIGXFSZ, "SIGXFSZ"}}};

}  // namespace

std::string abbreviationOf(int signal) {
    for (const auto& [number, name] : kNames)
        if (number == signal) return name;
    return "";
}

std::string textOf(int signal) {
    const char* text = ::strsignal(signal);
    return text == nullptr ? "" : text;
}

}  // namespace carillon
