#include "runner/WorkerCommands.h"

#include "base/JsonWriter.h"

#include <map>
#include <utility>

namespace carillon {
namespace {

TimePoint timeOf(const JsonValue& json) {
    return TimePoint(std::chrono::microseconds(json.number<std::int64_t>()));
}

void writeConfig(JsonWriter& json, const ConfigSource& config) {
    json.member("file", config.file()).key("entries").beginArray();
    for (const auto& [key, entry] : config.entries()) {
        json.beginArray().value(key).value(entry.raw);
        // What was expanded differs from what was written; that is seldom so.
        if (entry.value == entry.raw)
            json.raw("null");
        else
            json.value(entry.value);
        json.value(entry.line);
        if (!entry.rowFile.empty()) json.value(entry.rowFile);
        json.endArray();
    }
    json.endArray();
}

ConfigSource readConfig(const JsonValue& json) {
    std::map<std::string, ConfigSource::Entry> entries;
    for (const auto& item : json["entries"].members()) {
        const auto& fields = item.value.members();
        if (fields.size() < 4) throw Poco::DataFormatException("an entry has four fields, or five");
        ConfigSource::Entry entry;
        entry.raw = fields[1].value.text();
        entry.value = fields[2].value.isNull() ? entry.raw : fields[2].value.text();
        entry.line = fields[3].value.number<int>();
        if (fields.size() > 4) entry.rowFile = fields[4].value.text();
        entries.emplace_hint(entries.end(), fields[0].value.text(), std::move(entry));
    }
    return {json["file"].text(), std::move(entries)};
}

}  // namespace

std::string requestLine(const WorkerRequest& request) {
    JsonWriter json;
    json.beginObject().key("request").beginObject();
    json.member("verb", static_cast<int>(request.verb));
    json.member("library", request.library).member("task", request.task);
    writeConfig(json, request.config);
    json.member("after", request.query.after).member("limit", request.query.limit);
    json.member("reason", request.query.reason);
    json.member("received_before", request.query.receivedBefore.time_since_epoch().count());
    json.key("ids").beginArray();
    for (const auto id : request.replay.ids) json.value(id);
    json.endArray().key("corrections").beginObject();
    for (const auto& [name, text] : request.replay.corrections) json.member(name, text);
    json.endObject().member("memory", request.memory);
    json.endObject().endObject();
    return json.takeLine();
}

WorkerRequest requestFromJson(const JsonValue& json) {
    const int verb = json["verb"].number<int>();
    if (verb < 0 || verb > static_cast<int>(WorkerRequest::Verb::MailAccount))
        throw Poco::DataFormatException("verb " + std::to_string(verb));
    WorkerRequest request;
    request.verb = static_cast<WorkerRequest::Verb>(verb);
    request.library = json["library"].text();
    request.task = json["task"].text();
    request.config = readConfig(json);
    request.query.after = json["after"].number<std::int64_t>();
    request.query.limit = json["limit"].number<std::size_t>();
    request.query.reason = json["reason"].text();
    request.query.receivedBefore = TimePoint(TimePoint::duration(json["received_before"].number<std::int64_t>()));
    for (const auto& id : json["ids"].members()) request.replay.ids.push_back(id.value.number<std::int64_t>());
    for (const auto& [name, text] : json["corrections"].members()) request.replay.corrections[name] = text.text();
    request.memory = json["memory"].number<std::size_t>();
    return request;
}

std::string beginLine(const RunBegin& begin) {
    const auto& identity = begin.identity;
    JsonWriter json;
    json.beginObject().key("begin").beginObject();
    json.member("job", identity.job).member("run", identity.run).member("trigger", identity.trigger);
    json.member("host", identity.host).member("attempt", identity.attempt).member("fence", identity.fence);
    json.member("scheduled_at", identity.scheduledAt.time_since_epoch().count());
    json.member("started_at", identity.startedAt.time_since_epoch().count());
    json.member("timeout_ms", begin.timeout.count()).member("log_level", begin.logLevel);
    json.endObject().endObject();
    return json.takeLine();
}

RunBegin beginFromJson(const JsonValue& json) {
    RunBegin begin;
    begin.identity = {json["job"].text(),
                      json["run"].text(),
                      json["trigger"].text(),
                      json["host"].text(),
                      json["attempt"].number<int>(),
                      json["fence"].number<std::int64_t>(),
                      timeOf(json["scheduled_at"]),
                      timeOf(json["started_at"])};
    begin.timeout = std::chrono::milliseconds(json["timeout_ms"].number<std::int64_t>());
    begin.logLevel = json["log_level"].number<int>();
    return begin;
}

std::string dropLine() {
    return "{\"drop\":true}\n";
}

}  // namespace carillon
