#include "pages/Texts.h"

#include "pages/Wording.h"
#include "shared/EmbeddedText.h"

#include "Poco/String.h"

#include <vector>

namespace carillon {

namespace page_texts {
extern const std::vector<EmbeddedText> files;  // en, fr
}

const Texts& Texts::of(Language language) {
    static const Texts english(Language::English, page_texts::files.at(0).text);
    static const Texts french(Language::French, page_texts::files.at(1).text);
    return language == Language::French ? french : english;
}

Texts::Texts(Language language, std::string_view file) : _language(language) {
    while (!file.empty()) {
        const auto end = file.find('\n');
        const std::string line(file.substr(0, end));
        file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
        const auto equals = line.find('=');
        if (line.empty() || line.front() == '#' || equals == std::string::npos) continue;
        _texts[Poco::trim(line.substr(0, equals))] = Poco::trim(line.substr(equals + 1));
    }
}

std::string Texts::say(const std::string& key) const {
    const auto found = _texts.find(key);
    return found == _texts.end() ? key : found->second;
}

std::string Texts::say(const std::string& key, Values values) const {
    std::string text = say(key);
    for (const auto& [name, value] : values) Poco::replaceInPlace(text, '{' + std::string(name) + '}', value);
    return text;
}

std::string Texts::count(const std::string& key, std::int64_t n, Values values) const {
    const bool one = _language == Language::French ? n < 2 : n == 1;
    std::string text = say(key + (one ? ".one" : ".many"), values);
    Poco::replaceInPlace(text, std::string("{n}"), numberText(*this, n));
    return text;
}

std::string Texts::word(const std::string& kind, const std::string& name, const std::string& otherwise) const {
    const auto found = _texts.find(kind + '.' + name);
    return found == _texts.end() ? otherwise : found->second;
}

}  // namespace carillon
