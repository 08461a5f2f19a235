#include "support/Certificate.h"

#include <cppunit/TestAssert.h>

#include <fstream>
#include <vector>

#include "support/Command.h"

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kP256{"ec", "-pkeyopt", "ec_paramgen_curve:P-256"};
const std::vector<std::string> kRsa{"rsa", "-pkeyopt", "rsa_keygen_bits:2048"};

Certificate filesOf(const fs::path& folder, const std::string& name) {
    return {(folder / (name + ".pem")).string(), (folder / (name + ".key")).string()};
}

void openssl(std::vector<std::string> words, const std::vector<std::string>& more = {}) {
    words.insert(words.begin(), "openssl");
    words.insert(words.end(), more.begin(), more.end());
    const auto result = Command(words).run();
    CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
}

/// The words of `openssl req` that make a key and what says whose it is.
void request(const std::vector<std::string>& kind, const std::string& name, const std::string& key,
             const std::vector<std::string>& more) {
    std::vector<std::string> words{"req", "-batch", "-nodes", "-subj", "/CN=" + name, "-keyout", key, "-newkey"};
    words.insert(words.end(), kind.begin(), kind.end());
    openssl(words, more);
}

}  // namespace

Certificate makeCertificate(const fs::path& folder, CertificateKey kind) {
    const Certificate made{(folder / "cert.pem").string(), (folder / "key.pem").string()};
    request(kind == CertificateKey::Rsa ? kRsa : kP256, "localhost", made.key,
            {"-x509", "-days", "2", "-addext", "subjectAltName=DNS:localhost", "-out", made.file});
    return made;
}

Certificate makeAuthority(const fs::path& folder, const std::string& name) {
    const Certificate made = filesOf(folder, name);
    request(kP256, name, made.key, {"-x509", "-days", "2", "-out", made.file});
    return made;
}

Certificate makeSigned(const fs::path& folder, const std::string& name, const Certificate& authority,
                       const std::string& subject, int days) {
    const Certificate made = filesOf(folder, name);
    const std::string csr = (folder / (name + ".csr")).string();
    const std::string extensions = (folder / (name + ".ext")).string();
    std::ofstream(extensions) << "subjectAltName=" << subject << '\n';
    request(kP256, name, made.key, {"-out", csr});
    openssl({"x509", "-req", "-in", csr, "-CA", authority.file, "-CAkey", authority.key, "-CAcreateserial", "-days",
             std::to_string(days), "-extfile", extensions, "-out", made.file});
    return made;
}
