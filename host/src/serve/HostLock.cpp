#include "serve/HostLock.h"

#include "base/FilePath.h"
#include "platform/FileRights.h"
#include "words/HostTexts.h"

#include <array>

namespace carillon {

HostLock::HostLock(const std::string& stateDir, const std::string& self)
    : _stateDir(stateDir), _path(inFolder(stateDir, "carillon.lock")), _self(self) {
    take();
}

void HostLock::take() {
    TrustedPath trusted = trustedPathInFolders(_path, Opening::ReadWrite);
    if (!trusted.refusal().empty()) throw Poco::FileException(_path + ": " + trusted.refusal());
    if (!trusted)
        throw Poco::FileException(_path + ": " + trusted.error().message() +
                                  "; give this user write access to its folder, or set state.dir to another one");
    OpenFile file = trusted.take();
    if (!tryLock(file)) {
        std::array<char, 512> holder{};
        std::error_code ignored;
        const bool known = file.readAt(0, holder.data(), holder.size() - 1, ignored) > 0;
        throw HostRunsAlready(_stateDir + " is in use by " + (known ? holder.data() : "another host") +
                              "; end that one first, or set state.dir to another folder");
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
        _problem = sayHost("host.lostlock", {{"why", e.message()}});
        return Look::Lost;
    } catch (const Poco::FileException& e) {
        _problem = sayHost("host.nolock", {{"why", e.message()}});
        return Look::Failed;
    }
}

bool HostLock::isHeld(const std::string& stateDir) {
    return isLocked(inFolder(stateDir, "carillon.lock"));
}

}  // namespace carillon
