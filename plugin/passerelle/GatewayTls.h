#pragma once

#include "Texts.h"

#include "Poco/Net/Context.h"

#include <cstdint>
#include <string>

namespace passerelle {

/// What the job's keys task.gateway.ca, task.gateway.certificate and task.gateway.certificate_key name: PEM files.
struct TlsFiles {
    std::string ca{};              ///< Empty: the system's authorities.
    std::string certificate{};     ///< Shown to a gateway that asks for one, with what leads to its authority.
    std::string certificateKey{};  ///< Of the certificate: both or neither.
};

enum class TlsPeer : std::uint8_t { Gateway, MailServer };

/// How people are told of the other side: what it is, and the key that names its authority.
struct TlsWords {
    TlsPeer peer = TlsPeer::Gateway;
    const char* ca = "task.gateway.ca";
};

/// TLS of the connections to a gateway's host, or to a mail server, and what went wrong with the last of them.
/// Certificates are verified, the host's name included, also on loopback. One thread; outlives its connections.
class GatewayTls {
public:
    /// Throws GatewayRefused, which names the key, when a file cannot be used.
    GatewayTls(TlsFiles files, std::string host, TlsWords words = {});
    GatewayTls(const GatewayTls&) = delete;
    GatewayTls& operator=(const GatewayTls&) = delete;

    /// To be asked for each new connection.
    Poco::Net::Context::Ptr contextOfNextConnection();
    /// The connection is as it should be: what happens to it now is for no reason of TLS.
    void noteAnswer() { _last = {}; }
    /// Why the last connection failed and what helps, after "it answered, but"; empty: for no reason of TLS.
    Message explainFailure() const;

private:
    struct Handshake {
        long verification = 0;  ///< X509_V_ERR_…
        int alertReceived = -1;
        int alertSent = -1;
        bool certificateWanted = false;
        bool otherProtocol = false;
    };
    struct Callbacks;

    void requireName();
    void useCertificate();
    void useKey();
    Message owner() const;
    Message explainVerification() const;
    Message explainAlert() const;

    TlsFiles _files;
    std::string _host;
    TlsWords _words;
    Poco::Net::Context::Ptr _context;
    Handshake _last{};
};

}  // namespace passerelle
