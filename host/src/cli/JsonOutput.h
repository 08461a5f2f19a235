#pragma once

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"

#include <iostream>
#include <optional>

namespace carillon {

inline Poco::JSON::Object::Ptr orderedObject() {
    return new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER);
}

/// One value and a line's end on stdout.
inline void printJson(const Poco::JSON::Object& json) {
    json.stringify(std::cout);
    std::cout << '\n';
}
inline void printJson(const Poco::JSON::Array& json) {
    json.stringify(std::cout);
    std::cout << '\n';
}

}  // namespace carillon
