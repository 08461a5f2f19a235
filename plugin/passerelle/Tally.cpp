#include "Tally.h"

#include "GivingUp.h"

#include <algorithm>
#include <utility>

namespace passerelle {
namespace {

using carillon::FigureRole;
using carillon::RunReport;

/// ` (unknown_token 2, malformed)`
std::string inBrackets(const std::map<std::string, std::int64_t>& counted) {
    std::string text;
    for (const auto& [word, number] : counted)
        text += (text.empty() ? " (" : ", ") + word + (number > 1 ? " " + std::to_string(number) : "");
    return text.empty() ? text : text + ")";
}

std::string mostFrequent(const std::map<std::string, std::int64_t>& reasons) {
    std::string most = "known as rejected already";
    std::int64_t times = 0;
    for (const auto& [reason, number] : reasons)
        if (number > times) {
            most = reason;
            times = number;
        }
    return most;
}

}  // namespace

void Tally::noteListed(const std::vector<Validation>& items, const AgoraTime& time) {
    for (const auto& item : items) takeOlder(oldest, time.instantOf(item.validatedAt));
}

void Tally::count(const Effects& effects) {
    applied += effects.applied;
    duplicate += effects.duplicate;
    rejected += effects.rejected;
    recognised += effects.recognised;
    for (const auto& [reason, number] : effects.reasons) reasons[reason] += number;
    for (const auto& [why, number] : effects.left) leave(why, number);
    takeOlder(oldestLeft, effects.oldestLeft);
    for (const auto& warning : effects.warnings) warn(warning);
}

void Tally::noteCause(const Poco::Exception& cause) {
    isHopeless = passerelle::isHopeless(cause);
    if (const auto* unavailable = dynamic_cast<const GatewayUnavailable*>(&cause))
        retryAfter = unavailable->retryAfter().value_or(std::chrono::seconds(0));
}

void Tally::warn(std::string text) {
    if (warnings.size() < RunReport::kMaxWarnings)
        warnings.push_back(std::move(text));
    else
        ++warningsOmitted;
}

std::string Tally::decided() const {
    std::string text = std::to_string(applied) + " applied";
    if (duplicate > 0) text += ", " + std::to_string(duplicate) + " duplicate";
    if (rejected > 0) text += ", " + std::to_string(rejected) + " rejected" + inBrackets(reasons);
    return text;
}

std::string Tally::describeLeft() const {
    std::int64_t items = 0;
    for (const auto& [why, number] : left) items += number;
    if (items == 0) return "";
    return std::to_string(items) + (items == 1 ? " item stays" : " items stay") +
           " on the gateway unacknowledged, since only it has what is needed" + inBrackets(left);
}

/// How long the oldest item that is left on the gateway has waited; nothing: that is not known.
std::optional<std::chrono::seconds> Tally::lag(bool failed, carillon::TimePoint begunAt,
                                               carillon::TimePoint now) const {
    using std::chrono::seconds;
    std::optional<carillon::TimePoint> since = failed && !oldestLeft ? oldest : oldestLeft;
    if (!failed && pendingAfter == 0)
        since = now;
    else if (!since && pendingAfter)
        since = begunAt;  // what is there has come since
    return since ? std::optional(std::max(seconds(0), std::chrono::floor<seconds>(now - *since))) : std::nullopt;
}

RunReport Tally::report(const std::string& failure, const std::string& done) const {
    RunReport report;
    report.outcome = !failure.empty() ? carillon::Outcome::Failed
                     : fetched() == 0 ? carillon::Outcome::NothingToDo
                                      : carillon::Outcome::Succeeded;
    report.message = fetched() == 0 ? "nothing pending on the gateway" : done;
    if (!failure.empty()) report.message = failure + (fetched() == 0 ? "" : " (" + done + ")");
    report.counter("fetched", fetched(), FigureRole::Work)
        .counter("applied", applied)
        .counter("duplicate", duplicate)
        .counter("rejected", rejected, FigureRole::Rejected)
        .counter("acknowledged", acknowledged);
    if (pendingAfter) report.gauge("pending_after", *pendingAfter, FigureRole::Backlog);
    report.counter("bytes", static_cast<std::int64_t>(bytes));
    report.warnings = warnings;
    report.warningsOmitted = warningsOmitted;
    if (failure.empty()) return report;
    report.givenUp = isHopeless;
    report.retryAfter = retryAfter;
    return report;
}

RunReport Tally::reportDecided(const std::string& failure) const {
    return report(failure, std::to_string(fetched()) + " fetched, " + decided());
}

/// See "Metrics" in host/GUIDE.md for how a figure becomes a metric.
RunReport Tally::reportRun(const std::string& failure, carillon::TimePoint begunAt, carillon::TimePoint now) const {
    const std::string why = failure.empty() ? describeLeft() : failure;
    RunReport run = report(why, std::to_string(fetched()) + " fetched, " + decided() + ", " +
                                    std::to_string(acknowledged) + " acknowledged");
    std::int64_t leftItems = 0;
    for (const auto& [reason, number] : left) leftItems += number;
    run.gauge("left", leftItems);
    if (forgotten > 0) run.total("rejects_forgotten_total", forgotten);
    if (voided > 0) run.gauge("sampled_voided", voided);
    if (lost > 0) run.gauge("sampled_lost", lost);
    if (changed > 0) run.gauge("sampled_changed", changed);
    if (pendingAfter) run.gauge("sync_pending", *pendingAfter, FigureRole::Backlog);
    if (const auto waited = lag(!why.empty(), begunAt, now))
        run.gauge("sync_lag_seconds", waited->count(), FigureRole::Lag);
    tellItems(run);
    return run;
}

void Tally::tellItems(RunReport& report) const {
    report.total("sync_items_total", applied, {{"outcome", "applied"}})
        .total("sync_items_total", duplicate, {{"outcome", "duplicate"}})
        .total("sync_items_total", rejected, {{"outcome", "rejected"}});
    if (rejects) report.gauge("sync_rejects", *rejects, FigureRole::OpenRejects);
}

void requireRecognised(const Tally& tally, double maxRatio) {
    const std::string unknown = std::to_string(tally.fetched());
    if (tally.recognised > 0 || tally.fetched() < kValveItems || maxRatio >= 1) return;
    throw SafetyValveOpened("safety valve: " + unknown + " of " + unknown + " items would be rejected (mostly " +
                            mostFrequent(tally.reasons) + ") and Agora knows none of their tokens, more than " +
                            "task.rejects.max_ratio = " + std::to_string(static_cast<int>(maxRatio * 100 + 0.5)) +
                            " % allows; is this the database that belongs to this gateway? No rejection was stored, "
                            "nothing was acknowledged. Where it is, and strangers filled the gateway: carillon run JOB "
                            "--set task.rejects.max_ratio=1");
}

}  // namespace passerelle
