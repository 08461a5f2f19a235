#include "words/PluginTexts.h"

#include "base/FilePath.h"
#include "base/TextFile.h"
#include "words/FileWords.h"

#include <filesystem>
#include <set>

namespace carillon {
namespace {

constexpr std::string_view kSuffix = ".properties";

/// Why not; empty: the text is in `text`.
std::string readBounded(const std::filesystem::path& path, std::string& text) {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(path, error); !error && size > PluginTexts::kMostBytes)
        return "is larger than " + std::to_string(PluginTexts::kMostBytes >> 10) + " KB";
    TextFile file = readTextFile(textOf(path));
    if (file.error) return sayFailure(file);
    if (file.flaw) return sayFlaw(*file.flaw);
    text = std::move(file.text);
    return "";
}

}  // namespace

PluginTexts::PluginTexts(const std::string& folder, const Refused& refused) {
    std::set<std::filesystem::path> paths;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(pathFrom(folder), error))
        if (file.path().extension() == kSuffix) paths.insert(file.path());
    for (const auto& path : paths) {
        const std::string name = textOf(path.stem());
        const bool isFrench = name.ends_with(".fr");
        if (!isFrench && !name.ends_with(".en")) continue;
        if (_files.size() == kMostFiles) {
            refused(textOf(path), "is one too many");
            return;
        }
        std::string text;
        if (const std::string why = readBounded(path, text); !why.empty())
            refused(textOf(path), why);
        else
            _files.try_emplace(name, isFrench ? Language::French : Language::English, text);
    }
}

PluginTexts::PluginTexts(const std::string& folder, const std::string& plugin, Language language) {
    const std::string name = plugin + (language == Language::French ? ".fr" : ".en");
    std::string text;
    if (readBounded(pathFrom(inFolder(folder, name + std::string(kSuffix))), text).empty())
        _files.try_emplace(name, language, text);
}

const Texts& PluginTexts::of(const std::string& plugin, Language language) const {
    static const Texts none(Language::English, "");
    const auto found = _files.find(plugin + (language == Language::French ? ".fr" : ".en"));
    return found == _files.end() ? none : found->second;
}

}  // namespace carillon
