#include "platform/ThisProgram.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace carillon {
namespace {

namespace fs = std::filesystem;

/// As execvp() finds a name.
fs::path findInPath(const std::string& name) {
    const char* const variable = std::getenv("PATH");
    std::string_view folders = variable == nullptr ? "/usr/bin:/bin" : variable;
    while (!folders.empty()) {
        const auto colon = folders.find(':');
        const fs::path file = fs::path(folders.substr(0, colon)) / name;
        if (::access(file.c_str(), X_OK) == 0) return file;
        folders = colon == std::string_view::npos ? std::string_view() : folders.substr(colon + 1);
    }
    return {};
}

std::string& program() {
    static std::string path;
    return path;
}

}  // namespace

void noteThisProgram(const char* name) {
    const fs::path given(name == nullptr ? "" : name);
    const fs::path found = given.has_parent_path() ? given : findInPath(given.string());
    std::error_code error;
    const fs::path real = fs::canonical(found, error);
    program() = error ? "" : real.string();
}

fs::path pathOfThisProgram() {
    return program();
}

const std::string& programToStartAgain() {
    return program();
}

}  // namespace carillon
