#include "plugins/LibraryFile.h"

#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

#include "Poco/Exception.h"
#include "Poco/Path.h"

namespace carillon {

TrustedPath openLibraryFile(const std::string& path) {
    using Poco::LibraryLoadException;
    const TrustedPath folder = trustedPath(Poco::Path(path).makeParent().toString(), Opening::LookFolder);
    if (!folder.refusal().empty())
        throwWorded<LibraryLoadException>(sayHost("plugin.folder", {{"path", path}, {"why", folder.refusal()}}));
    TrustedPath file = trustedPath(path, Opening::ReadNow);  // a pipe would be waited for
    std::error_code ignored;
    if (const auto facts = file ? file.file().facts(ignored) : std::nullopt; facts && facts->kind != FileKind::Regular)
        throwWorded<LibraryLoadException>(sayHost("plugin.nofile", {{"path", path}}));
    if (file) return file;
    throwWorded<LibraryLoadException>(sayHost(file.refusal().empty() ? "plugin.unreadable" : "plugin.refused",
                                              {{"path", path}, {"why", sayReason(file)}}));
}

}  // namespace carillon
