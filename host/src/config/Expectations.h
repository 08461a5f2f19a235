#pragma once

#include "base/ConfigSource.h"
#include "base/Fields.h"
#include "carillon/ConfigReader.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What may not be as a job's author expects. Each is an AlertKind and a kind of JobTrouble of the same name.
enum class ExpectationKind : std::uint8_t {
    Slow,       ///< job.expect.duration: a run takes so long at most,
    Fast,       ///< and so long at least.
    NoSuccess,  ///< job.expect.success_within.
    Counter     ///< job.expect.counters.NAME.
};
template <>
inline constexpr std::array<std::string_view, 4> kEnumNames<ExpectationKind>{"slow", "fast", "no_success", "counter"};

/// One thing that the author of a job expects. Plain data.
struct Expectation {
    ExpectationKind kind = ExpectationKind::Slow;
    std::string counter{};                ///< Counter: its key in the report. Else empty.
    std::optional<std::int64_t> least{};  ///< In milliseconds, but of a counter.
    std::optional<std::int64_t> most{};   ///< Likewise. NoSuccess: between two successes.

    /// What tells it from the job's others: `slow`, `counter items`.
    std::string key() const { return std::string(nameOf(kind)) + (counter.empty() ? "" : ' ' + counter); }
    /// Whether a value is as expected.
    bool takes(std::int64_t value) const { return (!least || value >= *least) && (!most || value <= *most); }

    bool operator==(const Expectation&) const = default;
};

/// The same beside what was found. Plain data.
struct ExpectationFinding : Expectation {
    std::optional<std::int64_t> found{};  ///< In the same unit; nothing: the run does not tell the counter.
    bool isRunning = false;               ///< Slow: the run still goes on.
    bool isMet = false;                   ///< Not told to others: they hear of what is not met.

    bool operator==(const ExpectationFinding&) const = default;
};

/// The keys job.expect.*, in the order of the kinds, counters by name. Faults are in the reader; `source`: where it
/// reads.
std::vector<Expectation> readExpectations(ConfigReader& in, const ConfigSource& source);

template <class Archive>
void fields(Archive& archive, Expectation& expectation) {
    archive("kind", expectation.kind);
    archive.ifAny("counter", expectation.counter);
    archive.ifAny("at_least", expectation.least);
    archive.ifAny("at_most", expectation.most);
}

template <class Archive>
void fields(Archive& archive, ExpectationFinding& finding) {
    fields(archive, static_cast<Expectation&>(finding));
    archive.ifAny("found", finding.found);
    archive.ifAny("running", finding.isRunning);
}

}  // namespace carillon
