#include "pages/Banner.h"

#include "pages/JobWords.h"
#include "scheduler/SlotDecision.h"

namespace carillon {
namespace {

std::string joined(const std::vector<ConfigFault>& faults) {
    std::string text;
    for (const auto& fault : faults) text += (text.empty() ? "" : "\n") + fault.sentence();
    return text;
}

}  // namespace

std::vector<Alarm> alarmsOfHost(const Reader& reader, const HostState& state, const Configuration& configuration,
                                const std::string& usersFault) {
    const Texts& texts = reader.texts;
    std::vector<Alarm> alarms;
    const auto add = [&](const std::string& key, Texts::Values values, const std::string& detail) {
        alarms.push_back({texts.say("alarm." + key, values), texts.say("alarm." + key + ".todo", values), detail, ""});
    };
    const auto& scheduler = state.scheduler;
    if (!scheduler.storeProblem.empty())
        add("store", {{"since", timeText(reader, scheduler.storeFailedSince, TimeForm::Short)}},
            scheduler.storeProblem);
    for (const auto& lock : scheduler.lostLocks) add("lock", {}, lock);
    if (scheduler.seenUntil - reader.now > kMisfireGrace)
        add("clock", {{"until", timeText(reader, scheduler.seenUntil, TimeForm::Short)}}, "");
    if (const auto faults = configuration.allFaults(); !faults.empty()) add("faults", {}, joined(faults));
    if (!usersFault.empty()) add("users", {}, usersFault);
    if (scheduler.enabled == 0) add("disabled", {{"file", configuration.host.file}}, "");
    return alarms;
}

std::vector<Alarm> alarmsOfJobs(const Reader& reader, const std::vector<JobTrouble>& troubles) {
    const Texts& texts = reader.texts;
    std::vector<Alarm> alarms;
    for (const auto& trouble : troubles) {
        const std::string key = "alarm." + std::string(nameOf(trouble.kind));
        const std::string todo = texts.say(key + ".todo");
        const std::string path = jobPath(trouble.job);
        if (trouble.kind == JobTrouble::Kind::Late)
            alarms.push_back(
                {texts.count(key, trouble.count,
                             {{"job", trouble.job}, {"since", timeText(reader, trouble.since, TimeForm::Short)}}),
                 todo, "", path});
        if (trouble.kind == JobTrouble::Kind::Rejects)
            alarms.push_back({texts.count(key, trouble.count, {{"job", trouble.job}}), todo, "", path + "/rejects"});
    }
    return alarms;
}

}  // namespace carillon
