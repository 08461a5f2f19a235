#include "Fuzz.h"

#include "worker/RunReceiver.h"
#include "worker/WorkerRequest.h"

#include <sstream>

using namespace carillon;

namespace {

constexpr const char* kSecret = "hunter2000";

/// As the host reads a worker's pipe.
void receive(const std::string& line, RunReceiver& receiver) {
    try {
        const auto json = JsonValue::parse(line);
        for (const auto& [kind, value] : json.members()) receiver.say(taskMessageOf(kind, value));
    } catch (const std::exception&) {
        receiver.printedLine(line);
    }
}

/// As a worker reads the host's.
void obey(const std::string& line) {
    try {
        const auto json = JsonValue::parse(line);
        if (json.has("request")) {
            const auto request = fromJson<WorkerRequest>(json["request"]);
            fuzz::require(toJson(fromJson<WorkerRequest>(toJson(request))) == toJson(request),
                          "a request that is written is read again");
        }
        if (json.has("begin")) fromJson<RunBegin>(json["begin"]);
    } catch (const std::exception&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    WorkerListener listener;
    listener.onMessage = Hearing([&](const LogMessage& line) {
        fuzz::require(line.level >= Poco::Message::PRIO_FATAL && line.level <= Poco::Message::PRIO_TRACE,
                      "a level is one");
        fuzz::require(line.text.find(kSecret) == std::string::npos, "what is concealed is in no line");
    });
    RunReceiver receiver(listener);
    receiver.say(Secret{kSecret});
    std::istringstream lines(fuzz::textOf(data, size));
    for (std::string line; std::getline(lines, line);) {
        receive(line, receiver);
        obey(line);
    }
    receiver.printed(fuzz::textOf(data, size));
    receiver.endPrinted();
    if (const auto& report = receiver.end().report)
        fuzz::require(toJson(fromJson<RunReport>(toJson(*report))) == toJson(*report),
                      "a report that is written is read again");
    return 0;
}
