#pragma once

#include "JobOptions.h"

#include "carillon/Items.h"
#include "carillon/MailAccount.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"
#include "carillon/SyncTask.h"

namespace passerelle {

/// Brings the validators' answers from the gateway into Agora.
class PasserelleSync final : public carillon::SyncTask,
                             public carillon::KeepsRejects,
                             public carillon::KeepsItems,
                             public carillon::Previews,
                             public carillon::HasMailAccount {
public:
    void configure(carillon::ConfigReader& config) override;
    carillon::RunReport run(carillon::RunContext& context) override;
    carillon::RunReport preview(carillon::RunContext& context, const carillon::PlanSink& sink) override;
    void check(carillon::RunContext& context, const carillon::CheckSink& sink) override;
    std::vector<carillon::Reject> rejects(carillon::RunContext& context, const carillon::RejectQuery& query) override;
    carillon::RunReport replay(carillon::RunContext& context, const carillon::ReplayRequest& request) override;
    std::vector<carillon::Item> items(carillon::RunContext& context, const carillon::ItemQuery& query) override;
    carillon::RunReport dismiss(carillon::RunContext& context, const carillon::DismissRequest& request) override;
    carillon::RunReport verify(carillon::RunContext& context, const carillon::ItemSink& gone) override;
    carillon::MailAccount mailAccount(carillon::RunContext& context) override;

private:
    /// Does the work with its parts where the settings ask for it.
    template <typename Work>
    carillon::RunReport withParts(carillon::RunContext& context, const Work& work);

    SyncOptions _options;
};

}  // namespace passerelle
