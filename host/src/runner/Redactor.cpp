#include "runner/Redactor.h"

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"
#include "Poco/String.h"

#include <algorithm>

namespace carillon {

void Redactor::add(const std::string& secret) {
    if (secret.size() < kShortestSecret) return;
    const auto longer = [](const std::string& a, const std::string& b) { return a.size() > b.size(); };
    _secrets.insert(std::upper_bound(_secrets.begin(), _secrets.end(), secret, longer), secret);
}

std::string Redactor::apply(std::string text) const {
    for (const auto& secret : _secrets) Poco::replaceInPlace(text, secret, std::string("[secret]"));
    return text;
}

void Redactor::applyTo(Poco::Dynamic::Var& value) const {
    if (value.isString()) {
        value = apply(value.extract<std::string>());
    } else if (value.type() == typeid(Poco::JSON::Object::Ptr)) {
        auto object = value.extract<Poco::JSON::Object::Ptr>();
        for (const auto& name : object->getNames()) {
            Poco::Dynamic::Var member = object->get(name);
            applyTo(member);
            object->set(name, member);
        }
    } else if (value.type() == typeid(Poco::JSON::Array::Ptr)) {
        auto array = value.extract<Poco::JSON::Array::Ptr>();
        for (unsigned i = 0; i < array->size(); ++i) {
            Poco::Dynamic::Var member = array->get(i);
            applyTo(member);
            array->set(i, member);
        }
    }
}

}  // namespace carillon
