#pragma once

// What unit tests call as POSIX has it, by what Windows calls it. Included before each of their sources, and in nothing
// but tests: modes mean less here, and tests of them are none of those built for Windows.

#include <direct.h>
#include <io.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <string>

#ifndef SIGPIPE
#define SIGPIPE 13
#endif

inline int setenv(const char* name, const char* value, int) {
    return ::_putenv((std::string(name) + '=' + value).c_str());
}
inline int setenv(const char* name, const wchar_t* value, int replace) {
    return setenv(name, std::filesystem::path(value).string().c_str(), replace);
}
inline int unsetenv(const char* name) {
    return ::_putenv((std::string(name) + '=').c_str());
}

inline int chmod(const wchar_t* path, int mode) {
    return ::_wchmod(path, mode);
}

/// The Xs at the end are replaced.
inline char* mkdtemp(char* name) {
    const std::size_t length = std::char_traits<char>::length(name);
    std::random_device random;
    for (std::size_t i = length - 6; i < length; ++i) name[i] = static_cast<char>('a' + random() % 26);
    return ::_mkdir(name) == 0 ? name : nullptr;
}
