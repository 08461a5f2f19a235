#include "base/JsonValue.h"
#include "worker/WorkerRequest.h"

#include "Poco/JSON/Handler.h"
#include "Poco/JSON/Parser.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

// How long the messages of one firing take to be read: by JsonValue, and by Poco's parser with a handler that keeps
// nothing, which is the least that a reader upon it would take. Processor time, in one run, alternating.

using namespace carillon;

namespace {

class Ignoring final : public Poco::JSON::Handler {
public:
    void reset() override {}
    void startObject() override {}
    void endObject() override {}
    void startArray() override {}
    void endArray() override {}
    void key(const std::string&) override {}
    void null() override {}
    void value(int) override {}
    void value(unsigned) override {}
    void value(Poco::Int64) override {}
    void value(Poco::UInt64) override {}
    void value(const std::string&) override {}
    void value(double) override {}
    void value(bool) override {}
};

/// As jobs have them: some thirty keys.
std::string requestOfAJob() {
    std::map<std::string, ConfigSource::Entry> entries;
    for (int i = 0; i < 30; ++i)
        entries["task.group.key-" + std::to_string(i)] = {"a value of some length", "a value of some length", i};
    WorkerRequest request;
    request.library = "/usr/lib/carillon/plugins/libExample.so";
    request.task = "ExampleTask";
    request.config = ConfigSource("/etc/carillon/jobs/example.properties", std::move(entries));
    return toJson(request);
}

template <class Read>
double microseconds(Read read) {
    constexpr int kTimes = 20'000;
    const std::clock_t begin = std::clock();
    for (int i = 0; i < kTimes; ++i) read();
    return 1e6 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / kTimes;
}

}  // namespace

int main() {
    const std::string text = requestOfAJob();
    std::printf("%zu bytes, microseconds of a processor to read them\n%10s %10s\n", text.size(), "JsonValue", "Poco");
    for (int round = 0; round < 5; ++round) {
        const double own = microseconds([&text] { JsonValue::parse(text); });
        const double poco = microseconds([&text] {
            Poco::JSON::Parser parser(new Ignoring);
            parser.parse(text);
        });
        std::printf("%10.1f %10.1f\n", own, poco);
    }
}
