#include "cli/Cli.h"
#include "cli/Terminal.h"
#include "shared/EmbeddedText.h"
#include "shared/TrustedPath.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>

namespace carillon::sample_configuration {
extern const std::vector<EmbeddedText> files;
}

namespace carillon {
namespace {

namespace fs = std::filesystem;

void writeFile(const fs::path& path, std::string_view text) {
    const TrustedPath file = trustedPath(path, O_WRONLY | O_CREAT | O_EXCL, TrustRole::Target, 0640);
    if (!file) throw Poco::CreateFileException(path.string() + " cannot be written: " + file.reason());
    while (!text.empty()) {
        const ssize_t n = ::write(file.descriptor(), text.data(), text.size());
        if (n < 0 && errno != EINTR)
            throw Poco::CreateFileException(path.string() + " cannot be written: " + std::strerror(errno));
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    std::cout << "wrote " << printable(path.string()) << '\n';
}

/// All or nothing: an existing configuration is never touched.
void writeConfiguration(const fs::path& folder) {
    std::vector<std::pair<fs::path, std::string_view>> files;
    for (const auto& file : sample_configuration::files)
        files.emplace_back(file.name == "carillon.properties" ? folder / file.name : folder / "jobs" / file.name,
                           file.text);
    for (const auto& [path, text] : files)
        if (fs::exists(path)) throw UsageError(path.string() + " exists already; nothing was written");
    for (const auto* name : {"jobs", "state", "logs"})
        if (const TrustedPath made = trustedPathInFolders(folder / name, O_PATH | O_DIRECTORY); !made)
            throw Poco::CreateFileException((folder / name).string() + " cannot be made: " + made.reason());
    for (const auto& [path, text] : files) writeFile(path, text);
    std::cout << "Next: fill in jobs/sync-passerelle.properties, then\n  carillon --config "
              << printable((folder / "carillon.properties").string()) << " validate\n";
}

}  // namespace

void addInitVerb(Cli& cli) {
    auto folder = std::make_shared<std::string>();
    auto verb = cli.root.verb("init", "Write a ready configuration folder");
    verb.option("DIR", *folder, "The folder; made when missing").required();
    verb.onRun([folder] { writeConfiguration(fs::absolute(*folder)); });
}

}  // namespace carillon
