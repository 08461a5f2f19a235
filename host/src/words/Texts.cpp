#include "words/Texts.h"

#include "shared/MessageForm.h"

#include "Poco/String.h"

#include <cstdlib>

namespace carillon {

Texts::Texts(Language language, std::string_view file) : _language(language), _texts(readTexts(file)) {}

const std::string* Texts::find(const std::string& key) const {
    const auto found = _texts.find(key);
    return found == _texts.end() ? nullptr : &found->second;
}

std::string Texts::say(const std::string& key) const {
    const std::string* text = find(key);
    return text == nullptr ? key : *text;
}

std::string Texts::say(const std::string& key, Values values) const {
    std::string text = say(key);
    for (const auto& [name, value] : values) Poco::replaceInPlace(text, '{' + std::string(name) + '}', value);
    return text;
}

std::string Texts::count(const std::string& key, std::int64_t n, Values values) const {
    std::string text = say(key + (isSingular(n) ? ".one" : ".many"), values);
    Poco::replaceInPlace(text, std::string("{n}"), numberText(*this, n));
    return text;
}

std::string Texts::word(const std::string& kind, const std::string& name, const std::string& otherwise) const {
    const auto found = _texts.find(kind + '.' + name);
    return found == _texts.end() ? otherwise : found->second;
}

std::string numberText(const Texts& texts, std::int64_t number) {
    std::string digits = std::to_string(std::abs(number));
    const std::string mark = texts.say("number.thousands") == "," ? "," : "\u202f";
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), mark);
    return number < 0 ? "\u2212" + digits : digits;
}

}  // namespace carillon
