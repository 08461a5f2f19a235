#pragma once

#include "carillon/Figure.h"
#include "carillon/Interface.h"
#include "carillon/Message.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <functional>
#include <string>

namespace carillon {

/// What a run would do with one item. `what` names it without a secret.
struct PlannedItem {
    std::string what{};
    std::string effect{};  ///< One word for programs, a figure of the report: applied, duplicate, rejected.
    std::string reason{};  ///< One more, such as unknown_token; may be empty.
    Message detail{};      ///< One sentence for people.
    FigureRole role = FigureRole::None;  ///< Work: it would be done; Rejected: put aside; None: neither.
};

using PlanSink = std::function<void(const PlannedItem&)>;

/// A task that can tell what a run would do (carillon run --dry-run): it derives from this beside SyncTask.
class CARILLON_INTERFACE Previews {
public:
    virtual ~Previews() = default;

    /// Hands each item that run() would deal with now to the sink, in its order. Writes nothing, here or elsewhere. The
    /// report counts what run() would do, and has failed where that would fail.
    virtual RunReport preview(RunContext& context, const PlanSink& sink) = 0;
};

}  // namespace carillon
