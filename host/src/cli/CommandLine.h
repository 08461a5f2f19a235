#pragma once

namespace carillon {

/// The command `carillon`: parses its words, does what they say, returns the exit code. Throws nothing.
int runCommandLine(int argc, char** argv);

}  // namespace carillon
