#pragma once

#include "api/Router.h"

#include <string>
#include <string_view>

namespace carillon {

/// The path of a file in static/, which a browser may keep for good: a changed file has another path.
const std::string& assetPath(std::string_view name);

/// GET /static/….
void addAssetRoutes(Router& router);

}  // namespace carillon
