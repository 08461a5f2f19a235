#include "Tally.h"

#include "GivingUp.h"

#include <algorithm>
#include <utility>

namespace passerelle {
namespace {

using carillon::FigureRole;
using carillon::RunReport;

/// Why an item was rejected or stays, by the word for it.
Message whyOf(std::string word) {
    std::replace(word.begin(), word.end(), ' ', '_');
    return say("why." + word);
}

/// ` (unknown_token 2, malformed)`
Message inBrackets(const std::map<std::string, std::int64_t>& counted) {
    Message list;
    for (const auto& [word, number] : counted)
        list += (list.empty() ? " (" : ", ") +
                (number > 1 ? say("counted", {{"what", whyOf(word)}, {"n", number}}) : whyOf(word));
    return list.empty() ? list : list + ")";
}

Message mostFrequent(const std::map<std::string, std::int64_t>& reasons) {
    std::string most = "known as rejected already";
    std::int64_t times = 0;
    for (const auto& [reason, number] : reasons)
        if (number > times) {
            most = reason;
            times = number;
        }
    return whyOf(most);
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

void Tally::warn(Message text) {
    if (warnings.size() < RunReport::kMaxWarnings)
        warnings.push_back(std::move(text));
    else
        ++warningsOmitted;
}

Message Tally::decided() const {
    Message text = say("applied", {{"n", applied}});
    if (duplicate > 0) text += ", " + say("duplicate", {{"n", duplicate}});
    if (rejected > 0) text += ", " + say("rejected", {{"n", rejected}}) + inBrackets(reasons);
    return text;
}

Message Tally::describeLeft() const {
    std::int64_t items = 0;
    for (const auto& [why, number] : left) items += number;
    if (items == 0) return {};
    return say("left", {{"n", items}}) + inBrackets(left);
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

RunReport Tally::report(const Message& failure, const Message& done) const {
    RunReport report;
    report.outcome = !failure.empty() ? carillon::Outcome::Failed
                     : fetched() == 0 ? carillon::Outcome::NothingToDo
                                      : carillon::Outcome::Succeeded;
    report.message = fetched() == 0 ? say("nothing.pending") : done;
    if (!failure.empty()) report.message = failure + (fetched() == 0 ? Message() : " (" + done + ")");
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

RunReport Tally::reportDecided(const Message& failure) const {
    return report(failure, say("fetched", {{"n", fetched()}}) + ", " + decided());
}

/// See "Metrics" in host/GUIDE.md for how a figure becomes a metric.
RunReport Tally::reportRun(const Message& failure, carillon::TimePoint begunAt, carillon::TimePoint now) const {
    const Message why = failure.empty() ? describeLeft() : failure;
    RunReport run = report(
        why, say("fetched", {{"n", fetched()}}) + ", " + decided() + ", " + say("acknowledged", {{"n", acknowledged}}));
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
    if (tally.recognised > 0 || tally.fetched() < kValveItems || maxRatio >= 1) return;
    throw SafetyValveOpened(say("valve", {{"n", tally.fetched()},
                                          {"mostly", mostFrequent(tally.reasons)},
                                          {"percent", static_cast<int>(maxRatio * 100 + 0.5)}}));
}

}  // namespace passerelle
