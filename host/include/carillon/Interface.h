#pragma once

/// Marks a class that host and plugin know each other's objects by. Both are built with hidden symbols; these stay
/// visible, so that dynamic_cast and catch find them across the border.
#if defined(_WIN32)
#define CARILLON_INTERFACE
#else
#define CARILLON_INTERFACE __attribute__((visibility("default")))
#endif
