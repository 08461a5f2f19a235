#pragma once

#include <filesystem>
#include <string>

namespace carillon {

/// To be called first in main(): where the system does not know it, the program is found by its name.
void noteThisProgram(const char* name);

/// The file of this process's program, without links; empty when it cannot be known.
std::filesystem::path pathOfThisProgram();

/// What is to be started for another process of this program, where possible also when its file was replaced since.
const std::string& programToStartAgain();

}  // namespace carillon
