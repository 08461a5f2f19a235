#pragma once

#include "JobOptions.h"

#include "carillon/SyncTask.h"

namespace passerelle {

/// Deletes tokens that expired more than `task.days` ago, and inbox rows that were applied and acknowledged as long
/// ago. Rejected items stay: nobody has dealt with them yet.
class TokensClean final : public carillon::SyncTask {
public:
    void configure(carillon::ConfigReader& config) override;
    carillon::RunReport run(carillon::RunContext& context) override;
    void check(carillon::RunContext& context, const carillon::CheckSink& sink) override;

private:
    carillon::RunReport clean(carillon::RunContext& context) const;

    CleanOptions _options;
};

}  // namespace passerelle
