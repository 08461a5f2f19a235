#include "platform/ThisProgram.h"

#include "windows/System.h"

namespace carillon {

void noteThisProgram(const char*) {}

std::filesystem::path pathOfThisProgram() {
    return fileOfThisProgram();
}

/// The file of a program that runs cannot be replaced, only renamed.
const std::string& programToStartAgain() {
    static const std::string program = utf8(pathOfThisProgram().native());
    return program;
}

}  // namespace carillon
