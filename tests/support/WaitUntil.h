#pragma once

#include <chrono>
#include <functional>

/// Polls until the condition holds. False: the limit came first.
bool waitUntil(const std::function<bool()>& condition, std::chrono::milliseconds limit = std::chrono::seconds(20));
