#pragma once

#include <optional>
#include <random>
#include <string>

/// What people, browsers and robots write into a form: any Unicode but NUL, from nothing to hundreds of kilobytes.
std::optional<std::string> fieldComment(std::mt19937& random);

/// 64 hexadecimal digits.
std::string fieldHex(std::mt19937& random);

std::string fieldSha256(const std::string& text);
