#pragma once

#include "carillon/SyncTask.h"
#include "platform/SharedLibrary.h"
#include "record/TaskMessage.h"

#include "Poco/ClassLoader.h"

#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// The path of the plugin `name` in `folder`: FOLDER/libNAME.so.
std::string pluginPath(const std::string& folder, const std::string& name);

/// The name of the plugin at that path.
std::string pluginOf(const std::string& path);

/// All candidates in the folder, sorted; empty when it cannot be read.
std::vector<std::string> listPluginFiles(const std::string& folder);

/// SHA-256 of a file, lower-case hex; empty when it cannot be read.
std::string fingerprintOf(const std::string& path);

/// One loaded plugin. To be used in a worker process, or in the host for tasks that it trusts (TaskThread): loading
/// runs the library's static constructors, and the library is never unloaded, so that no object, exception or type of
/// it can outlive its code.
class PluginLibrary {
public:
    /// Throws Poco::LibraryLoadException with a sentence that names the library and the way out: a file or folder that
    /// is not trusted (FileRights.h), no library, no plugin, another SDK, another ABI.
    explicit PluginLibrary(const std::string& path);
    PluginLibrary(const PluginLibrary&) = delete;
    PluginLibrary& operator=(const PluginLibrary&) = delete;

    /// Throws Poco::NotFoundException with the tasks that there are; passes on what the task's constructor throws.
    std::unique_ptr<SyncTask> create(const std::string& task) const;

    /// All but the fingerprint.
    PluginDescription describe() const;

private:
    void load();
    void requireSameSdk();

    std::string _path;
    LoadedLibrary _library;
    Poco::ClassLoader<SyncTask> _loader;
    PluginDescription _description;
};

}  // namespace carillon
