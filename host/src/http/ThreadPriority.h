#pragma once

namespace carillon {

/// Has this thread, and every thread and process that it starts, yield to the others of the machine: firing goes before
/// answering. Once for each thread, however often it is called.
void yieldToFiring() noexcept;

}  // namespace carillon
