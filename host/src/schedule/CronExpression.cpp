#include "schedule/CronExpression.h"

#include "base/LogText.h"
#include "carillon/Duration.h"
#include "schedule/CronFieldParser.h"
#include "schedule/ScheduleError.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include "Poco/String.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kShortest = 1s;

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

[[noreturn]] void refuse(std::string_view text, const char* key, Message::Values values = {}) {
    values.emplace_back("text", text);
    throw ScheduleError(sayHost(key, std::move(values)));
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
    if (name == "@reboot") refuse(text, "cron.reboot");
    const auto* const found = std::find_if(std::begin(kNicknames), std::end(kNicknames),
                                           [&](const auto& nickname) { return nickname.first == name; });
    if (found == std::end(kNicknames)) refuse(text, "cron.nickname", {{"word", words[0]}});
    if (words.size() > 1) refuse(text, "cron.behindname", {{"word", words[1]}, {"name", name}});
    return parseFields(splitWords(found->second), text);
}

std::chrono::milliseconds parseEvery(const std::vector<std::string_view>& words, std::string_view text) {
    const auto length = words.size() == 2 ? parseDuration(words[1]) : std::nullopt;
    if (!length || *length < kShortest || *length > kLongestEvery) refuse(text, "cron.every", {{"word", words[0]}});
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
    if (const Message odd = describeOddCharacter(text); !odd.empty()) refuse(toUtf8(text), "cron.odd", {{"odd", odd}});
    const auto words = splitWords(text);
    if (words.empty()) refuse(text, "cron.empty", {{"shapes", sayHost("cron.shapes")}});
    const std::string first = Poco::toLower(std::string(words[0]));
    if (first == "every" || first == "@every") return parseEvery(words, text);
    if (first.starts_with('@')) return parseNickname(words, text);
    if (words.size() == kCronUnits || words.size() == kCronUnits - 1) return parseFields(words, text);
    refuse(text, words.size() == kCronUnits + 1 ? "cron.year" : "cron.fields",
           {{"n", words.size()}, {"shapes", sayHost("cron.shapes")}});
}

}  // namespace carillon
