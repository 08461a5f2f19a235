#pragma once

namespace carillon {

/// Ends this process at once, as a loss of power does: nothing is flushed, no destructor and no handler runs. Its
/// parent sees it killed.
[[noreturn]] void endWithoutTrace();

}  // namespace carillon
