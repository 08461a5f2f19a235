#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace carillon {

/// A path from a text of the host's, which is UTF-8. By itself std::filesystem takes a text for one of the system's,
/// and that is something else on Windows.
inline std::filesystem::path pathFrom(std::string_view text) {
    return std::u8string(text.begin(), text.end());
}

/// The text of a path, with the separators of the system.
inline std::string textOf(const std::filesystem::path& path) {
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

/// The path of what is in a folder.
inline std::string inFolder(std::string_view folder, std::string_view name) {
    return textOf(pathFrom(folder) / pathFrom(name));
}

}  // namespace carillon
