#pragma once

#include "carillon/RunReport.h"

#include <optional>
#include <string>

/// Leaves behind what the name says, or tells what an earlier run has left; nothing when the name is none of these.
std::optional<carillon::RunReport> leaveTrace(const std::string& name);

/// A process that holds all that this one has open, in its group.
int leaveSleeperBehind();

[[noreturn]] void loopForEver();

/// As a wrong address does.
[[noreturn]] void crash();

/// As somebody else would, with no chance to clean up.
[[noreturn]] void killSelf();

/// Takes more memory than the process may have.
[[noreturn]] void exhaustMemory();
