#include "Texts.h"

#include "shared/EmbeddedText.h"
#include "shared/MessageForm.h"

#include <optional>
#include <utility>
#include <vector>

namespace passerelle {

namespace english {
extern const std::vector<carillon::EmbeddedText> files;
}

namespace {

const carillon::TextsByKey& englishTexts() {
    static const carillon::TextsByKey texts = carillon::readTexts(english::files.at(0).text);
    return texts;
}

/// The values in a text that has this form: each place takes as little as it can, the last one the rest.
std::optional<Message::Values> valuesIn(std::string_view text, std::string_view form) {
    Message::Values values;
    for (;;) {
        const auto begin = form.find('{');
        const auto end = begin == std::string_view::npos ? begin : form.find('}', begin);
        if (!text.starts_with(form.substr(0, begin))) return std::nullopt;
        if (end == std::string_view::npos) return text == form ? std::optional(std::move(values)) : std::nullopt;
        text.remove_prefix(begin);
        const std::string_view name = form.substr(begin + 1, end - begin - 1);
        form.remove_prefix(end + 1);
        const std::string_view behind = form.substr(0, form.find('{'));
        const auto length = form.empty() ? text.size() : text.find(behind);
        if (length == std::string_view::npos) return std::nullopt;
        values.emplace_back(std::string(name), text.substr(0, length));
        text.remove_prefix(length);
    }
}

}  // namespace

Message say(std::string code, Message::Values values) {
    Message message = carillon::say(std::move(code), std::move(values));
    message.text = carillon::MessageForm(englishTexts(), false).say(message);
    return message;
}

namespace {

Message both(const char* code, Message first, Message second) {
    if (first.empty()) return second;
    if (second.empty()) return first;
    return say(code, {{"first", std::move(first)}, {"second", std::move(second)}});
}

}  // namespace

Message withSemicolon(Message first, Message second) {
    return both("both.semicolon", std::move(first), std::move(second));
}

Message withColon(Message first, Message second) {
    return both("both.colon", std::move(first), std::move(second));
}

Message recognise(const std::string& text, std::initializer_list<std::string_view> codes) {
    const auto& texts = englishTexts();
    for (const auto beginning : codes)
        for (auto it = texts.lower_bound(std::string(beginning)); it != texts.end() && it->first.starts_with(beginning);
             ++it) {
            auto values = valuesIn(text, it->second);
            if (!values) continue;
            for (auto& [name, value] : *values)
                if (value.text.size() < text.size()) value = recognise(value.text, codes);
            Message message = carillon::say(it->first, std::move(*values));
            message.text = text;
            return message;
        }
    return text;
}

}  // namespace passerelle
