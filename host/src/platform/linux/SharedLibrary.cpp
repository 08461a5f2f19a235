#include "platform/SharedLibrary.h"

#include "posix/FileStatus.h"
#include "posix/LibraryLoading.h"

#include <fcntl.h>

#include <map>
#include <mutex>

namespace carillon {
namespace {

/// The names of all libraries that were loaded by descriptors. dlopen() takes a name that it knows for the library that
/// it knows by it, so that no number may stand for two of them: not in a process that was forked either, which
/// inherits these along with the libraries.
class DescriptorNames {
public:
    LoadedLibrary load(const OpenFile& file, const std::string& path) {
        const std::lock_guard lock(_mutex);
        std::error_code error;
        const auto facts = file.facts(error);
        if (!facts) return {nullptr, path, error.message()};
        if (const auto known = _names.find(facts->identity); known != _names.end())
            return loadByName(known->second, path);
        const OpenFile numbered(::fcntl(descriptorOf(file), F_DUPFD_CLOEXEC, _next));
        const std::string name = "/proc/self/fd/" + std::to_string(numbered.handle());
        const auto named = factsOf(name);
        if (!named || named->identity != facts->identity) return loadByName(path, path);  // without /proc
        LoadedLibrary library = loadByName(name, path);
        if (library.handle == nullptr) return library;
        _names[facts->identity] = name;
        _next = descriptorOf(numbered) + 1;
        return library;
    }

private:
    std::mutex _mutex;
    std::map<FileIdentity, std::string> _names;  // a file that is loaded keeps its inode
    int _next = 100;  // above what a process has open when it loads its first one, so that it is told apart in /proc
};

}  // namespace

LoadedLibrary loadLibrary(const OpenFile& file, const std::string& path) {
    static auto& names = *new DescriptorNames;  // libraries may be loaded until the very end
    return names.load(file, path);
}

}  // namespace carillon
