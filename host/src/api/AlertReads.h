#pragma once

#include "alerts/AlertRows.h"
#include "api/ApiContext.h"
#include "api/Router.h"

#include <string>
#include <vector>

namespace carillon {

/// The words ?job, kind, channel, state, since and until.
AlertWords alertWordsOf(const WebCall& call);
/// What they and ?cursor mean. Throws HttpRefusal: 400, and 404 for a job that is not for these eyes.
AlertQuery alertQueryOf(ApiContext& context, const WebCall& call);

/// A page of the alerts that the caller may see.
struct VisibleAlerts {
    std::vector<AlertRow> rows{};
    std::string next{};  ///< Where the list goes on; empty: nowhere.
};
/// Alerts of the host itself are nobody's who may see some jobs only.
VisibleAlerts visibleAlerts(ApiContext& context, const Caller& caller, AlertQuery query);

/// `GET /api/v1/alerts`.
void addAlertRoutes(Router& router, ApiContext& context);

}  // namespace carillon
