#include "serve/HostLock.h"

#include "base/FilePath.h"
#include "platform/FileRights.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

#include <array>

namespace carillon {

HostLock::HostLock(const std::string& stateDir, const std::string& self)
    : _stateDir(stateDir), _path(inFolder(stateDir, "carillon.lock")), _self(self) {
    take();
}

void HostLock::take() {
    TrustedPath trusted = trustedPathInFolders(_path, Opening::ReadWrite);
    if (!trusted.refusal().empty())
        throwWorded<Poco::FileException>(sayHost("lock.refused", {{"path", _path}, {"why", trusted.refusal()}}));
    if (!trusted)
        throwWorded<Poco::FileException>(
            sayHost(trusted.error() == std::errc::read_only_file_system ? "lock.readonly" : "lock.unwritable",
                    {{"path", _path}, {"why", sayError(trusted.error())}}));
    OpenFile file = trusted.take();
    if (!tryLock(file)) {
        std::array<char, 512> holder{};
        std::error_code ignored;
        const bool known = file.readAt(0, holder.data(), holder.size() - 1, ignored) > 0;
        throwWorded<HostRunsAlready>(
            sayHost(known ? "lock.taken" : "lock.takenbyanother", {{"dir", _stateDir}, {"holder", holder.data()}}));
    }
    _file = std::move(file);
    // What a holder wrote that is gone is no longer so. Not being able to write costs only the name.
    _file.replaceContent(_self);
}

bool HostLock::isInPlace() const {
    std::error_code ignored;
    const auto held = _file.facts(ignored);
    const auto found = factsOf(_path);
    return held && found && found->identity == held->identity;
}

HostLock::Look HostLock::look() {
    _problem = {};
    if (isInPlace()) return Look::Held;
    try {
        take();
        return Look::Restored;
    } catch (const HostRunsAlready& e) {
        _problem = sayHost("host.lostlock", {{"why", sayException(e)}});
        return Look::Lost;
    } catch (const Poco::FileException& e) {
        _problem = sayHost("host.nolock", {{"why", sayException(e)}});
        return Look::Failed;
    }
}

bool HostLock::isHeld(const std::string& stateDir) {
    return isLocked(inFolder(stateDir, "carillon.lock"));
}

}  // namespace carillon
