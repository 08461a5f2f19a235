#include "windows/TrustedWalk.h"

#include "windows/FileStatus.h"
#include "windows/FileTrust.h"
#include "windows/ReparsePoint.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace carillon {
namespace {

constexpr DWORD kJudging = READ_CONTROL | FILE_READ_ATTRIBUTES;

/// With backslashes alone, and without dots.
std::wstring absolutePath(const std::wstring& path) {
    std::wstring full(32'768, L'\0');
    full.resize(::GetFullPathNameW(path.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
    return full;
}

/// Of an absolute path the part that is no folder's name, with a backslash at its end: C:\, \\server\share\, \\?\C:\.
std::size_t rootLength(const std::wstring& path) {
    std::size_t end = 0;
    const auto pastNext = [&path, &end] {
        const auto slash = path.find(L'\\', end);
        end = slash == std::wstring::npos ? path.size() : slash + 1;
    };
    const bool isLiteral = path.starts_with(L"\\\\?\\");
    if (path.starts_with(L"\\\\")) end = isLiteral ? 4 : 2;
    pastNext();
    if (end > 2 && path.starts_with(L"\\\\") && !isLiteral) pastNext();
    return end;
}

class Walk {
public:
    Walk(const std::string& path, const FileOpening& opening, TrustRole role, bool makesFolders)
        : _given(absolutePath(wide(path))), _opening(opening), _role(role), _makesFolders(makesFolders) {}

    TrustedPath open() {
        bool good = startAt(_given);
        while (good && !_rest.empty()) {
            const std::wstring name = std::exchange(_rest.back(), {});
            _rest.pop_back();
            good = enter(name);
        }
        // It is a root, or ends with a link to one.
        if (good && !_target) good = openTarget(_here);
        return good ? TrustedPath(std::move(_target)) : TrustedPath(_error, std::move(_refusal));
    }

private:
    static constexpr int kMostLinks = 40;

    bool fail(const std::error_code& error) {
        _error = error;
        return false;
    }

    bool startAt(const std::wstring& path) {
        const std::size_t root = rootLength(path);
        push(path.substr(root));
        OpenFile folder = openThere(path.substr(0, root), kJudging);
        _here.clear();
        return folder ? moveTo(std::move(folder), path.substr(0, root)) : fail(lastError());
    }

    void push(std::wstring_view path) {
        while (!path.empty()) {
            const auto slash = path.rfind(L'\\');
            const auto name = slash == std::wstring_view::npos ? path : path.substr(slash + 1);
            if (!name.empty() && name != L".") _rest.emplace_back(name);
            path = path.substr(0, slash == std::wstring_view::npos ? 0 : slash);
        }
    }

    bool judge(const OpenFile& file, const std::wstring& path, TrustRole role) {
        const Distrust distrust = distrustOf(file, role);
        if (distrust.fault.empty()) return true;
        const bool isGiven = path == _given || role == TrustRole::Secret;
        const auto relation = isGiven                  ? TrustRelation::Itself
                              : isLink(handleOf(file)) ? TrustRelation::Link
                              : role == TrustRole::Way ? TrustRelation::Way
                                                       : TrustRelation::Target;
        _refusal = refusalOf(distrust, relation, utf8(path), "icacls \"" + utf8(path) + "\" " + distrust.command);
        return fail(systemError(ERROR_ACCESS_DENIED));
    }

    bool moveTo(OpenFile folder, const std::wstring& path) {
        if (!judge(folder, path, TrustRole::Way)) return false;
        std::error_code error;
        const auto facts = folder.facts(error);
        if (!facts) return fail(error);
        if (facts->kind != FileKind::Folder) return fail(std::make_error_code(std::errc::not_a_directory));
        _folder = std::move(folder);
        _here = path;
        return true;
    }

    bool enter(const std::wstring& name) {
        if (name == L"..") return leave();
        const bool isLast = _rest.empty();
        const std::wstring path = _here + (_here.ends_with(L'\\') ? L"" : L"\\") + name;
        OpenFile next = openThere(path, kJudging, FILE_FLAG_OPEN_REPARSE_POINT);
        if (!next) return ::GetLastError() == ERROR_FILE_NOT_FOUND ? make(name, path, isLast) : fail(lastError());
        if (isLink(handleOf(next))) return follow(next, path);
        return isLast ? openTarget(path) : moveTo(std::move(next), path);
    }

    /// Only a link's text has it: a path that was given has none left.
    bool leave() {
        const auto slash = _here.find_last_of(L'\\');
        const std::wstring above = _here.substr(0, std::max(slash + 1, rootLength(_here)));
        OpenFile folder = openThere(above, kJudging);
        return folder ? moveTo(std::move(folder), above) : fail(lastError());
    }

    /// Those that its folder gives to what is made there, unless others are among them. A secret's are its own: not
    /// every volume hands rights down.
    SECURITY_ATTRIBUTES* rightsOfNew(std::optional<PrivateRights>& rights) const {
        return _role == TrustRole::Secret || isOpenToOthers(_folder) ? rights.emplace().get() : nullptr;
    }

    /// Who else makes it at the same time is judged like everybody.
    bool make(const std::wstring& name, const std::wstring& path, bool isLast) {
        const bool isFolder = !isLast || _opening.isFolder;
        if (!isFolder && _opening.disposition != OPEN_EXISTING) return openTarget(path);
        if (!isFolder || !_makesFolders) return fail(systemError(ERROR_FILE_NOT_FOUND));
        std::optional<PrivateRights> rights;
        if (!::CreateDirectoryW(path.c_str(), rightsOfNew(rights)) && ::GetLastError() != ERROR_ALREADY_EXISTS)
            return fail(lastError());
        return enter(name);
    }

    bool follow(const OpenFile& link, const std::wstring& path) {
        if (!judge(link, path, TrustRole::Way)) return false;
        const auto target = targetOfLink(handleOf(link));
        if (!target || ++_links > kMostLinks)
            return fail(std::make_error_code(std::errc::too_many_symbolic_link_levels));
        const bool isAbsolute = target->starts_with(L"\\\\") || target->find(L':') == 1;
        if (isAbsolute) return startAt(*target);
        push(*target);
        return target->starts_with(L'\\') ? startAt(_here.substr(0, rootLength(_here))) : true;
    }

    /// Judged when it is open for what it is wanted for.
    bool openTarget(const std::wstring& path) {
        std::optional<PrivateRights> rights;
        const bool mayMake = _opening.disposition != OPEN_EXISTING;
        OpenFile target(numberOf(::CreateFileW(path.c_str(), _opening.access | kJudging, kShareAll,
                                               mayMake ? rightsOfNew(rights) : nullptr, _opening.disposition,
                                               FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr)));
        if (!target) return fail(lastError());
        if (!judge(target, path, _role)) return false;
        std::error_code error;
        const auto facts = target.facts(error);
        if (!facts) return fail(error);
        if (_opening.isFolder && facts->kind != FileKind::Folder)
            return fail(std::make_error_code(std::errc::not_a_directory));
        _target = std::move(target);
        return true;
    }

    const std::wstring _given;
    const FileOpening _opening;
    const TrustRole _role;
    const bool _makesFolders;
    std::vector<std::wstring> _rest{};  // the names to go along, the next one last
    OpenFile _folder{};
    std::wstring _here{};  // the folder's path without links
    int _links = 0;
    std::error_code _error{};
    Message _refusal{};
    OpenFile _target{};
};

}  // namespace

TrustedPath walkTrusted(const std::string& path, const FileOpening& opening, TrustRole role, bool makesFolders) {
    return Walk(path, opening, role, makesFolders).open();
}

}  // namespace carillon
