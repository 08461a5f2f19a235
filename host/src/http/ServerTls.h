#pragma once

#include "config/HttpConfig.h"

#include "Poco/Net/Context.h"

namespace carillon {

/// How a host speaks TLS: 1.2 or newer, each connection with a key of its own (ECDHE) and authenticated encryption, so
/// that who records it and gets the host's key later reads nothing. Throws Poco::IOException: a sentence on
/// `http.tls.certificate`.
Poco::Net::Context::Ptr serverTls(const HttpConfig& config, const ConfigSource& source);

}  // namespace carillon
