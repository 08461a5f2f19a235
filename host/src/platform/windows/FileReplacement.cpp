#include "platform/FileReplacement.h"

#include "shared/CrashPoint.h"
#include "windows/FileStatus.h"
#include "windows/TrustedWalk.h"

#include "Poco/Exception.h"

namespace carillon {
namespace {

constexpr DWORD kRetry = 20;  // milliseconds

[[noreturn]] void fail(const std::string& path, const char* what, const std::error_code& error = lastError()) {
    throw Poco::FileException(path + " " + what + ": " + error.message() + "; nothing was changed");
}

/// Where a link leads: it is the file that is replaced, not the link. The path itself when there is no such file.
std::string withoutLinks(const std::string& path) {
    const OpenFile file = openThere(wide(path), FILE_READ_ATTRIBUTES);
    std::wstring real(32'768, L'\0');
    real.resize(::GetFinalPathNameByHandleW(handleOf(file), real.data(), static_cast<DWORD>(real.size()), 0));
    if (real.starts_with(L"\\\\?\\") && !real.starts_with(L"\\\\?\\UNC")) real.erase(0, 4);
    return file && !real.empty() ? utf8(real) : path;
}

std::string folderOf(const std::string& path) {
    const auto slash = path.find_last_of("\\/");
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// The new file beside the old one; removed unless it took its place.
class Draft {
public:
    explicit Draft(const std::string& target) : _target(wide(target)), _path(_target + L".new") {
        ::DeleteFileW(_path.c_str());  // of a process that was killed; nobody else is at work
        TrustedPath made = trustedPath(utf8(_path), Opening::WriteNew, TrustRole::Secret);
        if (!made) throw Poco::FileException(utf8(_path) + " cannot be made: " + made.reason());
        _file = made.take();
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        _file.close();
        if (!_path.empty()) ::DeleteFileW(_path.c_str());
    }

    void write(std::string_view text) {
        std::error_code error;
        if (!_file.write(text, error)) fail(utf8(_path), "cannot be written", error);
        if (!::FlushFileBuffers(handleOf(_file))) fail(utf8(_path), "cannot be flushed");
        _file.close();
    }

    /// ReplaceFile() keeps owner and rights of the old one. Who reads that hinders it for a moment.
    void replaceTarget() {
        constexpr int kTries = 100;
        for (int i = 0; i < kTries; ++i) {
            if (::ReplaceFileW(_target.c_str(), _path.c_str(), nullptr, 0, nullptr, nullptr)) return _path.clear();
            const bool isFirst = ::GetLastError() == ERROR_FILE_NOT_FOUND;
            if (isFirst && ::MoveFileExW(_path.c_str(), _target.c_str(), MOVEFILE_WRITE_THROUGH)) return _path.clear();
            ::Sleep(kRetry);
        }
        fail(utf8(_target), "cannot be replaced");
    }

private:
    std::wstring _target;
    std::wstring _path;
    OpenFile _file{};
};

}  // namespace

/// The lock is a file beside it, since a folder cannot be locked and the file itself is another one after each change.
FileReplacement::FileReplacement(const std::string& path) : _path(withoutLinks(path)) {
    const std::string folder = folderOf(_path);
    if (const TrustedPath judged = trustedPath(folder, Opening::LookFolder); !judged) {
        if (!judged.refusal().empty()) throw Poco::FileException(folder + ": " + judged.refusal().text);
        fail(folder, "cannot be opened", judged.error());
    }
    TrustedPath lock = trustedPath(_path + ".lock", Opening::ReadWrite);
    if (!lock) throw Poco::FileException(_path + ".lock: " + lock.reason());
    _lock = lock.take();
    while (!tryLock(_lock)) ::Sleep(kRetry);
}

void FileReplacement::replace(std::string_view text, std::string_view crashPlace) const {
    Draft draft(_path);
    draft.write(text);
    crashPoint(crashPlace);
    draft.replaceTarget();
}

}  // namespace carillon
