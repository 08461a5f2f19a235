#include "pages/Wording.h"

#include "carillon/VisibleText.h"
#include "schedule/LocalTime.h"

#include <array>
#include <cstdlib>

namespace carillon {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor;
using std::chrono::microseconds;

/// The digits of toLocalRfc3339(), `2026-11-27T18:36:01+01:00`.
std::string localText(const Reader& reader, TimePoint at) {
    return toLocalRfc3339(floor<std::chrono::seconds>(at), *reader.zone);
}

std::string twoDigits(std::int64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string withUnit(const Texts& texts, std::int64_t number, const char* unit) {
    return std::to_string(number) + ' ' + texts.say(std::string("unit.") + unit);
}

}  // namespace

std::string inWords(const Reader& reader, const Message& message) {
    return inWords(message, reader.texts.language(), reader.plugins ? *reader.plugins : PluginTexts());
}

std::string languageOf(const Reader& reader, const Message& message) {
    const auto language =
        languageOf(message, reader.texts.language(), reader.plugins ? *reader.plugins : PluginTexts());
    return language == Language::French ? "fr" : "en";
}

std::string durationText(const Texts& texts, microseconds length) {
    if (length < 1s) return withUnit(texts, length / 1ms, "ms");
    if (length < 1min) {
        const auto tenths = length / 100ms;
        return std::to_string(tenths / 10) + texts.say("number.point") + std::to_string(tenths % 10) + ' ' +
               texts.say("unit.s");
    }
    if (length < 1h)
        return withUnit(texts, length / 1min, "min") + ' ' + twoDigits(length % 1min / 1s) + ' ' + texts.say("unit.s");
    return withUnit(texts, length / 1h, "h") + ' ' + twoDigits(length % 1h / 1min) + ' ' + texts.say("unit.min");
}

std::string spanText(const Texts& texts, microseconds length) {
    if (length < 1min) return withUnit(texts, length / 1s, "s");
    if (length < 1h) return withUnit(texts, length / 1min, "min");
    if (length < 48h) return withUnit(texts, length / 1h, "h");
    return withUnit(texts, length / 24h, "d");
}

std::string distanceText(const Reader& reader, TimePoint at) {
    const bool past = at <= reader.now;
    return reader.texts.say(past ? "time.ago" : "time.in",
                            {{"span", spanText(reader.texts, past ? reader.now - at : at - reader.now)}});
}

std::string timeText(const Reader& reader, TimePoint at, TimeForm form) {
    const std::string text = localText(reader, at);
    const std::string clock = text.substr(11, 8);
    if (form == TimeForm::Short && text.compare(0, 10, localText(reader, reader.now), 0, 10) == 0) return clock;
    const int month = std::atoi(text.c_str() + 5);
    const int day = std::atoi(text.c_str() + 8);
    const bool hasYear = form == TimeForm::Full || text.compare(0, 4, localText(reader, reader.now), 0, 4) != 0;
    const bool isFirst = day == 1 && reader.texts.language() == Language::French;
    return std::to_string(day) + (isFirst ? "er " : " ") + reader.texts.say("month." + std::to_string(month)) +
           (hasYear ? ' ' + text.substr(0, 4) : "") + ", " + clock;
}

std::string timeElement(const Reader& reader, TimePoint at, TimeForm form) {
    return "<time datetime=\"" + toRfc3339(at) + "\" data-form=\"" + (form == TimeForm::Full ? "full" : "short") +
           "\">" + timeText(reader, at, form) + "</time>";
}

std::string distanceElement(const Reader& reader, TimePoint at) {
    return "<span data-distance=\"" + toRfc3339(at) + "\" title=\"" + timeText(reader, at, TimeForm::Full) + "\">" +
           distanceText(reader, at) + "</span>";
}

std::string escapeHtml(std::string_view text) {
    std::string html;
    html.reserve(text.size() + 16);
    while (!text.empty()) {
        const char c = text.front();
        const bool isPlain = (c >= ' ' && c < 0x7f) || c == '\n' || c == '\t';
        if (!isPlain) {
            text.remove_prefix(appendVisible(html, text));
            continue;
        }
        if (c == '&')
            html += "&amp;";
        else if (c == '<')
            html += "&lt;";
        else if (c == '>')
            html += "&gt;";
        else if (c == '"')
            html += "&quot;";
        else if (c == '\'')
            html += "&#39;";
        else
            html += c;
        text.remove_prefix(1);
    }
    return html;
}

}  // namespace carillon
