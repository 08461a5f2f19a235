#include "pages/Template.h"

#include "pages/PageTexts.h"
#include "pages/Wording.h"
#include "shared/EmbeddedText.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace carillon {

namespace page_templates {
extern const std::vector<EmbeddedText> files;
}

namespace {

/// Without the blanks that lines begin with: the templates are read by people, and each blank costs time.
std::string withoutIndents(std::string_view text) {
    std::string tight;
    bool atBegin = true;
    for (const char c : text) {
        if (atBegin && c == ' ') continue;
        atBegin = c == '\n';
        tight += c;
    }
    return tight;
}

std::string textOf(std::string_view name) {
    const auto& files = page_templates::files;
    const auto found = std::find_if(files.begin(), files.end(), [name](const auto& file) { return file.name == name; });
    if (found == files.end()) throw Poco::LogicException("there is no template " + std::string(name));
    return withoutIndents(found->text);
}

using Phrases = std::unordered_map<std::string, Fields>;

Phrases phrasesOf(Language language) {
    Phrases phrases;
    for (const auto& [key, text] : pageTexts(language).all()) phrases.emplace("t." + key, Fields(text));
    return phrases;
}

class PageContext : public kainjow::mustache::context<std::string> {
public:
    PageContext(const Fields& fields, const Texts& texts) : context(&fields), _phrases(of(texts.language())) {}

    const Fields* get(const std::string& name) const override {
        if (!name.starts_with("t.")) return context::get(name);
        const auto found = _phrases.find(name);
        return found == _phrases.end() ? nullptr : &found->second;
    }

private:
    static const Phrases& of(Language language) {
        static const Phrases english = phrasesOf(Language::English);
        static const Phrases french = phrasesOf(Language::French);
        return language == Language::French ? french : english;
    }

    const Phrases& _phrases;
};

}  // namespace

Template::Template(std::string_view name) : _parsed(textOf(name)) {
    _parsed.set_custom_escape([](const std::string& text) { return escapeHtml(text); });
    if (!_parsed.is_valid()) throw Poco::LogicException(std::string(name) + ": " + _parsed.error_message());
}

std::string Template::render(const Fields& fields, const Texts& texts) const {
    PageContext context(fields, texts);
    struct Text {
        std::string all{};
        Text& operator<<(const std::string& part) {
            all += part;
            return *this;
        }
    } text;
    _parsed.render(static_cast<kainjow::mustache::basic_context<std::string>&>(context), text);
    return std::move(text.all);
}

Fields asList(std::vector<Fields> items) {
    Fields list{Fields::type::list};
    for (auto& item : items) list.push_back(std::move(item));
    return list;
}

Fields asChoices(const std::vector<std::string>& values, const std::string& chosen,
                 const std::function<std::string(const std::string& value)>& words) {
    std::vector<Fields> items;
    for (const auto& value : values) {
        Fields fields("value", value);
        fields.set("words", words ? words(value) : value);
        fields.set("chosen", asFlag(value == chosen));
        items.push_back(std::move(fields));
    }
    return asList(std::move(items));
}

void setText(Fields& fields, const std::string& name, const std::string& text) {
    fields.set(name, text);
    fields.set("has" + std::string(1, static_cast<char>(name.front() - 'a' + 'A')) + name.substr(1),
               asFlag(!text.empty()));
}

}  // namespace carillon
