#include "schedule/CronExpression.h"

#include "base/LogText.h"
#include "base/OddCharacter.h"
#include "carillon/Duration.h"
#include "schedule/CronFieldParser.h"
#include "schedule/ScheduleError.h"

#include "Poco/String.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kShortest = 1s;
constexpr const char* kShapes =
    "5 fields (minute, hour, day of month, month, weekday), 6 with the second first, @daily or the like, or every 90s";

constexpr std::pair<std::string_view, std::string_view> kNicknames[] = {
    {"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
    {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}};

std::vector<std::string_view> splitWords(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    std::vector<std::string_view> words;
    for (std::size_t at = text.find_first_not_of(kBlank); at != std::string_view::npos;) {
        const std::size_t end = text.find_first_of(kBlank, at);
        words.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(kBlank, end);
    }
    return words;
}

[[noreturn]] void refuse(std::string_view text, const std::string& problem) {
    throw ScheduleError("schedule '" + std::string(text) + "'" + problem);
}

CronExpression parseFields(const std::vector<std::string_view>& words, std::string_view text) {
    CronExpression cron;
    cron.hasSeconds = words.size() == kCronUnits;
    std::size_t unit = kCronUnits - words.size();
    if (!cron.hasSeconds) cron.fields[0].items.push_back({CronItem::Kind::Value});
    for (std::string_view word : words) {
        const auto field = static_cast<CronUnit>(unit);
        if (field == CronUnit::Weekday && word.starts_with('&')) {
            cron.bothDays = true;
            word.remove_prefix(1);
        }
        cron.fields[unit++] = CronFieldParser(field, text).parse(word);
    }
    return cron;
}

ScheduleExpression parseNickname(const std::vector<std::string_view>& words, std::string_view text) {
    const std::string name = Poco::toLower(std::string(words[0]));
    if (name == "@reboot")
        refuse(text, " names no time: expected a due time such as @daily (a job that runs at start has none)");
    const auto* const found = std::find_if(std::begin(kNicknames), std::end(kNicknames),
                                           [&](const auto& nickname) { return nickname.first == name; });
    if (found == std::end(kNicknames))
        refuse(text, " begins with " + std::string(words[0]) +
                         ", expected @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually or @every 90s");
    if (words.size() > 1) refuse(text, " has " + std::string(words[1]) + " after " + name + ", expected nothing there");
    return parseFields(splitWords(found->second), text);
}

std::chrono::milliseconds parseEvery(const std::vector<std::string_view>& words, std::string_view text) {
    const std::string first(words[0]);
    const auto length = words.size() == 2 ? parseDuration(words[1]) : std::nullopt;
    if (!length || *length < kShortest || *length > kLongestEvery)
        refuse(text, ": expected one duration after " + first + ", such as 90s, 5m or 2h (1s to 366d)");
    return *length;
}

}  // namespace

bool CronExpression::usesSeed() const {
    return std::any_of(fields.begin(), fields.end(), [](const CronField& field) {
        return std::any_of(field.items.begin(), field.items.end(),
                           [](const CronItem& item) { return item.kind == CronItem::Kind::Hash; });
    });
}

ScheduleExpression parseScheduleExpression(std::string_view text) {
    if (const std::string odd = describeOddCharacter(text); !odd.empty()) refuse(toUtf8(text), " has " + odd);
    const auto words = splitWords(text);
    if (words.empty()) refuse(text, std::string(" is empty, expected ") + kShapes);
    const std::string first = Poco::toLower(std::string(words[0]));
    if (first == "every" || first == "@every") return parseEvery(words, text);
    if (first.starts_with('@')) return parseNickname(words, text);
    if (words.size() == kCronUnits || words.size() == kCronUnits - 1) return parseFields(words, text);
    refuse(text, " has " + std::to_string(words.size()) + (words.size() == 1 ? " field" : " fields") + ", expected " +
                     kShapes + (words.size() == kCronUnits + 1 ? "; there is no year field" : ""));
}

}  // namespace carillon
