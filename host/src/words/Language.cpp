#include "words/Language.h"

#include <cstdlib>
#include <string_view>

namespace carillon {

Language preferredLanguage() {
    for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
            return std::string_view(value).substr(0, std::string_view(value).find_first_of("_.@")) == "fr"
                       ? Language::French
                       : Language::English;
    return Language::English;
}

}  // namespace carillon
