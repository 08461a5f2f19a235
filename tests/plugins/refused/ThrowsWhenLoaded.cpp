#include "carillon/Plugin.h"

#include <stdexcept>

namespace {

struct Thrower {
    Thrower() { throw std::runtime_error("loading fails"); }
} thrower;

}  // namespace

CARILLON_PLUGIN("ThrowsWhenLoaded", "1.0.0")
