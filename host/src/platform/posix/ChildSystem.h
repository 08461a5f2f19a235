#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <array>
#include <cstddef>

namespace carillon {

// What systems do each in their own way for a child.

/// Where a spawned child finds its pipes.
constexpr int kChildCommands = 3;
constexpr int kChildMessages = 4;

/// A pipe's reader and writer, which no program gets. False, and errno: there is none.
bool makePipe(std::array<int, 2>& ends);

/// So that the child cannot reach what its host has open, and a pipe ends when the other side closes it: all but the
/// standard streams and these two.
void closeAllBut(int first, int second);

/// Has the same done for a spawned one, from a number up, or leaves it to closeInherited(), which the child calls
/// first.
void closeFrom(posix_spawn_file_actions_t& files, int lowest);
void closeInherited();

/// Becomes readable when the process ends; -1 when there is no such thing.
int openProcess(pid_t child);

/// In a forked child: it ends with its parent from now on. False: nobody sees to that.
bool dieWithParent();

/// What its children leave behind comes back to this process.
void adoptGrandchildren();

/// 0 when it is not known.
std::size_t residentBytesOf(pid_t process);

}  // namespace carillon
