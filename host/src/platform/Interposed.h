#pragma once

namespace carillon {

/// For a library that defines a function of the same name as one that it depends on, and so takes its calls: that one.
/// Null when there is none.
void* nextSymbol(const char* name);

}  // namespace carillon
