#include "carillon/LogLine.h"
#include "carillon/Plugin.h"

#include <string>

class Greeter : public carillon::SyncTask {
public:
    void configure(carillon::ConfigReader& config) override { _name = config.text("name", "world"); }

    carillon::RunReport run(carillon::RunContext& context) override {
        carillon::LogLine(context.log(), "greeting.sent").field("to", _name);
        return carillon::RunReport::succeeded("hello, " + _name).counter("greetings", 1);
    }

    void check(carillon::RunContext&, const carillon::CheckSink& sink) override {
        sink({"voice", carillon::CheckState::Passed, "can speak", {}, ""});
    }

private:
    std::string _name{};
};

CARILLON_PLUGIN("Greeter", "1.0.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(Greeter)
CARILLON_TASKS_END
