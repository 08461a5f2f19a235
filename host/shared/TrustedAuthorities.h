#pragma once

#include "platform/Authorities.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace carillon {

/// Has a context that was told to take the usual authorities take those of the system too, where OpenSSL knows of none.
inline void trustSystemAuthorities(SSL_CTX* context) {
    for (const auto& certificate : systemAuthorities()) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(certificate.data());
        X509* read = d2i_X509(nullptr, &bytes, static_cast<long>(certificate.size()));
        if (read == nullptr) continue;
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context), read);
        X509_free(read);
    }
    ERR_clear_error();  // one that was there already, or that this OpenSSL cannot read
}

}  // namespace carillon
