#include "HostFolder.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "Poco/Exception.h"

namespace fs = std::filesystem;

HostFolder::HostFolder(const std::string& hostKeys) {
    std::string name = (fs::temp_directory_path() / "carillon-host.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Poco::CreateFileException(name);
    _path = name;
    fs::create_directory(_path / "jobs");
    fs::create_directory(_path / "plugins");
    ::chmod((_path / "plugins").c_str(), 0755);
    // Hosts of many tests run at once: none has the address that is the default.
    const bool hasAddress = hostKeys.find("http.address") != std::string::npos;
    write("carillon.properties",
          "plugins.dir = plugins\nhost.name = test-host\n" + hostKeys + (hasAddress ? "" : "http.address =\n"));
}

HostFolder::~HostFolder() {
    std::error_code ignored;
    fs::remove_all(_path, ignored);
}

fs::path HostFolder::write(const fs::path& name, const std::string& text) const {
    const fs::path file = _path / name;
    std::ofstream out(file, std::ios::binary);
    if (!(out << text << std::flush)) throw Poco::CreateFileException(file.string());
    out.close();
    ::chmod(file.c_str(), 0640);
    return file;
}

void HostFolder::addJob(const std::string& name, const std::string& text) const {
    write("jobs/" + name + ".properties", text);
}

fs::path HostFolder::addPlugin(const fs::path& library) const {
    const fs::path file = _path / "plugins" / library.filename();
    fs::copy_file(library, file);
    ::chmod(file.c_str(), 0755);
    return file;
}

std::string HostFolder::read(const fs::path& name) const {
    std::ifstream file(_path / name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}
