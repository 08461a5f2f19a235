#pragma once

#include "base/LogText.h"
#include "store/RunRows.h"

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"

#include <iostream>
#include <optional>
#include <sstream>

namespace carillon {

inline Poco::JSON::Object::Ptr orderedObject() {
    return new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
}

/// The whole report where there is one; else what the row knows.
Poco::Dynamic::Var runJson(const RunRow& run);

/// One value, an object or an array, and a line's end on stdout. It may be a terminal.
template <typename Json>
void printJson(const Json& json) {
    std::ostringstream written;
    json.stringify(written);
    std::cout << visibleJson(written.str()) << '\n';
}

}  // namespace carillon
