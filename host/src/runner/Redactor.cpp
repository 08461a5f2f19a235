#include "runner/Redactor.h"

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

}  // namespace carillon
