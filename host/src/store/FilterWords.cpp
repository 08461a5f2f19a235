#include "store/FilterWords.h"

#include "carillon/Duration.h"
#include "schedule/TypedTime.h"

#include "Poco/Exception.h"

namespace carillon {
namespace {

template <class Enum>
std::string namesOf() {
    std::string names;
    for (const auto name : kEnumNames<Enum>) names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
}

[[noreturn]] void refuse(const char* name, const std::string& word, const std::string& expected) {
    throw Poco::SyntaxException(std::string(name) + " = " + word + ", expected " + expected);
}

TypedTime timeOf(const char* name, const std::string& word, const TimeZone& zone, TimePoint now) {
    try {
        return parseTypedTime(word, zone, now, Toward::Past);
    } catch (const Poco::SyntaxException& e) {
        throw Poco::SyntaxException(std::string(name) + ": " + e.message());
    }
}

template <class Query>
void applyTimes(const FilterWords& words, const TimeZone& zone, TimePoint now, Query& query) {
    if (!words.since.empty()) query.since = timeOf("since", words.since, zone, now).from;
    if (!words.until.empty()) query.until = timeOf("until", words.until, zone, now).until;
    if (!words.trigger.empty()) {
        query.trigger = enumOf<Trigger>(words.trigger);
        if (!query.trigger) refuse("trigger", words.trigger, "one of " + namesOf<Trigger>());
    }
    query.text = words.text;
}

}  // namespace

void apply(const FilterWords& words, const TimeZone& zone, TimePoint now, RunQuery& query) {
    applyTimes(words, zone, now, query);
    query.running = words.outcome == "running";
    if (!words.outcome.empty() && !query.running) {
        query.outcome = enumOf<Outcome>(words.outcome);
        if (!query.outcome) refuse("outcome", words.outcome, "one of " + namesOf<Outcome>() + ", running");
    }
    if (words.longer.empty()) return;
    const auto longer = parseDuration(words.longer);
    if (!longer) refuse("longer", words.longer, "a duration such as 30s or 5m");
    query.longer = *longer;
    query.now = now;
}

void apply(const FilterWords& words, const TimeZone& zone, TimePoint now, SlotQuery& query) {
    applyTimes(words, zone, now, query);
    if (words.outcome.empty()) return;
    query.ending = enumOf<SlotEnding>(words.outcome);
    if (!query.ending) refuse("end", words.outcome, "one of " + namesOf<SlotEnding>());
}

}  // namespace carillon
