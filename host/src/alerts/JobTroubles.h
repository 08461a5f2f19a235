#pragma once

#include "alerts/AlertPolicy.h"
#include "base/Fields.h"
#include "config/Expectations.h"
#include "store/JobStanding.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a person has to know of a job, whether or not anybody is alerted to it. Plain data.
struct JobTrouble {
    enum class Kind : std::uint8_t {
        Failed,   ///< Its last run failed.
        Late,     ///< It has not succeeded within its alert time (alerts.late): its slots pass without a run.
        Rejects,  ///< Items that its runs put aside wait for somebody.
        Slow,     ///< As those below: an ExpectationKind of the same name is not met.
        Fast,
        NoSuccess,
        Counter
    };
    Kind kind = Kind::Failed;
    std::string job{};
    TimePoint since{};  ///< 1970: not known.
    std::int64_t count =
        1;  ///< Of failed runs in a row, of slots, of rejects, of runs in a row that are not as expected.
    std::string message{};                            ///< Of the failed run.
    std::string run{};                                ///< Likewise; or the last run that is not as expected.
    std::optional<ExpectationFinding> expectation{};  ///< What is not met.

    /// Whether it is about what is expected of the job.
    bool isOfExpectation() const { return expectation.has_value(); }
};

/// Pure. The failed ones first, then as above; of each kind by job. Of jobs that the configuration has.
std::vector<JobTrouble> findTroubles(const std::vector<JobStanding>& standings, const AlertPolicy& policy,
                                     TimePoint now);

/// In English, with what to do. `job sync-towns failed 3 min ago: …`
std::string sentenceOf(const JobTrouble& trouble, TimePoint now);

template <>
inline constexpr std::array<std::string_view, 7> kEnumNames<JobTrouble::Kind>{"failed", "late",       "rejects", "slow",
                                                                              "fast",   "no_success", "counter"};

template <class Archive>
void fields(Archive& archive, JobTrouble& trouble) {
    archive("job", trouble.job);
    archive("kind", trouble.kind);
    archive("since", trouble.since);
    archive("count", trouble.count);
    archive.orNull("run", trouble.run);
    archive("message", trouble.message);
    archive.ifAny("expectation", trouble.expectation);
}

}  // namespace carillon
