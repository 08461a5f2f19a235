#pragma once

#include "carillon/Message.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// The texts of one language by their keys.
using TextsByKey = std::map<std::string, std::string>;

/// `key = text`, a line each; `#` begins a remark.
inline TextsByKey readTexts(std::string_view file) {
    const auto trimmed = [](std::string_view text) {
        const auto begin = std::min(text.size(), text.find_first_not_of(" \t\r"));
        return std::string(text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin));
    };
    TextsByKey texts;
    while (!file.empty()) {
        const auto end = file.find('\n');
        const std::string_view line = file.substr(0, end);
        file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
        const auto equals = line.find('=');
        if (line.empty() || line.front() == '#' || equals == std::string_view::npos) continue;
        texts[trimmed(line.substr(0, equals))] = trimmed(line.substr(equals + 1));
    }
    return texts;
}

/// A whole number or one with a point as the language writes it, such as 12 345,6; another text stays as it is.
inline std::string numberInWords(std::string_view text, bool isFrench) {
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    const auto whole = digits.substr(0, std::min(digits.size(), digits.find('.')));
    const auto rest = digits.substr(std::min(digits.size(), whole.size() + 1));
    const bool isNumber = !whole.empty() && std::all_of(whole.begin(), whole.end(), isDigit) &&
                          std::all_of(rest.begin(), rest.end(), isDigit) && !digits.ends_with('.');
    if (!isNumber) return std::string(text);
    std::string number(whole);
    for (auto at = static_cast<std::ptrdiff_t>(number.size()) - 3; at > 0; at -= 3)
        number.insert(static_cast<std::size_t>(at), isFrench ? "\u202f" : ",");
    if (!rest.empty()) number.append(isFrench ? "," : ".").append(rest);
    return (text.starts_with('-') ? "\u2212" : "") + number;
}

/// How a message becomes a sentence: the form that its key has among the texts, with its values in their places.
class MessageForm {
public:
    /// What a value is in words.
    using Word = std::function<std::string(const Message& value)>;

    MessageForm(const TextsByKey& texts, bool isFrench) : _texts(texts), _isFrench(isFrench) {}

    /// The form of the key, or that of KEY.one or KEY.many, which the value `n` chooses; null: there is none.
    const std::string* find(const Message& message, const std::string& key) const {
        if (const auto* text = textOf(key)) return text;
        const Message* n = valueOf(message, "n");
        if (n == nullptr) return nullptr;
        const auto number = std::strtoll(n->text.c_str(), nullptr, 10);
        const bool isOne = _isFrench ? number >= 0 && number < 2 : number == 1;
        return textOf(key + (isOne ? ".one" : ".many"));
    }

    /// Fills places from the left to the right: a value in which a brace stands is no place. One without a value stays.
    std::string fill(std::string_view form, const Message& message, const Word& word) const {
        std::string text;
        while (!form.empty()) {
            const auto begin = form.find('{');
            const auto end = begin == std::string_view::npos ? begin : form.find('}', begin);
            if (end == std::string_view::npos) break;
            text += form.substr(0, begin);
            std::string_view name = form.substr(begin + 1, end - begin - 1);
            const bool isNumber = name.starts_with('#');
            if (isNumber) name.remove_prefix(1);
            if (const Message* value = valueOf(message, name))
                text += isNumber ? numberInWords(value->text, _isFrench) : word(*value);
            else
                text += form.substr(begin, end - begin + 1);
            form.remove_prefix(end + 1);
        }
        return text += form;
    }

    /// All of a message whose codes are keys of these texts, as a plugin makes them; a code without a text stands for
    /// itself. What has a text already keeps it.
    std::string say(const Message& message) const {
        const Word word = [this](const Message& value) { return say(value); };
        if (message.code == kJoined) return join(message, word);
        if (message.code.empty() || !message.text.empty()) return message.text;
        const std::string* form = find(message, message.code);
        return form == nullptr ? message.code : fill(*form, message, word);
    }

    static std::string join(const Message& message, const Word& word) {
        std::string text;
        for (const auto& [name, value] : message.values) text += word(value);
        return text;
    }

private:
    const std::string* textOf(const std::string& key) const {
        const auto found = _texts.find(key);
        return found == _texts.end() ? nullptr : &found->second;
    }
    static const Message* valueOf(const Message& message, std::string_view name) {
        const auto found = std::find_if(message.values.begin(), message.values.end(),
                                        [name](const auto& value) { return value.first == name; });
        return found == message.values.end() ? nullptr : &found->second;
    }

    const TextsByKey& _texts;
    const bool _isFrench;
};

}  // namespace carillon
