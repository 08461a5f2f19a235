#include "schedule/ScheduleWords.h"

#include "schedule/EnglishWords.h"
#include "schedule/FrenchWords.h"
#include "schedule/Schedule.h"

#include <cstdlib>

namespace carillon {

std::string scheduleInWords(std::string_view text, Language language) {
    Schedule::parse(text, "UTC", "");  // refuses dates that never come
    const auto expression = parseScheduleExpression(text);
    return language == Language::French ? FrenchWords().say(expression) : EnglishWords().say(expression);
}

Language preferredLanguage() {
    for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
            return std::string_view(value).substr(0, std::string_view(value).find_first_of("_.@")) == "fr"
                       ? Language::French
                       : Language::English;
    return Language::English;
}

}  // namespace carillon
