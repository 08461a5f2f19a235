#include "record/TaskMessage.h"

#include <algorithm>
#include <iterator>

namespace carillon {
namespace {

template <std::size_t index>
TaskMessage readMessage(const JsonValue& value) {
    return fromJson<std::variant_alternative_t<index, TaskMessage>>(value);
}

template <std::size_t... indices>
TaskMessage readMessage(std::size_t index, const JsonValue& value, std::index_sequence<indices...>) {
    constexpr TaskMessage (*kReaders[])(const JsonValue&) = {readMessage<indices>...};
    return kReaders[index](value);
}

}  // namespace

std::string lineOf(const TaskMessage& message) {
    JsonWriter json;
    json.beginObject().key(kTaskMessageNames[message.index()]);
    std::visit([&json](const auto& said) { writeJson<JsonForm::Exact>(json, said); }, message);
    json.endObject();
    return json.takeLine();
}

std::vector<std::pair<std::string, std::int64_t>> countersOf(const RunReport& report) {
    std::vector<std::pair<std::string, std::int64_t>> counters;
    for (const auto& figure : report.figures) counters.emplace_back(figure.key(), figure.value);
    return counters;
}

std::vector<std::pair<std::string, std::string>> rolesOf(const RunReport& report) {
    std::vector<std::pair<std::string, std::string>> roles;
    for (const auto& figure : report.figures)
        if (figure.role != FigureRole::None) roles.emplace_back(figure.key(), nameOf(figure.role));
    return roles;
}

TaskMessage taskMessageOf(std::string_view name, const JsonValue& value) {
    const auto found = std::find(kTaskMessageNames.begin(), kTaskMessageNames.end(), name);
    if (found == kTaskMessageNames.end())
        throw Poco::DataFormatException("a message of no known kind: " + std::string(name));
    const auto index = static_cast<std::size_t>(std::distance(kTaskMessageNames.begin(), found));
    return readMessage(index, value, std::make_index_sequence<kTaskMessageNames.size()>());
}

}  // namespace carillon
