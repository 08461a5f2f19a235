#pragma once

#include "alerts/AlertPolicy.h"
#include "base/Fields.h"
#include "store/JobStanding.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a person has to know of a job, whether or not anybody is alerted to it. Plain data.
struct JobTrouble {
    enum class Kind : std::uint8_t {
        Failed,  ///< Its last run failed.
        Late,    ///< It has not succeeded within its alert time (alerts.late): its slots pass without a run.
        Rejects  ///< Items that its runs put aside wait for somebody.
    };
    Kind kind = Kind::Failed;
    std::string job{};
    TimePoint since{};       ///< 1970: not known.
    std::int64_t count = 1;  ///< Of failed runs in a row, of slots, of rejects.
    std::string message{};   ///< Of the failed run.
    std::string run{};       ///< Likewise.
};

/// Pure. The failed ones first, then as above; of each kind by job. Of jobs that the configuration has.
std::vector<JobTrouble> findTroubles(const std::vector<JobStanding>& standings, const AlertPolicy& policy,
                                     TimePoint now);

/// In English, with what to do. `job sync-towns failed 3 min ago: …`
std::string sentenceOf(const JobTrouble& trouble, TimePoint now);

template <>
inline constexpr std::array<std::string_view, 3> kEnumNames<JobTrouble::Kind>{"failed", "late", "rejects"};

template <class Archive>
void fields(Archive& archive, JobTrouble& trouble) {
    archive("job", trouble.job);
    archive("kind", trouble.kind);
    archive("since", trouble.since);
    archive("count", trouble.count);
    archive.orNull("run", trouble.run);
    archive("message", trouble.message);
}

}  // namespace carillon
