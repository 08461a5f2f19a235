#include "alerts/AlertQuery.h"

#include "schedule/TypedTime.h"

#include "Poco/Exception.h"

namespace carillon {
namespace {

template <class Enum>
std::optional<Enum> wordOf(const char* name, const std::string& word) {
    if (word.empty()) return std::nullopt;
    if (const auto value = enumOf<Enum>(word)) return value;
    std::string names;
    for (const auto known : kEnumNames<Enum>) names.append(names.empty() ? "" : ", ").append(known);
    throw Poco::SyntaxException(std::string(name) + " = " + word + ", expected one of " + names);
}

TypedTime timeOf(const char* name, const std::string& word, const TimeZone& zone, TimePoint now) {
    try {
        return parseTypedTime(word, zone, now, Toward::Past);
    } catch (const Poco::SyntaxException& e) {
        throw Poco::SyntaxException(std::string(name) + ": " + e.message());
    }
}

}  // namespace

void apply(const AlertWords& words, const TimeZone& zone, TimePoint now, AlertQuery& query) {
    query.job = words.job;
    query.kind = wordOf<AlertKind>("kind", words.kind);
    query.channel = wordOf<AlertChannel>("channel", words.channel);
    query.phase = wordOf<AlertPhase>("state", words.state);
    if (!words.since.empty()) query.since = timeOf("since", words.since, zone, now).from;
    if (!words.until.empty()) query.until = timeOf("until", words.until, zone, now).until;
}

}  // namespace carillon
