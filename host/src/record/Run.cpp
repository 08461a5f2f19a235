#include "record/Run.h"

#include "words/HostTexts.h"

namespace carillon {
namespace {

/// Later versions may have others.
FigureRole roleOf(const JsonValue& report, const std::string& key) {
    if (!report.has("roles") || !report["roles"].has(key)) return FigureRole::None;
    return enumOf<FigureRole>(report["roles"][key].text()).value_or(FigureRole::None);
}

/// Of a run that has no report: who closed it kept the text alone.
Message endSaid(const std::string& text) {
    if (text.empty()) return {};
    for (Message known : {sayHost("run.gone"), sayHost("run.leaseover")})
        if (known.text == text) return known;
    return text;
}

/// The text is that of the row, whatever the report says.
void readCode(const JsonValue& told, Message& message) {
    if (!told.has("message_code")) return;
    message.code = told["message_code"].text();
    if (told.has("message_values")) readJson(told["message_values"], message.values);
}

void readMore(const JsonValue& told, RunReport& report) {
    if (told.has("counters"))
        for (const auto& [key, value] : told["counters"].members())
            report.counter(key, value.number<std::int64_t>(), roleOf(told, key));
    if (told.has("warnings_said"))
        readJson(told["warnings_said"], report.warnings);
    else if (told.has("warnings"))
        for (const auto& warning : told["warnings"].members()) report.warnings.emplace_back(warning.value.text());
    readCode(told, report.message);
    if (told.has("given_up")) report.givenUp = told["given_up"].flag();
    if (told.has("warnings_omitted")) report.warningsOmitted = told["warnings_omitted"].number<std::int64_t>();
}

}  // namespace

RunReport reportOf(const RunRow& run) {
    RunReport report;
    report.outcome = run.outcome.value_or(Outcome::Failed);
    report.message = run.report ? Message(run.message) : endSaid(run.message);
    if (!run.report || run.report->empty()) return report;
    try {
        readMore(JsonValue::parse(*run.report), report);
    } catch (const Poco::DataFormatException&) {  // the rest counts for nothing
    }
    return report;
}

Message messageOf(const RunRow& run) {
    Message message = run.message;
    if (!run.report) return endSaid(run.message);
    if (!run.report || run.report->find("message_code") == std::string::npos) return message;
    try {
        readCode(JsonValue::parse(*run.report), message);
    } catch (const Poco::DataFormatException&) {
        message = run.message;
    }
    return message;
}

void writePublic(JsonWriter& json, const RunRow& run) {
    if (run.report && !run.report->empty())
        json.raw(*run.report);
    else
        writeJson<JsonForm::Public>(json, run);
}

}  // namespace carillon
