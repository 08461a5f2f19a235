#include "access/AccountFile.h"

#include "access/Account.h"
#include "base/TextFile.h"
#include "shared/CrashPoint.h"

#include "Poco/Exception.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

namespace carillon {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what) {
    throw Poco::FileException(path + " " + what + ": " + std::strerror(errno) + "; nothing was changed");
}

/// Where a link leads: it is the file that is replaced, not the link.
std::string withoutLinks(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    // One that leads nowhere yet is none for weakly_canonical().
    const auto target =
        fs::is_symlink(path, error) ? fs::path(path).parent_path() / fs::read_symlink(path, error) : fs::path(path);
    const auto real = fs::weakly_canonical(target, error);
    return error ? path : real.string();
}

/// The new file beside the old one; removed unless it took its place.
class Draft {
public:
    explicit Draft(const std::string& target) : _target(target), _path(target + ".new") {
        ::unlink(_path.c_str());  // of a process that was killed; nobody else is at work
        _file = ::open(_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (_file < 0) fail(_path, "cannot be made");
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        ::close(_file);
        if (!_path.empty()) ::unlink(_path.c_str());
    }

    void write(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t n = ::write(_file, text.data(), text.size());
            if (n < 0 && errno != EINTR) fail(_path, "cannot be written");
            if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    void takeOwnerAndMode(int folder) const {
        struct stat old {};
        const bool exists = ::stat(_target.c_str(), &old) == 0;
        if (!exists && ::fstat(folder, &old) != 0) fail(_target, "has no folder");
        struct stat own {};
        if (::fstat(_file, &own) != 0) fail(_path, "cannot be looked at");
        const bool differs = own.st_uid != old.st_uid || own.st_gid != old.st_gid;
        if (differs && (exists || ::geteuid() == 0) && ::fchown(_file, old.st_uid, old.st_gid) != 0)
            fail(_target, "belongs to another user or group, which this one cannot keep; run it as that user or root");
        if (::fchmod(_file, exists ? old.st_mode & 0640 : 0640) != 0) fail(_path, "cannot get its mode");
    }

    void replaceTarget(int folder) {
        if (::fsync(_file) != 0) fail(_path, "cannot be flushed");
        crashPoint("accounts.written");
        if (::rename(_path.c_str(), _target.c_str()) != 0) fail(_target, "cannot be replaced");
        _path.clear();
        ::fsync(folder);  // the new file is in force; a loss of power may at worst bring back the old one
    }

private:
    std::string _target;
    std::string _path;
    int _file = -1;
};

}  // namespace

Accounts readAccountFile(const std::string& path, std::vector<ConfigFault>& faults) {
    const TextFile file = readTextFile(path, TrustRole::Secret);
    if (file.error == ENOENT) return {};
    if (file.error != 0) faults.push_back({path, 0, "", file.failure});
    if (file.flaw) faults.push_back({path, file.flaw->line, "", file.flaw->sentence()});
    if (file.error != 0 || file.flaw) return {};
    const std::size_t before = faults.size();
    Accounts accounts = parseAccounts(file.text, path, faults);
    return faults.size() == before ? accounts : Accounts{};
}

AccountFileChange::AccountFileChange(const std::string& path) : _path(withoutLinks(path)) {
    const std::string folder = std::filesystem::path(_path).parent_path().string();
    TrustedPath trusted = trustedPath(folder, O_RDONLY | O_DIRECTORY);
    if (!trusted.refusal().empty()) throw Poco::FileException(folder + ": " + trusted.refusal());
    errno = trusted.error();
    _folder = trusted.take();
    if (_folder < 0) fail(folder, "cannot be opened");
    while (::flock(_folder, LOCK_EX) != 0)
        if (errno != EINTR) {
            const int error = errno;
            ::close(_folder);
            errno = error;
            fail(folder, "cannot be locked");
        }
    std::vector<ConfigFault> faults;
    accounts = readAccountFile(_path, faults);
    if (faults.empty()) return;
    ::close(_folder);
    std::string all;
    for (const auto& fault : faults) all += (all.empty() ? "" : "\n") + fault.sentence();
    throw Poco::DataFormatException(all);
}

AccountFileChange::~AccountFileChange() {
    ::close(_folder);
}

void AccountFileChange::save() const {
    Draft draft(_path);
    draft.write(formatAccounts(accounts));
    draft.takeOwnerAndMode(_folder);
    draft.replaceTarget(_folder);
}

}  // namespace carillon
