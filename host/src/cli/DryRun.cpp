#include "cli/DryRun.h"

#include "cli/CliTexts.h"
#include "cli/ProgressBar.h"
#include "cli/Table.h"
#include "logs/JobLog.h"
#include "runner/RunReporter.h"
#include "runner/TaskQuery.h"

#include <iostream>

namespace carillon {
namespace {

/// Where the items go as they come.
class Plan {
public:
    explicit Plan(const std::string& job) {
        _json.beginObject().member("job", job).member("dry_run", true).key("items").beginArray();
    }

    void addToJson(const PlannedItem& item) { writeJson<JsonForm::Public>(_json, item); }

    void addToTable(const MessageTeller& teller, const PlannedItem& item) {
        const Colour colour = item.role == FigureRole::Rejected ? Colour::Yellow
                              : item.role == FigureRole::Work   ? Colour::Green
                                                                : Colour::Plain;
        _table.add({{item.what}, {item.effect, colour}, {item.reason}, {teller.tell(item.detail)}});
    }

    void printTable() const {
        if (!_table.empty()) _table.print();
    }

    void printJson(const RunReport& report) {
        _json.endArray();
        JsonOut<JsonForm::Public> members(_json);
        writeFields(members, report);
        std::cout << _json.endObject().takeLine();
    }

private:
    Table _table{tableHeads({"item", "effect", "reason", "detail"})};
    JsonWriter _json;
};

}  // namespace

ExitCode dryRun(const HostConfig& host, const JobConfig& job, const RunOutput& output) {
    JobLog log(job, host.logsDir);
    ProgressBar bar;
    Plan plan(job.name);
    const MessageTeller teller(host);
    std::vector<ConfigFault> faults;
    WorkerListener listener;
    listener.onMessage =
        Hearing([&log](const LogMessage& line) { log.write("dry-run", line); },
                [&bar, &teller](const Progress& how) { bar.show(how.done, how.total, teller.tell(how.what)); },
                [&faults](const ConfigFault& fault) { faults.push_back(fault); },
                [&](const PlannedItem& item) { output.json ? plan.addToJson(item) : plan.addToTable(teller, item); });
    const WorkerEnd end = askTask(host, job, WorkerRequest::Verb::Preview, {}, listener);
    bar.clear();
    if (printFaults(faults) > 0) return ExitCode::Usage;
    const RunReport report = end.report ? *end.report : RunReport::failed(end.error);
    const bool failed = report.outcome == Outcome::Failed;
    if (output.json) {
        plan.printJson(report);
    } else {
        plan.printTable();
        const Texts& texts = cliTexts();
        std::cout << texts.say(failed ? "dryrun.failing" : "dryrun.summary",
                               {{"job", job.name},
                                {"fails", coloured(Colour::Red, texts.say("dryrun.fails"))},
                                {"message", printable(teller.tell(report.message))}})
                  << '\n';
    }
    if (output.strict && !report.warnings.empty()) return ExitCode::Failed;
    return failed ? ExitCode::Failed : ExitCode::Ok;
}

}  // namespace carillon
