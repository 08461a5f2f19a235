#include "Fuzz.h"

#include "config/PropertiesFile.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace carillon;

namespace {

/// A folder of this process's own, which goes with it.
class Folder {
public:
    Folder() {
        char name[] = "/tmp/carillon-fuzz.XXXXXX";
        fuzz::require(::mkdtemp(name) != nullptr, "a folder is made");
        _path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(_path); }

    const std::string& path() const { return _path; }

private:
    std::string _path;
};

struct Loaded {
    ConfigSource source{};
    std::vector<ConfigFault> faults{};
    std::vector<ConfigFault> warnings{};
};

Loaded load(const std::string& file) {
    Loaded loaded;
    loaded.source = loadPropertiesFile(file, "/etc/carillon", loaded.faults, loaded.warnings);
    return loaded;
}

std::string sentences(const std::vector<ConfigFault>& faults) {
    std::string all;
    for (const auto& fault : faults) all += fault.sentence() + '\n';
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    const std::string file = folder.path() + "/job.properties";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << fuzz::textOf(data, size);
    ::chmod(file.c_str(), 0600);

    const Loaded first = load(file);
    const Loaded second = load(file);

    fuzz::require(first.source == second.source, "a text that is read twice gives the same");
    fuzz::require(sentences(first.faults) == sentences(second.faults), "and the same faults");
    const int lines = 1 + static_cast<int>(size);
    for (const auto& [key, entry] : first.source.entries())
        fuzz::require(entry.line >= 1 && entry.line <= lines, "a key stands on a line of the file");
    for (const auto* all : {&first.faults, &first.warnings})
        for (const auto& fault : *all) fuzz::require(fault.line >= 0 && fault.line <= lines, "and so does a fault");
    return 0;
}
