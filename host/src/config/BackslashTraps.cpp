#include "config/BackslashTraps.h"

#include "words/HostTexts.h"

#include "Poco/Ascii.h"
#include "Poco/String.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kBlank = " \t";

bool isOfAName(char c) {
    return Poco::Ascii::isAlphaNumeric(c) || c == '_' || c == '-' || c == '.';
}

/// The key that a line would be, if it were none of another value; every key here has a dot. Empty: it looks like none.
std::string keyLikeBeginning(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return "";
    const std::string key = Poco::trim(std::string(line.substr(0, equals)));
    const bool isKey = !key.empty() && Poco::Ascii::isAlpha(key.front()) && key.find('.') != std::string::npos &&
                       std::all_of(key.begin(), key.end(), isOfAName);
    return isKey ? key : "";
}

/// Why a line was hardly meant to continue the one before; empty: it may well be.
Message whyNoContinuation(std::string_view line, int number) {
    const std::size_t begin = line.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return sayHost("backslash.end");
    if (line[begin] == '#' || line[begin] == '!') return sayHost("backslash.comment", {{"line", number}});
    const std::string key = keyLikeBeginning(line);
    return key.empty() ? Message() : sayHost("backslash.key", {{"line", number}, {"key", key}});
}

/// Drive or server of Windows, where `\n` is the beginning of a name.
bool looksLikePath(std::string_view value) {
    if (value.starts_with("\\\\")) return true;
    const std::size_t colon = value.find(":\\");
    return colon != std::string_view::npos && colon > 0 && Poco::Ascii::isAlpha(value[colon - 1]);
}

/// Of the escapes that properties know, \t, \r, \n and \f may be meant; before any other letter a backslash vanishes.
bool hasLostBackslash(std::string_view value) {
    constexpr std::string_view kEscapes = "trnf";
    for (std::size_t at = value.find('\\'); at != std::string_view::npos && at + 1 < value.size();
         at = value.find('\\', at + 2)) {
        const char next = value[at + 1];
        const bool isEscape = kEscapes.find(next) != std::string_view::npos;
        if (Poco::Ascii::isAlphaNumeric(next) && (!isEscape || looksLikePath(value))) return true;
    }
    return false;
}

}  // namespace

bool continuesOnNextLine(std::string_view line) {
    const auto last = line.find_last_not_of('\\');
    return (line.size() - (last == std::string_view::npos ? 0 : last + 1)) % 2 == 1;
}

void warnOfBackslashes(const std::string& file, const WrittenKey& key, std::vector<ConfigFault>& warnings) {
    for (std::size_t i = 0; i < key.lines.size(); ++i) {
        const int number = key.line + static_cast<int>(i);
        std::string_view value = key.lines[i];
        if (i == 0) value.remove_prefix(std::min(value.find_first_of("=:"), value.size() - 1) + 1);
        value.remove_prefix(std::min(value.find_first_not_of(kBlank), value.size()));
        if (hasLostBackslash(value)) warnings.push_back({file, number, key.name, sayHost("backslash.lost")});
        if (!continuesOnNextLine(key.lines[i])) continue;
        Message why = whyNoContinuation(i + 1 < key.lines.size() ? key.lines[i + 1] : std::string_view(), number + 1);
        if (!why.empty()) warnings.push_back({file, number, key.name, std::move(why)});
    }
}

}  // namespace carillon
