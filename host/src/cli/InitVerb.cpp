#include "base/FilePath.h"
#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "cli/JobStarter.h"
#include "cli/Terminal.h"
#include "config/JobName.h"
#include "platform/FileRights.h"
#include "platform/ThisProgram.h"
#include "shared/EmbeddedText.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::sample_configuration {
extern const std::vector<EmbeddedText> files;
}
namespace carillon::plugin_project {
extern const std::vector<EmbeddedText> files;
}

namespace carillon {
namespace {

namespace fs = std::filesystem;

void writeFile(const fs::path& path, std::string_view text) {
    const TrustedPath file = trustedPath(textOf(path), Opening::WriteNew);
    const auto refuse = [&path](const std::string& reason) {
        throw Poco::CreateFileException(cliText("init.unwritten", {{"path", textOf(path)}, {"reason", reason}}));
    };
    if (!file) refuse(file.reason());
    std::error_code error;
    if (!file.file().write(text, error)) refuse(error.message());
    std::cout << cliText("init.wrote", {{"path", printable(textOf(path))}}) << '\n';
}

void makeFolder(const fs::path& path) {
    if (const TrustedPath made = trustedPathInFolders(textOf(path), Opening::LookFolder); !made)
        throw Poco::CreateFileException(cliText("init.unmade", {{"path", textOf(path)}, {"reason", made.reason()}}));
}

/// All or nothing: an existing configuration is never touched.
void writeConfiguration(const fs::path& folder) {
    std::vector<std::pair<fs::path, std::string_view>> files;
    for (const auto& file : sample_configuration::files)
        files.emplace_back(file.name == "carillon.properties" ? folder / file.name : folder / "jobs" / file.name,
                           file.text);
    const auto starter = starterOf("sync-passerelle", folder / "carillon.properties");
    if (starter) files.emplace_back(folder / starter->file, starter->text);
    for (const auto& [path, text] : files)
        if (fs::exists(path)) throw UsageError(cliText("init.exists", {{"path", textOf(path)}}));
    for (const auto* name : {"jobs", "state", "logs"}) makeFolder(folder / name);
    for (const auto& [path, text] : files) writeFile(path, text);
    const std::string file = textOf(folder / "carillon.properties");
    const bool isSplit = file.find(' ') != std::string::npos;  // by a shell
    std::cout << cliText("init.next", {{"dir", printable(textOf(folder / "jobs"))}}) << "\n  "
              << (starter ? starter->program : "carillon") << " --config "
              << printable(isSplit ? '"' + file + '"' : file) << " validate\n";
    if (starter) std::cout << starter->next;
}

// What the files of the project's template are written with, for the names of the plugin and of its job.
constexpr std::string_view kTemplateName = "NewPlugin";
constexpr std::string_view kTemplateJob = "new-plugin";

/// No name of a class: the words of C++20, and names that mean something else in the project's files.
constexpr std::string_view kTakenNames =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class "
    "compl "
    "concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default "
    "delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long "
    "mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch template this "
    "thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor "
    "xor_eq all assert carillon clean errno help install linux main package std test unix CppUnit Poco ";

void requireClassName(const std::string& name) {
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    bool good = !name.empty() && isLetter(name.front());
    for (const char c : name) good = good && (isLetter(c) || (c >= '0' && c <= '9') || c == '_');
    if (!good || name.find("__") != std::string::npos) throw UsageError(cliText("init.badclass", {{"name", name}}));
    if (kTakenNames.find(" " + name + " ") != std::string_view::npos)
        throw UsageError(cliText("init.takenclass", {{"name", name}}));
    if (name.size() > kLongestJobName / 2)
        throw UsageError(cliText("init.longclass", {{"name", name}, {"most", kLongestJobName / 2}}));
}

/// `GateKeeper` as a job is called: `gate-keeper`.
std::string jobNameOf(const std::string& name) {
    const auto isCapital = [](char c) { return c >= 'A' && c <= 'Z'; };
    std::string job;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (i > 0 && isCapital(name[i]) && !isCapital(name[i - 1]) && name[i - 1] != '_') job += '-';
        job += isCapital(name[i]) ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    }
    return job;
}

std::string replaced(std::string_view text, std::string_view what, const std::string& by) {
    std::string result;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
        result.append(text.substr(0, at)).append(by);
        text.remove_prefix(at + what.size());
    }
    return result.append(text);
}

/// The option that lets CMake find the tree to which this program belongs; empty when it does by itself.
std::string prefixOption() {
    std::error_code ignored;
    const auto prefix = pathOfThisProgram().parent_path().parent_path();
    const bool isInstalled = fs::exists(prefix / "lib/cmake/Carillon/CarillonConfig.cmake", ignored);
    if (!isInstalled || prefix == "/usr" || prefix == "/usr/local") return "";
    return " -DCMAKE_PREFIX_PATH=" + textOf(prefix);
}

/// All or nothing: only an empty folder is written to.
void writePluginProject(const fs::path& folder, const std::string& name) {
    requireClassName(name);
    std::error_code ignored;
    if (fs::exists(folder, ignored) && !fs::is_directory(folder, ignored))
        throw UsageError(cliText("init.nofolder", {{"path", textOf(folder)}}));
    if (fs::is_directory(folder, ignored) && !fs::is_empty(folder, ignored))
        throw UsageError(cliText("init.notempty", {{"path", textOf(folder)}}));
    const std::string job = jobNameOf(name);
    makeFolder(folder / "jobs");
    for (const auto& file : plugin_project::files) {
        const std::string text = replaced(replaced(file.text, kTemplateName, name), kTemplateJob, job);
        const std::string called = replaced(replaced(file.name, kTemplateName, name), kTemplateJob, job);
        writeFile(called.ends_with(kJobFileSuffix) ? folder / "jobs" / called : folder / called, text);
    }
    const std::string shown = printable(textOf(folder));
    std::cout << cliText("init.nextplugin") << "\n  cmake -S " << shown << " -B " << shown << "/build"
              << printable(prefixOption()) << "\n  cmake --build " << shown << "/build\n  ctest --test-dir " << shown
              << "/build\n";
}

}  // namespace

namespace {

/// As people write it: without `.` and `..`, and without a / at its end.
fs::path folderOf(const std::string& given) {
    const fs::path path = fs::absolute(pathFrom(given)).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

}  // namespace

void addInitVerb(Cli& cli) {
    auto folder = std::make_shared<std::string>();
    auto plugin = std::make_shared<std::optional<std::string>>();
    auto verb = cli.root.verb("init", "Write a ready configuration folder, or the project of a new plugin");
    verb.option("DIR", *folder, "The folder; made when missing").required();
    verb.option("--plugin", *plugin, "Write the project of a plugin of that name instead: a class of C++");
    verb.onRun([folder, plugin] {
        if (*plugin)
            writePluginProject(folderOf(*folder), **plugin);
        else
            writeConfiguration(folderOf(*folder));
    });
}

}  // namespace carillon
