#include "platform/ThisProgram.h"

#include "windows/System.h"

namespace carillon {

void noteThisProgram(const char*) {}

std::filesystem::path pathOfThisProgram() {
    std::wstring path(32'768, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return path;
}

/// The file of a program that runs cannot be replaced, only renamed.
const std::string& programToStartAgain() {
    static const std::string program = utf8(pathOfThisProgram().native());
    return program;
}

}  // namespace carillon
