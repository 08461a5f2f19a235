#pragma once

#include "words/Texts.h"

#include <map>
#include <string>

namespace carillon {

/// The command `carillon`: parses its words, does what they say, returns the exit code. Throws nothing.
int runCommandLine(int argc, char** argv);

/// What `--help` says in English, as CommandWords::helpTexts() has it.
std::map<std::string, std::string> commandHelp();

/// The same in French: texts/help.fr.properties of this folder.
const Texts& frenchHelp();

}  // namespace carillon
