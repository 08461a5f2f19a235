#pragma once

#include <filesystem>
#include <string>

/// Files of a server that calls itself localhost and is its own authority.
struct Certificate {
    std::string file{};
    std::string key{};
};

/// In this folder, which exists.
Certificate makeCertificate(const std::filesystem::path& folder);
