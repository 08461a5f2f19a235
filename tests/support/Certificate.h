#pragma once

#include <filesystem>
#include <string>

/// Files that the openssl program made, in a folder that exists.
struct Certificate {
    std::string file{};
    std::string key{};
};

enum class CertificateKey { P256, Rsa };

/// Of a server that calls itself localhost and is its own authority.
Certificate makeCertificate(const std::filesystem::path& folder, CertificateKey kind = CertificateKey::P256);

Certificate makeAuthority(const std::filesystem::path& folder, const std::string& name);
/// Of a server or client of the authority. `subject`: such as `IP:127.0.0.1`; `days`: until it expires.
Certificate makeSigned(const std::filesystem::path& folder, const std::string& name, const Certificate& authority,
                       const std::string& subject, int days = 2);
