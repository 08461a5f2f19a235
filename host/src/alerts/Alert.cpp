#include "alerts/Alert.h"

#include "alerts/AlertJson.h"

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/SHA2Engine.h"

namespace carillon {
std::string alertJson(const Alert& alert) {
    JsonWriter json;
    json.beginObject().member("kind", alertKindName(alert.kind)).member("job", alert.job);
    json.member("title", alert.title).member("host", alert.host).member("event", alert.event);
    json.member("run", alert.run).member("message", alert.message);
    json.member("count", alert.count).member("before", alert.before);
    put(json, "at", alert.at);
    put(json, "since", alert.since);
    put(json, "last_success", alert.lastSuccess);
    return json.endObject().text();
}

Alert alertFromJson(std::string_view text) {
    const JsonValue json = JsonValue::parse(text);
    Alert alert;
    const auto kind = alertKindOf(json["kind"].text());
    if (!kind) throw Poco::DataFormatException("no kind of alert: " + json["kind"].text());
    alert.kind = *kind;
    alert.job = json["job"].text();
    alert.title = json["title"].text();
    alert.host = json["host"].text();
    alert.event = json["event"].text();
    alert.run = json["run"].text();
    alert.message = json["message"].text();
    alert.count = json["count"].number<std::int64_t>();
    alert.before = json["before"].number<std::int64_t>();
    alert.at = timeOf(json, "at").value_or(TimePoint{});
    alert.since = timeOf(json, "since");
    alert.lastSuccess = timeOf(json, "last_success");
    return alert;
}

Alert readAlert(std::string_view json, const std::string& job) {
    try {
        return alertFromJson(json);
    } catch (const Poco::DataFormatException& e) {
        Alert alert;
        alert.job = job;
        alert.message = "this alert cannot be read (" + e.message() + ")";
        return alert;
    }
}

std::string alertHash(const std::string& text) {
    Poco::SHA2Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest()).substr(0, 32);
}

}  // namespace carillon
