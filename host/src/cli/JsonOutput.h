#pragma once

#include "base/Fields.h"
#include "base/LogText.h"
#include "record/Run.h"

#include <iostream>
#include <string>
#include <vector>

/// What verbs print for programs. stdout may be a terminal all the same.
namespace carillon {

/// One value, and a line's end.
inline void printJson(const std::string& json) {
    std::cout << visibleJson(json) << '\n';
}

/// A list of values, each written by `write(json, item)`.
template <class Items, class Write>
void printJsonList(const Items& items, Write write) {
    JsonWriter json;
    json.beginArray();
    for (const auto& item : items) write(json, item);
    json.endArray();
    printJson(json.text());
}

}  // namespace carillon
