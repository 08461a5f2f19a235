#include "GatewayTls.h"

#include "Gateway.h"

#include "platform/FileRights.h"
#include "shared/TrustedAuthorities.h"

#include "Poco/Net/SSLException.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace passerelle {
namespace {

using Poco::Net::Context;

constexpr const char* kCertificate = "task.gateway.certificate";
constexpr const char* kCertificateKey = "task.gateway.certificate_key";

constexpr int kNoAlert = -1;

[[noreturn]] void refuse(const char* key, const std::string& file, const std::string& problem) {
    ERR_clear_error();  // or the next connection would report it
    throw GatewayRefused(std::string(key) + " = " + file + ": " + problem);
}

void requireReadable(const char* key, const std::string& file, const std::string& wanted,
                     carillon::TrustRole role = carillon::TrustRole::Target) {
    const auto trusted = carillon::trustedPath(file, carillon::Opening::Read, role);
    if (!trusted.refusal().empty()) refuse(key, file, trusted.refusal());
    if (trusted.error() == std::errc::permission_denied)
        refuse(key, file, "this user may not read it; give " + wanted + " that it may read");
    std::error_code ignored;
    const auto facts = trusted ? trusted.file().facts(ignored) : std::nullopt;
    if (!facts || facts->kind != carillon::FileKind::Regular)
        refuse(key, file, "there is no such file; give " + wanted);
}

Context::Ptr makeContext(const std::string& ca, const char* key) {
    if (!ca.empty()) requireReadable(key, ca, "the authority's certificate");
    try {
        // VERIFY_STRICT: RELAXED does not compare the host's name where it resolves to loopback.
        Context::Ptr context = new Context(Context::TLS_CLIENT_USE, ca, Context::VERIFY_STRICT, 9, ca.empty());
        if (ca.empty()) carillon::trustSystemAuthorities(context->sslContext());
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        return context;
    } catch (const Poco::Net::SSLException&) {
        if (ca.empty()) throw;
        refuse(key, ca, "the file holds no certificate; give the authority's in PEM form");
    }
}

/// Poco's own asks for the passphrase on the terminal. Notes that it was asked for.
int noPassphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

std::string alertText(int alert) {
    return SSL_alert_desc_string_long(alert);
}

}  // namespace

/// What OpenSSL tells of a handshake. Its error afterwards says only that there was none.
struct GatewayTls::Callbacks {
    static Handshake& of(const SSL* ssl) {
        return static_cast<GatewayTls*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->_last;
    }
    static int onVerified(int ok, X509_STORE_CTX* store) {
        const auto* ssl =
            static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
        if (ok == 0) of(ssl).verification = X509_STORE_CTX_get_error(store);
        return ok;
    }
    static void onStep(const SSL* ssl, int where, int value) {
        const int alert = value & 0xff;
        if ((where & SSL_CB_ALERT) == 0 || alert == SSL_AD_CLOSE_NOTIFY) return;
        ((where & SSL_CB_READ) != 0 ? of(ssl).alertReceived : of(ssl).alertSent) = alert;
    }
    static void onMessage(int sent, int, int type, const void* bytes, std::size_t count, SSL* ssl, void*) {
        if (sent != 0 || type != SSL3_RT_HEADER || count == 0) return;
        const int record = *static_cast<const unsigned char*>(bytes);
        if (record < SSL3_RT_CHANGE_CIPHER_SPEC || record > SSL3_RT_APPLICATION_DATA) of(ssl).otherProtocol = true;
    }
    static int onCertificateWanted(SSL* ssl, void*) {
        of(ssl).certificateWanted = true;
        return 1;
    }
};

GatewayTls::GatewayTls(TlsFiles files, std::string host, TlsWords words)
    : _files(std::move(files)), _host(std::move(host)), _words(words), _context(makeContext(_files.ca, _words.ca)) {
    SSL_CTX* context = _context->sslContext();
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &Callbacks::onVerified);
    SSL_CTX_set_info_callback(context, &Callbacks::onStep);
    SSL_CTX_set_msg_callback(context, &Callbacks::onMessage);
    SSL_CTX_set_cert_cb(context, &Callbacks::onCertificateWanted, nullptr);
    requireName();
    if (_files.certificate.empty()) return;
    useCertificate();
    useKey();
}

/// Poco compares it too, but only when the handshake is over.
void GatewayTls::requireName() {
    X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(_context->sslContext());
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, _host.c_str()) != 1)
        X509_VERIFY_PARAM_set1_host(wanted, _host.c_str(), 0);
}

void GatewayTls::useCertificate() {
    requireReadable(kCertificate, _files.certificate, "the certificate that the gateway asks for");
    if (SSL_CTX_use_certificate_chain_file(_context->sslContext(), _files.certificate.c_str()) != 1)
        refuse(kCertificate, _files.certificate,
               "the file holds no certificate that can be used; give one in PEM form");
}

void GatewayTls::useKey() {
    requireReadable(kCertificateKey, _files.certificateKey, "the private key of the certificate",
                    carillon::TrustRole::Secret);
    SSL_CTX* context = _context->sslContext();
    bool asked = false;
    SSL_CTX_set_default_passwd_cb(context, &noPassphrase);
    SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
    const bool taken = SSL_CTX_use_PrivateKey_file(context, _files.certificateKey.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (asked)
        refuse(kCertificateKey, _files.certificateKey,
               "the key has a passphrase, which nobody is there to enter; give it without: openssl pkey -in FILE");
    if (!taken && ERR_GET_LIB(ERR_peek_last_error()) != ERR_LIB_X509)
        refuse(kCertificateKey, _files.certificateKey, "the file holds no private key; give it in PEM form");
    // One of another kind is taken, beside the certificate.
    if (!taken || SSL_CTX_check_private_key(context) != 1)
        refuse(kCertificateKey, _files.certificateKey,
               std::string("this is not the key of ") + kCertificate + " = " + _files.certificate);
}

Context::Ptr GatewayTls::contextOfNextConnection() {
    _last = {};
    return _context;
}

std::string GatewayTls::explainFailure() const {
    if (_last.verification != X509_V_OK) return explainVerification();
    if (_last.otherProtocol) return "not with TLS; correct the port, or " + std::string(_words.encryption);
    if (_last.alertReceived == SSL_AD_PROTOCOL_VERSION || _last.alertSent == SSL_AD_PROTOCOL_VERSION)
        return "it offers nothing newer than TLS 1.1, which is not safe; have TLS 1.2 or 1.3 switched on at " +
               std::string(_words.owner);
    return explainAlert();
}

std::string GatewayTls::explainVerification() const {
    const std::string said = std::string(" (") + X509_verify_cert_error_string(_last.verification) + ")";
    const std::string owner = _words.owner;
    switch (_last.verification) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "its certificate has expired; have it renewed at " + owner +
                   ", unless the clock of this machine is wrong";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "its certificate is not valid yet; correct the clock of this machine, or have " + owner +
                   "'s certificate made anew";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "its certificate is not made out for " + _host + "; correct the address, or have " + owner +
                   "'s certificate made out for this name";
        default:
            return (_files.ca.empty()
                        ? "its certificate comes from no authority that this system knows" + said +
                              "; if it comes from "
                              "one of your own, give that one's certificate as " +
                              _words.ca
                        : "its certificate does not come from the authority " + std::string(_words.ca) + " = " +
                              _files.ca + said + "; give the certificate of the authority that signed " + owner + "'s");
    }
}

std::string GatewayTls::explainAlert() const {
    const std::string said = _last.alertReceived == kNoAlert ? "" : " (" + alertText(_last.alertReceived) + ")";
    if (_last.certificateWanted && _files.certificate.empty())
        return std::string("it asks for a client's certificate; give one that it accepts as ") + kCertificate +
               " and its private key as " + kCertificateKey;
    // With TLS 1.3 it looks at the certificate when our request is under way, and its alert may be lost with the
    // connection.
    if (_last.certificateWanted)
        return "it does not accept the certificate " + std::string(kCertificate) + " = " + _files.certificate + said +
               "; give one that it accepts";
    if (_last.alertReceived == kNoAlert) return "";
    return "it refuses the TLS connection" + said;
}

}  // namespace passerelle
