#pragma once

#include "carillon/RunReport.h"

#include <optional>
#include <string>

/// Leaves behind what the name says, or tells what an earlier run has left; nothing when the name is none of these.
std::optional<carillon::RunReport> leaveTrace(const std::string& name);

/// A process that holds all that this one has open, in its group.
int leaveSleeperBehind();

[[noreturn]] void loopForEver();
