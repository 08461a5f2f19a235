#pragma once

#include <filesystem>
#include <string>

/// A host's configuration in a folder of its own, which only this user may read, removed with the object: jobs/,
/// plugins/, state/ and logs/ beside carillon.properties. Make it in setUp() or in the test.
class HostFolder {
public:
    /// `hostKeys`: further lines of carillon.properties.
    explicit HostFolder(const std::string& hostKeys = {});
    ~HostFolder();
    HostFolder(const HostFolder&) = delete;
    HostFolder& operator=(const HostFolder&) = delete;

    const std::filesystem::path& path() const { return _path; }
    std::string config() const { return (_path / "carillon.properties").string(); }

    /// Writes a file below the folder, mode 0640.
    std::filesystem::path write(const std::filesystem::path& name, const std::string& text) const;
    /// jobs/NAME.properties.
    void addJob(const std::string& name, const std::string& text) const;
    /// Copies the library, so that no mode of the build's own files matters.
    std::filesystem::path addPlugin(const std::filesystem::path& library) const;

    /// The text of a file below the folder; empty when it is not there.
    std::string read(const std::filesystem::path& name) const;
    std::string log(const std::string& job) const { return read("logs/" + job + ".log"); }

private:
    std::filesystem::path _path{};
};
