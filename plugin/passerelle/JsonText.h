#pragma once

#include <string>

namespace passerelle {

/// Appends the text as a JSON string, quotes included.
void appendJson(std::string& json, const std::string& text);

}  // namespace passerelle
