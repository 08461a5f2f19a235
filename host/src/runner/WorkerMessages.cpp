#include "runner/WorkerMessages.h"

#include "base/LogText.h"

#include "Poco/JSON/Array.h"

#include <sstream>
#include <utility>

namespace carillon {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

Object::Ptr newObject() {
    return new Object(Poco::JSON_PRESERVE_KEY_ORDER);
}

template <typename Items, typename Convert>
Array::Ptr toArray(const Items& items, Convert convert) {
    Array::Ptr array = new Array;
    for (const auto& item : items) array->add(convert(item));
    return array;
}

/// A list of pairs as one object, in its order.
template <typename Pairs>
Object::Ptr toObject(const Pairs& pairs) {
    auto object = newObject();
    for (const auto& [name, value] : pairs) object->set(name, value);
    return object;
}

std::vector<std::string> stringsOf(const JsonValue& json) {
    std::vector<std::string> strings;
    for (const auto& item : json.members()) strings.push_back(item.value.text());
    return strings;
}

template <typename Enum>
Enum enumOf(const JsonValue& json, const std::string& name, Enum last) {
    const int value = json[name].number<int>();
    if (value < 0 || value > static_cast<int>(last))
        throw Poco::DataFormatException(name + " " + std::to_string(value));
    return static_cast<Enum>(value);
}

std::int64_t microseconds(TimePoint at) {
    return at.time_since_epoch().count();
}

}  // namespace

Object::Ptr toJson(const RunReport& report) {
    auto json = newObject();
    json->set("outcome", static_cast<int>(report.outcome));
    json->set("message", report.message);
    json->set("counters", toObject(report.counters));
    json->set("warnings", toArray(report.warnings, [](const std::string& text) { return text; }));
    json->set("warnings_omitted", report.warningsOmitted);
    return json;
}

RunReport reportFromJson(const JsonValue& json) {
    RunReport report;
    report.outcome = enumOf(json, "outcome", Outcome::Stopped);
    report.message = json["message"].text();
    for (const auto& counter : json["counters"].members())
        report.count(counter.name, counter.value.number<std::int64_t>());
    report.warningsOmitted = json["warnings_omitted"].number<std::int64_t>();
    for (auto& warning : stringsOf(json["warnings"])) report.warn(std::move(warning));
    return report;
}

Object::Ptr toJson(const Check& check) {
    auto json = newObject();
    json->set("name", check.name);
    json->set("state", static_cast<int>(check.state));
    json->set("message", check.message);
    json->set("details", toObject(check.details));
    json->set("recommendation", check.recommendation);
    return json;
}

Check checkFromJson(const JsonValue& json) {
    Check check{json["name"].text(),
                enumOf(json, "state", CheckState::Failed),
                json["message"].text(),
                {},
                json["recommendation"].text()};
    for (const auto& detail : json["details"].members()) check.details.emplace_back(detail.name, detail.value.text());
    return check;
}

Object::Ptr toJson(const Reject& reject) {
    auto json = newObject();
    json->set("id", reject.id);
    json->set("received_at", microseconds(reject.receivedAt));
    json->set("what", reject.what);
    json->set("reason", reject.reason);
    json->set("detail", reject.detail);
    json->set("run", reject.run);
    return json;
}

Reject rejectFromJson(const JsonValue& json) {
    return {json["id"].number<std::int64_t>(),
            TimePoint(std::chrono::microseconds(json["received_at"].number<std::int64_t>())),
            json["what"].text(),
            json["reason"].text(),
            json["detail"].text(),
            json["run"].text()};
}

Object::Ptr toJson(const PlannedItem& item) {
    auto json = newObject();
    json->set("item", item.what);
    json->set("effect", item.effect);
    json->set("reason", item.reason);
    json->set("detail", item.detail);
    return json;
}

PlannedItem plannedItemFromJson(const JsonValue& json) {
    return {json["item"].text(), json["effect"].text(), json["reason"].text(), json["detail"].text()};
}

Object::Ptr toJson(const MailAccount& account) {
    auto json = newObject();
    json->set("host", account.host);
    json->set("port", account.port);
    json->set("security", static_cast<int>(account.security));
    json->set("user", account.user);
    json->set("password", account.password);
    json->set("from", account.from);
    json->set("name", account.name);
    return json;
}

MailAccount mailAccountFromJson(const JsonValue& json) {
    return {json["host"].text(),
            json["port"].number<std::uint16_t>(),
            enumOf(json, "security", MailAccount::Security::None),
            json["user"].text(),
            json["password"].text(),
            json["from"].text(),
            json["name"].text()};
}

Object::Ptr toJson(const ConfigFault& fault) {
    auto json = newObject();
    json->set("file", fault.file);
    json->set("line", fault.line);
    json->set("key", fault.key);
    json->set("problem", fault.problem);
    return json;
}

ConfigFault faultFromJson(const JsonValue& json) {
    return {json["file"].text(), json["line"].number<int>(), json["key"].text(), json["problem"].text()};
}

Object::Ptr toJson(const PluginDescription& plugin) {
    auto json = newObject();
    json->set("path", plugin.path);
    json->set("name", plugin.name);
    json->set("version", plugin.version);
    json->set("sdk", plugin.sdkVersion);
    json->set("abi", plugin.abi);
    json->set("tasks", toArray(plugin.tasks, [](const std::string& task) { return task; }));
    json->set("fingerprint", plugin.fingerprint);
    json->set("refusal", plugin.refusal);
    return json;
}

PluginDescription pluginFromJson(const JsonValue& json) {
    return {json["path"].text(), json["name"].text(),      json["version"].text(),     json["sdk"].number<int>(),
            json["abi"].text(),  stringsOf(json["tasks"]), json["fingerprint"].text(), json["refusal"].text()};
}

// Poco writes bytes that are not UTF-8 as they are, and then does not read the line: a name in Latin-1 would cost the
// report. They can stand in strings only, where an escaped backslash is right.
std::string toLine(const Object& json) {
    std::ostringstream written;
    json.stringify(written);
    return visibleJson(written.str());
}

}  // namespace carillon
