#include "NewPlugin.h"

#include "carillon/LogLine.h"
#include "carillon/Plugin.h"

void NewPlugin::configure(carillon::ConfigReader& config) {
    _name = config.text("name", "world");            // task.name of the job
    _times = config.integer("times", 1, 1, 10'000);  // task.times, from 1 to 10,000
}

carillon::RunReport NewPlugin::run(carillon::RunContext& context) {
    const auto total = static_cast<std::uint64_t>(_times);
    for (std::uint64_t done = 0; done < total;) {
        context.stop().throwIfRequested();
        carillon::LogLine(context.log(), "greeting.sent").field("to", _name);
        context.progress(++done, total, "greeting");
    }
    return carillon::RunReport::succeeded("hello, " + _name).counter("greetings", _times);
}

void NewPlugin::check(carillon::RunContext&, const carillon::CheckSink& sink) {
    sink({"name", carillon::CheckState::Passed, _name + " can be greeted", {}, ""});
}

CARILLON_PLUGIN("NewPlugin", "1.0.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(NewPlugin)
CARILLON_TASKS_END
