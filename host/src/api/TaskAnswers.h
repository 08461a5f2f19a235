#pragma once

#include "api/ApiContext.h"
#include "carillon/Check.h"
#include "worker/WorkerRequest.h"

#include <vector>

/// What a job's task answers beside its runs, from a process of its own, of which there are few at once. Each throws
/// HttpRefusal: 409 the job is faulty, 503 too many ask already.
namespace carillon {

/// Processes that answer at once.
constexpr int kMostAsking = 4;

/// The job of a query, as its task gets it.
struct AskedJob {
    std::shared_ptr<const Configuration> configuration{};
    JobConfig job{};
};
/// Throws HttpRefusal: 409, the job is faulty.
AskedJob askedJob(std::shared_ptr<const Configuration> configuration, const JobRef& ref);

/// Throw HttpRefusal: 404, the task keeps none.
void requireRejects(ApiContext& context, const AskedJob& asked);
void requireItems(ApiContext& context, const AskedJob& asked);
/// The same of an act on rejects: also 409, the job is faulty. Any other verb needs neither.
void requireAbility(ApiContext& context, const std::shared_ptr<const Configuration>& configuration, const JobRef& ref,
                    WorkerRequest::Verb act);

/// Hands each check to the sink as it is known; what keeps the task from checking is a check that failed.
void askChecks(ApiContext& context, const AskedJob& asked, const CheckSink& sink);

/// Throw HttpRefusal: 404, the task keeps none; 502, it could not answer.
std::vector<Reject> askRejects(ApiContext& context, const AskedJob& asked, const RejectQuery& query);
std::vector<Item> askItems(ApiContext& context, const AskedJob& asked, const ItemQuery& query);

}  // namespace carillon
