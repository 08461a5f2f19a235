#include "http/ServerTls.h"

#include "Poco/Net/NetException.h"
#include "Poco/Net/SSLException.h"
#include "Poco/Net/SSLManager.h"

#include <openssl/ssl.h>

namespace carillon {
namespace {

using Poco::Net::Context;

// Of TLS 1.2; all that 1.3 has is of this kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384:P-521:X448";

Context::Ptr contextOf(const HttpConfig& config) {
    Context::Params params;
    params.certificateFile = config.certificate;
    params.privateKeyFile = config.key;
    params.verificationMode = Context::VERIFY_NONE;
    params.cipherList = kCiphers;
    params.ecdhCurve = kGroups;
    Context::Ptr context = new Context(Context::TLS_SERVER_USE, params);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    // A client that asks for ever new keys would cost the host more than itself; a ticket is sealed by a key that lives
    // as long as the host.
    ::SSL_CTX_set_options(context->sslContext(),
                          SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    return context;
}

}  // namespace

Context::Ptr serverTls(const HttpConfig& config, const ConfigSource& source) {
    try {
        Poco::Net::initializeSSL();
        Context::Ptr context = contextOf(config);
        // OpenSSL drops a key that the certificate does not fit, says nothing, and then fails each handshake.
        if (::SSL_CTX_check_private_key(context->sslContext()) != 1)
            throw Poco::Net::SSLContextException("the key is that of another certificate");
        return context;
    } catch (const Poco::Exception& e) {
        const std::string reason = e.message().empty() ? e.displayText() : e.message();
        throw Poco::IOException(
            source.faultOf("http.tls.certificate", ": no certificate with its key, in PEM: " + reason).sentence());
    }
}

}  // namespace carillon
