#pragma once

#include "AgoraTime.h"
#include "Settlement.h"
#include "Validation.h"

#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

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
    std::int64_t forgotten = 0;                     ///< Old rejects of unknown tokens that were deleted.
    std::map<std::string, std::int64_t> reasons{};  ///< Of the rejections.
    std::map<std::string, std::int64_t> left{};     ///< Why items stay on the gateway unacknowledged.
    std::optional<std::int64_t> pendingAfter{};
    std::optional<std::int64_t> rejects{};            ///< In the inbox, of all runs.
    std::optional<carillon::TimePoint> oldest{};      ///< Answer of the items that were listed,
    std::optional<carillon::TimePoint> oldestLeft{};  ///< and of those that are left.
    std::uint64_t bytes = 0;
    std::vector<std::string> warnings{};
    std::int64_t warningsOmitted = 0;

    std::int64_t fetched() const { return applied + duplicate + rejected; }

    void noteListed(const std::vector<Validation>& items, const AgoraTime& time);
    void count(const Effects& effects);
    void leave(const std::string& why, std::int64_t items) { left[why] += items; }
    void warn(std::string text);

    /// `3 applied, 1 duplicate, 2 rejected (unknown_token 2)`
    std::string decided() const;
    /// `2 items stay on the gateway (too_large 2)`; empty: none does.
    std::string describeLeft() const;

    /// Of a dry run or a replay; a failure is why it ended early, and empty otherwise.
    carillon::RunReport reportDecided(const std::string& failure) const;
    /// Of a run, with what monitoring shows of the gateway.
    carillon::RunReport reportRun(const std::string& failure, carillon::TimePoint begunAt,
                                  carillon::TimePoint now) const;

    /// What monitoring shows of a run's or a replay's items.
    void tellItems(carillon::RunReport& report) const;

private:
    carillon::RunReport report(const std::string& failure, const std::string& done) const;
    std::optional<std::chrono::seconds> lag(bool failed, carillon::TimePoint begunAt, carillon::TimePoint now) const;
};

}  // namespace passerelle
