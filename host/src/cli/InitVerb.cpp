#include "carillon/EmbeddedText.h"
#include "cli/Cli.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

namespace carillon::sample_configuration {
extern const std::vector<EmbeddedText> files;
}

namespace carillon {
namespace {

namespace fs = std::filesystem;

void writeFile(const fs::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    if (!(file << text << std::flush))
        throw Poco::CreateFileException(path.string() + " cannot be written: " + std::strerror(errno));
    std::cout << "wrote " << path.string() << '\n';
}

/// All or nothing: an existing configuration is never touched.
void writeConfiguration(const fs::path& folder) {
    std::vector<std::pair<fs::path, std::string_view>> files;
    for (const auto& file : sample_configuration::files)
        files.emplace_back(file.name == "carillon.properties" ? folder / file.name : folder / "jobs" / file.name,
                           file.text);
    for (const auto& [path, text] : files)
        if (fs::exists(path)) throw UsageError(path.string() + " exists already; nothing was written");
    std::error_code error;
    for (const auto* name : {"jobs", "state", "logs"}) {
        fs::create_directories(folder / name, error);
        if (error) throw Poco::CreateFileException((folder / name).string() + " cannot be made: " + error.message());
    }
    for (const auto& [path, text] : files) writeFile(path, text);
    std::cout << "Next: fill in jobs/sync-passerelle.properties, then\n  carillon --config "
              << (folder / "carillon.properties").string() << " validate\n";
}

}  // namespace

void addInitVerb(Cli& cli) {
    auto folder = std::make_shared<std::string>();
    auto* verb = cli.app.add_subcommand("init", "Write a ready configuration folder");
    verb->add_option("DIR", *folder, "The folder; made when missing")->required();
    verb->callback([folder] { writeConfiguration(fs::absolute(*folder)); });
}

}  // namespace carillon
