#include "support/Certificate.h"

#include <cppunit/TestAssert.h>

#include "support/Command.h"

Certificate makeCertificate(const std::filesystem::path& folder, CertificateKey kind) {
    Certificate made{(folder / "cert.pem").string(), (folder / "key.pem").string()};
    const bool isRsa = kind == CertificateKey::Rsa;
    const auto result =
        Command({"openssl", "req", "-x509", "-newkey", isRsa ? "rsa" : "ec", "-pkeyopt",
                 isRsa ? "rsa_keygen_bits:2048" : "ec_paramgen_curve:P-256", "-nodes", "-keyout", made.key, "-out",
                 made.file, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"})
            .run();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
    return made;
}
