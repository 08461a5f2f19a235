#include "plugins/PluginLibrary.h"

#include "base/FilePath.h"
#include "carillon/Plugin.h"
#include "plugins/LibraryFile.h"

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/SHA2Engine.h"
#include "Poco/SharedLibrary.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace carillon {
namespace {

using Poco::LibraryLoadException;

}  // namespace

std::string pluginPath(const std::string& folder, const std::string& name) {
    return inFolder(folder,
                    "lib" + name + Poco::SharedLibrary::suffix().substr(Poco::SharedLibrary::suffix().rfind('.')));
}

std::string pluginOf(const std::string& path) {
    const std::string name = textOf(pathFrom(path).stem());
    return name.starts_with("lib") ? name.substr(3) : name;
}

std::vector<std::string> listPluginFiles(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(pathFrom(folder), error))
        if ((file.path().extension() == ".so" || file.path().extension() == ".dll") &&
            !file.is_other(error))  // a pipe or a device would be read for ever
            paths.push_back(textOf(file.path()));
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string fingerprintOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return "";
    Poco::SHA2Engine engine;
    std::array<char, 65536> block{};
    while (file.read(block.data(), block.size()) || file.gcount() > 0)
        engine.update(block.data(), static_cast<std::size_t>(file.gcount()));
    return Poco::DigestEngine::digestToHex(engine.digest());
}

PluginLibrary::PluginLibrary(const std::string& path) : _path(path) {
    load();
    requireSameSdk();
    try {
        _loader.loadLibrary(_library.name, CARILLON_MANIFEST_NAME);
    } catch (const Poco::LibraryLoadException&) {
        throw LibraryLoadException(_path + ": has no tasks for this host (" CARILLON_MANIFEST_NAME
                                           "); declare them with CARILLON_TASKS_BEGIN");
    }
    for (const auto* meta : _loader.manifestFor(_library.name)) _description.tasks.emplace_back(meta->name());
}

/// Before Poco's loader does, which resolves symbols late and so would let a missing one end a run in its middle, and
/// which would open the path once more.
void PluginLibrary::load() {
    _library = loadLibrary(openLibraryFile(_path).file(), _path);
    if (_library.handle == nullptr)
        throw LibraryLoadException(_path + ": cannot be loaded: " + _library.problem +
                                   "; build it with carillon_add_plugin for this system");
}

void PluginLibrary::requireSameSdk() {
    using InfoFunction = const CarillonPluginInfo* (*)();
    const auto ask = reinterpret_cast<InfoFunction>(symbolOf(_library, "carillonPluginInfo"));
    if (ask == nullptr) throw LibraryLoadException(_path + ": is no Carillon plugin (it has no CARILLON_PLUGIN line)");
    const auto* info = ask();
    _description.path = _path;
    _description.sdkVersion = info->sdkVersion;
    if (info->sdkVersion != CARILLON_SDK_VERSION)
        throw LibraryLoadException(_path + ": is built for SDK " + std::to_string(info->sdkVersion) +
                                   ", this host has SDK " + std::to_string(CARILLON_SDK_VERSION) +
                                   "; build it again with this host's headers");
    _description.abi = info->abi;
    if (_description.abi != CARILLON_ABI)
        throw LibraryLoadException(_path + ": is built with " + _description.abi +
                                   ", this host with " CARILLON_ABI "; build both alike");
    _description.name = info->name;
    _description.version = info->version;
}

std::unique_ptr<SyncTask> PluginLibrary::create(const std::string& task) const {
    const auto& manifest = _loader.manifestFor(_library.name);
    const auto found = manifest.find(task);
    if (found != manifest.end()) return std::unique_ptr<SyncTask>(found->create());
    std::string known;
    for (const auto& name : _description.tasks) known += (known.empty() ? "" : ", ") + name;
    throw Poco::NotFoundException(_path + ": has no task " + task + "; its tasks: " + known);
}

PluginDescription PluginLibrary::describe() const {
    return _description;
}

}  // namespace carillon
