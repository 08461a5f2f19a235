#pragma once

#include "carillon/ConfigReader.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace carillon {

/// The keys http.* but those of the accounts: where the host answers browsers and programs.
struct HttpConfig {
    std::string host{};                ///< An address, without brackets; empty: it listens nowhere.
    std::uint16_t port = 0;            ///< 0: any that is free.
    std::string certificate{};         ///< PEM file with its chain; empty: no TLS.
    std::string key{};                 ///< PEM file.
    std::vector<std::string> names{};  ///< By which it may be addressed beside its addresses.
    std::string url{};  ///< Where people reach the page, for links; without a slash at the end; may be empty.

    bool listens() const { return !host.empty(); }
    bool hasTls() const { return !certificate.empty(); }
    /// Only this machine reaches it.
    bool isLoopback() const;

    bool operator==(const HttpConfig&) const = default;
};

/// Faults are in the reader.
HttpConfig readHttpConfig(ConfigReader& in);

}  // namespace carillon
