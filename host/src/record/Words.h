#pragma once

#include "base/EnumNames.h"
#include "carillon/Check.h"
#include "carillon/Figure.h"
#include "carillon/Items.h"
#include "carillon/MailAccount.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace carillon {

/// How a due time ended.
enum class SlotEnding : std::uint8_t {
    Ran,      ///< It became a run.
    Skipped,  ///< It was not to run then: another run was in progress, or somebody wanted it so.
    Merged,   ///< The run of a later slot stands for it.
    Missed,   ///< It passed while nothing could fire, and may not be caught up with.
};
template <>
inline constexpr std::array kEnumNames<SlotEnding>{std::string_view("ran"), std::string_view("skipped"),
                                                   std::string_view("merged"), std::string_view("missed")};

/// How a job stands in its host. Of those that hold at once, the first.
enum class JobPhase : std::uint8_t { Faulty, Running, Paused, Disabled, Waiting, Retrying, Manual, Idle };
template <>
inline constexpr std::array kEnumNames<JobPhase>{
    std::string_view("faulty"),  std::string_view("running"),  std::string_view("paused"), std::string_view("disabled"),
    std::string_view("waiting"), std::string_view("retrying"), std::string_view("manual"), std::string_view("idle")};

/// How a host stands as a whole.
enum class HostPhase : std::uint8_t {
    Ready,
    Degraded,  ///< Something needs a person.
    Draining   ///< It ends: nothing fires any more.
};
template <>
inline constexpr std::array kEnumNames<HostPhase>{std::string_view("ready"), std::string_view("degraded"),
                                                  std::string_view("draining")};

template <>
inline constexpr auto kEnumNames<Outcome> = kOutcomeNames;
template <>
inline constexpr auto kEnumNames<FigureKind> = kFigureKindNames;
template <>
inline constexpr auto kEnumNames<FigureRole> = kFigureRoleNames;
template <>
inline constexpr auto kEnumNames<Trigger> = kTriggerNames;
/// Of a name that may be another version's.
inline Trigger triggerOf(std::string_view name) {
    return enumOf<Trigger>(name).value_or(Trigger::Other);
}
/// Whether a run so triggered does the work of its job. To decide rejects anew or to let them go is an act on what the
/// job left, and no work of its own. Invariant: how a job stands (its last run, failures in a row, alerts, strips,
/// charts) follows from runs of its own work alone; an act tells only how many rejects are open.
constexpr bool isOwnWork(Trigger trigger) {
    return trigger != Trigger::Replay;
}
template <>
inline constexpr auto kEnumNames<ItemState> = kItemStateNames;
template <>
inline constexpr auto kEnumNames<CheckState> = kCheckStateNames;
template <>
inline constexpr std::array kEnumNames<MailAccount::Security>{std::string_view("starttls"), std::string_view("tls"),
                                                              std::string_view("none")};

}  // namespace carillon
