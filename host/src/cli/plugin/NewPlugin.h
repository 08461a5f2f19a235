#pragma once

#include "carillon/SyncTask.h"

#include <cstdint>
#include <string>

/// Greets somebody, as many times as it is told.
class NewPlugin final : public carillon::SyncTask {
public:
    void configure(carillon::ConfigReader& config) override;
    carillon::RunReport run(carillon::RunContext& context) override;
    void check(carillon::RunContext& context, const carillon::CheckSink& sink) override;

private:
    std::string _name{};
    std::int64_t _times = 0;
};
