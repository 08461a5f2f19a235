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

[[noreturn]] void refuse(const char* key, const std::string& file, Message problem) {
    ERR_clear_error();  // or the next connection would report it
    throw GatewayRefused(withColon(std::string(key) + " = " + file, std::move(problem)));
}

void requireReadable(const char* key, const std::string& file, const Message& wanted,
                     carillon::TrustRole role = carillon::TrustRole::Target) {
    const auto trusted = carillon::trustedPath(file, carillon::Opening::Read, role);
    if (!trusted.refusal().empty()) refuse(key, file, trusted.refusal());
    if (trusted.error() == std::errc::permission_denied) refuse(key, file, say("tlsfile.denied", {{"wanted", wanted}}));
    std::error_code ignored;
    const auto facts = trusted ? trusted.file().facts(ignored) : std::nullopt;
    if (!facts || facts->kind != carillon::FileKind::Regular)
        refuse(key, file, say("tlsfile.none", {{"wanted", wanted}}));
}

Context::Ptr makeContext(const std::string& ca, const char* key) {
    if (!ca.empty()) requireReadable(key, ca, say("tlsfile.authority"));
    try {
        // VERIFY_STRICT: RELAXED does not compare the host's name where it resolves to loopback.
        Context::Ptr context = new Context(Context::TLS_CLIENT_USE, ca, Context::VERIFY_STRICT, 9, ca.empty());
        if (ca.empty()) carillon::trustSystemAuthorities(context->sslContext());
        context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        return context;
    } catch (const Poco::Net::SSLException&) {
        if (ca.empty()) throw;
        refuse(key, ca, say("tlsfile.noauthority"));
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
    requireReadable(kCertificate, _files.certificate, say("tlsfile.certificate"));
    if (SSL_CTX_use_certificate_chain_file(_context->sslContext(), _files.certificate.c_str()) != 1)
        refuse(kCertificate, _files.certificate, say("tlsfile.nocertificate"));
}

void GatewayTls::useKey() {
    requireReadable(kCertificateKey, _files.certificateKey, say("tlsfile.key"), carillon::TrustRole::Secret);
    SSL_CTX* context = _context->sslContext();
    bool asked = false;
    SSL_CTX_set_default_passwd_cb(context, &noPassphrase);
    SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
    const bool taken = SSL_CTX_use_PrivateKey_file(context, _files.certificateKey.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (asked) refuse(kCertificateKey, _files.certificateKey, say("tlsfile.passphrase"));
    if (!taken && ERR_GET_LIB(ERR_peek_last_error()) != ERR_LIB_X509)
        refuse(kCertificateKey, _files.certificateKey, say("tlsfile.nokey"));
    // One of another kind is taken, beside the certificate.
    if (!taken || SSL_CTX_check_private_key(context) != 1)
        refuse(kCertificateKey, _files.certificateKey,
               say("tlsfile.otherkey", {{"key", kCertificate}, {"file", _files.certificate}}));
}

Context::Ptr GatewayTls::contextOfNextConnection() {
    _last = {};
    return _context;
}

Message GatewayTls::owner() const {
    return _words.peer == TlsPeer::Gateway ? say("tls.gateway") : say("tls.mailserver");
}

Message GatewayTls::explainFailure() const {
    if (_last.verification != X509_V_OK) return explainVerification();
    if (_last.otherProtocol) return _words.peer == TlsPeer::Gateway ? say("tls.none") : say("tls.nonebymail");
    if (_last.alertReceived == SSL_AD_PROTOCOL_VERSION || _last.alertSent == SSL_AD_PROTOCOL_VERSION)
        return say("tls.old", {{"owner", owner()}});
    return explainAlert();
}

Message GatewayTls::explainVerification() const {
    const std::string said = X509_verify_cert_error_string(_last.verification);
    switch (_last.verification) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return say("tls.expired", {{"owner", owner()}});
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return say("tls.early", {{"owner", owner()}});
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return say("tls.othername", {{"host", _host}, {"owner", owner()}});
        default:
            break;
    }
    if (_files.ca.empty()) return say("tls.unknown", {{"said", said}, {"key", _words.ca}});
    return say("tls.otherauthority", {{"key", _words.ca}, {"file", _files.ca}, {"said", said}, {"owner", owner()}});
}

Message GatewayTls::explainAlert() const {
    const std::string said = _last.alertReceived == kNoAlert ? "" : " (" + alertText(_last.alertReceived) + ")";
    if (_last.certificateWanted && _files.certificate.empty())
        return say("tls.asks", {{"certificate", kCertificate}, {"key", kCertificateKey}});
    // With TLS 1.3 it looks at the certificate when our request is under way, and its alert may be lost with the
    // connection.
    if (_last.certificateWanted)
        return say("tls.notaccepted", {{"certificate", kCertificate}, {"file", _files.certificate}, {"said", said}});
    if (_last.alertReceived == kNoAlert) return {};
    return say("tls.refused", {{"said", said}});
}

}  // namespace passerelle
