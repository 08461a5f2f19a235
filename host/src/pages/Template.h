#pragma once

#include "pages/Texts.h"

#include <kainjow/mustache.hpp>

#include <string>
#include <string_view>

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
inline Fields asFlag(bool flag) {
    return flag ? Fields::type::bool_true : Fields::type::bool_false;
}

}  // namespace carillon
