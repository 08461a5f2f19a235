#pragma once

#include <sys/types.h>

#include <cstddef>

namespace carillon {

/// How often to look again for what may be on its way out: 20 ms and more together.
constexpr int kTraceLooks = 200;
constexpr useconds_t kTraceLookInterval = 100;

/// Of this process; the same number each time where the system does not tell.
std::size_t countThreads();
std::size_t countDescriptors();

/// Kills every child of this process, also those that their own parent has left, and waits for them, as far as the
/// system lets it find them. Returns whether there was a living one.
bool endChildren();

}  // namespace carillon
