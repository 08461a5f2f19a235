#pragma once

namespace carillon {

// Who waits for which child. A process may have two kinds: those that it launched (ChildProcess), and orphans, which
// the system gives to process 1 of a container and to a subreaper when their own parent is gone.

/// Whether orphans are given to this process. POSIX alone has no subreapers.
bool adoptsOrphans();

/// Waits for the orphans that have ended. To be called on the first thread of the process, whose children orphans
/// become; the children of a task that runs in a thread are that thread's, and are left alone where the system tells
/// them apart. False: a launched child that its owner has not collected yet stands before others, so that another look
/// is due soon.
bool reapOrphans();

}  // namespace carillon
