#include "plugins/LibraryFile.h"

#include "Poco/Exception.h"
#include "Poco/Path.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace carillon {
namespace {

using Poco::LibraryLoadException;

bool isSameFile(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// The names of all libraries that were loaded by descriptors. dlopen() takes a name that it knows for the library that
/// it knows by it, so that no number may stand for two of them: not in a process that was forked either, which
/// inherits these along with the libraries.
class DescriptorNames {
public:
    LoadedLibrary load(int file, const std::string& path) {
        const std::lock_guard lock(_mutex);
        struct stat status {};
        if (::fstat(file, &status) != 0) return {nullptr, path, std::strerror(errno)};
        const auto key = std::pair(status.st_dev, status.st_ino);
        if (const auto known = _names.find(key); known != _names.end()) return open(known->second, path);
        const TrustedPath numbered(::fcntl(file, F_DUPFD_CLOEXEC, _next));
        const std::string name = "/proc/self/fd/" + std::to_string(numbered.descriptor());
        struct stat named {};
        if (::stat(name.c_str(), &named) != 0 || !isSameFile(status, named)) return open(path, path);
        LoadedLibrary library = open(name, path);
        if (library.handle == nullptr) return library;
        _names[key] = name;
        _next = numbered.descriptor() + 1;
        return library;
    }

private:
    static LoadedLibrary open(const std::string& name, const std::string& path) {
        LoadedLibrary library{::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL), name, ""};
        if (library.handle != nullptr) return library;
        library.problem = ::dlerror();
        for (const auto& own : {name, path})
            if (library.problem.starts_with(own + ": ")) library.problem.erase(0, own.size() + 2);
        for (auto at = library.problem.find(name); at != std::string::npos; at = library.problem.find(name, at))
            library.problem.replace(at, name.size(), path);
        return library;
    }

    std::mutex _mutex;
    std::map<std::pair<dev_t, ino_t>, std::string> _names;  // a file that is loaded keeps its inode
    int _next = 100;  // above what a process has open when it loads its first one, so that it is told apart in /proc
};

}  // namespace

TrustedPath openLibraryFile(const std::string& path) {
    const TrustedPath folder = trustedPath(Poco::Path(path).makeParent().toString(), O_PATH | O_DIRECTORY);
    if (!folder.refusal().empty()) throw LibraryLoadException(path + ": its folder " + folder.refusal());
    TrustedPath file = trustedPath(path, O_RDONLY | O_NONBLOCK);  // a pipe would be waited for
    struct stat status {};
    if (file && ::fstat(file.descriptor(), &status) == 0 && !S_ISREG(status.st_mode))
        throw LibraryLoadException(path + ": is no regular file");
    if (file) return file;
    throw LibraryLoadException(
        path + ": " +
        (file.refusal().empty() ? std::string(std::strerror(file.error())) + "; 'carillon plugins' lists what there is"
                                : file.refusal()));
}

LoadedLibrary loadLibraryFile(const TrustedPath& file, const std::string& path) {
    static auto& names = *new DescriptorNames;  // libraries may be loaded until the very end
    return names.load(file.descriptor(), path);
}

}  // namespace carillon
