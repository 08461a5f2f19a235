#pragma once

#include <filesystem>
#include <string>

/// Files of a server that calls itself localhost and is its own authority.
struct Certificate {
    std::string file{};
    std::string key{};
};

enum class CertificateKey { P256, Rsa };

/// In this folder, which exists.
Certificate makeCertificate(const std::filesystem::path& folder, CertificateKey kind = CertificateKey::P256);
