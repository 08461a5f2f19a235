#pragma once

#include "words/Language.h"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace carillon {

/// Texts in one language, such as everything that the pages say, from a file en.properties or fr.properties.
/// Immutable, safe from any thread. A key that is not there stands for itself: a page is shown all the same, and a test
/// fails.
class Texts {
public:
    using Values = std::initializer_list<std::pair<std::string_view, std::string>>;

    /// `key = text`, a line each; `#` begins a remark.
    Texts(Language language, std::string_view file);

    Language language() const { return _language; }
    /// As BCP 47 has it: en or fr.
    std::string_view code() const { return _language == Language::French ? "fr" : "en"; }

    /// Null: there is none.
    const std::string* find(const std::string& key) const;
    /// Whether so many of a thing are one to grammar: 0 and 1 are in French.
    bool isSingular(std::int64_t n) const { return _language == Language::French ? n >= 0 && n < 2 : n == 1; }

    std::string say(const std::string& key) const;
    /// With each `{name}` replaced by its value.
    std::string say(const std::string& key, Values values) const;
    /// `key.one` or `key.many`, with `{n}` and what else is given.
    std::string count(const std::string& key, std::int64_t n, Values values = {}) const;
    /// What a name that programs use, such as that of a counter, is called: `kind.name`; without such a text it stays
    /// as it is.
    std::string word(const std::string& kind, const std::string& name) const { return word(kind, name, name); }
    /// The same, or `otherwise`.
    std::string word(const std::string& kind, const std::string& name, const std::string& otherwise) const;

    const std::map<std::string, std::string>& all() const { return _texts; }

private:
    Language _language;
    std::map<std::string, std::string> _texts{};
};

/// 1,234 or 1 234.
std::string numberText(const Texts& texts, std::int64_t number);

}  // namespace carillon
