#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace passerelle {

/// How long the Retry-After of an answer asks to wait: a number of seconds, or a date. Nothing: it is neither.
std::optional<std::chrono::seconds> parseRetryAfter(const std::string& text);

}  // namespace passerelle
