#include "Fuzz.h"

#include "runner/RunReceiver.h"
#include "runner/WorkerCommands.h"
#include "runner/WorkerDispatch.h"
#include "runner/WorkerMessages.h"

#include <sstream>

using namespace carillon;

namespace {

constexpr const char* kSecret = "hunter2000";

/// As the host reads a worker's pipe.
void receive(const std::string& line, RunReceiver& receiver) {
    try {
        const auto json = JsonValue::parse(line);
        for (const auto& [kind, value] : json.members()) dispatchMessage(kind, value, receiver);
    } catch (const std::exception&) {
        receiver.printedLine(line);
    }
}

/// As a worker reads the host's.
void obey(const std::string& line) {
    try {
        const auto json = JsonValue::parse(line);
        if (json.has("request")) {
            const WorkerRequest request = requestFromJson(json["request"]);
            const auto again = JsonValue::parse(requestLine(request));
            fuzz::require(requestLine(requestFromJson(again["request"])) == requestLine(request),
                          "a request that is written is read again");
        }
        if (json.has("begin")) beginFromJson(json["begin"]);
    } catch (const std::exception&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    WorkerListener listener;
    listener.onLog = [&](Poco::Message::Priority level, Poco::Timestamp, const std::string& text) {
        fuzz::require(level >= Poco::Message::PRIO_FATAL && level <= Poco::Message::PRIO_TRACE, "a level is one");
        fuzz::require(text.find(kSecret) == std::string::npos, "what is concealed is in no line");
    };
    RunReceiver receiver(listener);
    receiver.conceal(kSecret);
    std::istringstream lines(fuzz::textOf(data, size));
    for (std::string line; std::getline(lines, line);) {
        receive(line, receiver);
        obey(line);
    }
    receiver.printed(fuzz::textOf(data, size));
    receiver.endPrinted();
    if (const auto& report = receiver.end().report)
        fuzz::require(
            toLine(*toJson(reportFromJson(JsonValue::parse(toLine(*toJson(*report)))))) == toLine(*toJson(*report)),
            "a report that is written is read again");
    return 0;
}
