#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace carillon {

bool stdinIsTerminal();
bool stdoutIsTerminal();
bool stderrIsTerminal();

/// Columns of the terminal on stdout; 0 when it is none.
std::size_t terminalWidth();

/// One line of stdin without its end, and nothing of what follows it; 64 KiB at most. Nothing at the end of stdin.
std::optional<std::string> readInputLine();

/// The same from the terminal on stdin, unseen, after a question on stderr. A signal that would end the process ends it
/// once the terminal shows again what is typed.
std::optional<std::string> readUnseenLine(const std::string& question);

}  // namespace carillon
