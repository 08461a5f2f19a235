#include "cli/TimeWords.h"

#include "cli/Cli.h"
#include "cli/CliTexts.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/String.h"

namespace carillon {
namespace {

bool isToday(const std::string& moment, TimePoint now) {
    return moment.substr(0, 10) == dateTimeText(now).substr(0, 10);
}

/// How far it is from now.
std::string withDistance(const std::string& moment, TimePoint at, TimePoint now) {
    return cliText(at >= now ? "time.in" : "time.ago",
                   {{"moment", moment}, {"span", spanWords(at >= now ? at - now : now - at)}});
}

}  // namespace

TypedTime typedTime(const char* option, const std::string& text, const HostConfig& host) {
    try {
        return parseTypedTime(text, *findTimeZone(host.timezone), SystemClock().now(), Toward::Past);
    } catch (const Poco::SyntaxException&) {
        throw UsageError(option + cliText("terminal.colon") + ' ' + cliText("usage.notime", {{"text", text}}));
    }
}

std::string spanWords(std::chrono::microseconds span) {
    return Poco::replace(spanText(span), std::string(" d"), ' ' + cliText("time.days"));
}

std::string dayWords(TimePoint at) {
    const std::string text = dateTimeText(at);
    return cliText("time.day", {{"year", text.substr(0, 4)}, {"month", text.substr(5, 2)}, {"day", text.substr(8, 2)}});
}

std::string dateTimeWords(TimePoint at) {
    const std::string text = dateTimeText(at);
    if (cliTexts().language() == Language::English) return text;
    return cliText("time.date", {{"day", dayWords(at)}, {"time", text.substr(11, 8)}});
}

std::string whenWords(TimePoint at, TimePoint now) {
    const std::string text = dateTimeText(at);
    if (cliTexts().language() == Language::English) return whenText(at, now);
    return withDistance(isToday(text, now) ? cliText("time.today", {{"time", text.substr(11, 8)}}) : dateTimeWords(at),
                        at, now);
}

std::string whenCell(TimePoint at, TimePoint now) {
    const std::string text = dateTimeText(at);
    return withDistance(isToday(text, now) ? text.substr(11) : text, at, now);
}

}  // namespace carillon
