#pragma once

#include "words/Texts.h"

#include <kainjow/mustache.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a template is filled with: texts are escaped where the template has two braces.
using Fields = kainjow::mustache::data;

/// One of templates/*.html. `{{t.key}}` is a text of the page's language. Without lambdas in the fields, which there
/// are none of, it is safe from any thread.
class Template {
public:
    /// Throws Poco::LogicException when there is none of that name, or it cannot be read.
    explicit Template(std::string_view name);

    std::string render(const Fields& fields, const Texts& texts) const;

private:
    mutable kainjow::mustache::mustache _parsed;  // render() is not const, and changes nothing
};

Fields asList(std::vector<Fields> items);
/// What a reader chooses from: of each its `value`, its `words` and whether it is `chosen`. Without `words` a value is
/// shown as it is.
Fields asChoices(const std::vector<std::string>& values, const std::string& chosen,
                 const std::function<std::string(const std::string& value)>& words = {});
/// Sets `name`, and `hasName`, for a section of the template: whether there is a text.
void setText(Fields& fields, const std::string& name, const std::string& text);
inline Fields asFlag(bool flag) {
    return flag ? Fields::type::bool_true : Fields::type::bool_false;
}

}  // namespace carillon
