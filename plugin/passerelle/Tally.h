#pragma once

#include "AgoraTime.h"
#include "Settlement.h"
#include "Texts.h"
#include "Validation.h"

#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include "Poco/Exception.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// What a run, a dry run or a replay has done so far, and how it says so.
struct Tally {
    std::int64_t applied = 0;
    std::int64_t duplicate = 0;
    std::int64_t rejected = 0;
    std::int64_t recognised = 0;  ///< Of these three, those whose token Agora knows, or did once.
    std::int64_t acknowledged = 0;
    std::int64_t forgotten = 0;  ///< Old rejects of unknown tokens that were deleted.
    std::int64_t voided = 0;     ///< Of a sample of what was applied: what changes in Agora took back,
    std::int64_t lost = 0;       ///< what is gone without such a cause,
    std::int64_t changed = 0;    ///< and what has another answer there.
    std::map<std::string, std::int64_t> reasons{};  ///< Of the rejections.
    std::map<std::string, std::int64_t> left{};     ///< Why items stay on the gateway unacknowledged.
    std::optional<std::int64_t> pendingAfter{};
    std::optional<std::int64_t> rejects{};            ///< In the inbox, of all runs.
    std::optional<carillon::TimePoint> oldest{};      ///< Answer of the items that were listed,
    std::optional<carillon::TimePoint> oldestLeft{};  ///< and of those that are left.
    std::uint64_t bytes = 0;
    std::chrono::seconds retryAfter{0};  ///< What the gateway asks us to wait, and
    bool isHopeless = false;             ///< whether another attempt can help: of the failure.
    std::vector<Message> warnings{};
    std::int64_t warningsOmitted = 0;

    std::int64_t fetched() const { return applied + duplicate + rejected; }

    void noteListed(const std::vector<Validation>& items, const AgoraTime& time);
    void count(const Effects& effects);
    /// Why it ends early.
    void noteCause(const Poco::Exception& cause);
    void leave(const std::string& why, std::int64_t items) { left[why] += items; }
    void warn(Message text);

    /// `3 applied, 1 duplicate, 2 rejected (unknown_token 2)`
    Message decided() const;
    /// `2 items stay on the gateway (too_large 2)`; empty: none does.
    Message describeLeft() const;

    /// Of a dry run or a replay; a failure is why it ended early, and empty otherwise.
    carillon::RunReport reportDecided(const Message& failure) const;
    /// Of a run, with what monitoring shows of the gateway.
    carillon::RunReport reportRun(const Message& failure, carillon::TimePoint begunAt, carillon::TimePoint now) const;

    /// What monitoring shows of a run's or a replay's items.
    void tellItems(carillon::RunReport& report) const;

private:
    carillon::RunReport report(const Message& failure, const Message& done) const;
    std::optional<std::chrono::seconds> lag(bool failed, carillon::TimePoint begunAt, carillon::TimePoint now) const;
};

/// Agora knows nothing of what the gateway lists, or takes nothing of it: the fault is not the items', and none of them
/// is to be put aside or acknowledged for it.
class SafetyValveOpened : public carillon::Failure {
public:
    using Failure::Failure;
    const char* name() const noexcept override { return "Safety valve"; }
    Poco::Exception* clone() const override { return new SafetyValveOpened(*this); }
    void rethrow() const override { throw *this; }
};

/// From this many items on the valve judges.
constexpr std::int64_t kValveItems = 20;

/// Of a listing as a whole: throws SafetyValveOpened when nothing in it is known to Agora and more than `maxRatio` of
/// it was rejected. One token that Agora knows proves that the database is the right one; what strangers put into the
/// gateway beside it must not stop the others.
void requireRecognised(const Tally& tally, double maxRatio);

}  // namespace passerelle
