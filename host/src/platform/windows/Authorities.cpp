#include "platform/Authorities.h"

#include "windows/System.h"

#include <wincrypt.h>

namespace carillon {

/// Those of the machine and of this user, as the system merges them.
std::vector<std::string> systemAuthorities() {
    std::vector<std::string> all;
    const HCERTSTORE store = ::CertOpenSystemStoreW(0, L"ROOT");
    if (store == nullptr) return all;
    const CERT_CONTEXT* found = nullptr;
    while ((found = ::CertEnumCertificatesInStore(store, found)) != nullptr)
        if (::CertVerifyTimeValidity(nullptr, found->pCertInfo) == 0)
            all.emplace_back(reinterpret_cast<const char*>(found->pbCertEncoded), found->cbCertEncoded);
    ::CertCloseStore(store, 0);
    return all;
}

}  // namespace carillon
