#include "plugins/LibraryFile.h"

#include "Poco/Exception.h"
#include "Poco/Path.h"

namespace carillon {

TrustedPath openLibraryFile(const std::string& path) {
    using Poco::LibraryLoadException;
    const TrustedPath folder = trustedPath(Poco::Path(path).makeParent().toString(), Opening::LookFolder);
    if (!folder.refusal().empty()) throw LibraryLoadException(path + ": its folder " + folder.refusal());
    TrustedPath file = trustedPath(path, Opening::ReadNow);  // a pipe would be waited for
    std::error_code ignored;
    if (const auto facts = file ? file.file().facts(ignored) : std::nullopt; facts && facts->kind != FileKind::Regular)
        throw LibraryLoadException(path + ": is no regular file");
    if (file) return file;
    throw LibraryLoadException(path + ": " +
                               (file.refusal().empty()
                                    ? file.error().message() + "; 'carillon plugins' lists what there is"
                                    : file.refusal()));
}

}  // namespace carillon
