#include "SafetyValve.h"

#include <string>

namespace passerelle {
namespace {

std::string mostFrequent(const std::map<std::string, std::int64_t>& reasons) {
    std::string most = "known as rejected already";
    std::int64_t times = 0;
    for (const auto& [reason, number] : reasons)
        if (number > times) {
            most = reason;
            times = number;
        }
    return most;
}

}  // namespace

void requireRecognised(const Tally& tally, double maxRatio) {
    const std::string unknown = std::to_string(tally.fetched());
    if (tally.recognised > 0 || tally.fetched() < kValveItems || maxRatio >= 1) return;
    throw SafetyValveOpened("safety valve: " + unknown + " of " + unknown + " items would be rejected (mostly " +
                            mostFrequent(tally.reasons) + ") and Agora knows none of their tokens, more than " +
                            "task.rejects.max_ratio = " + std::to_string(static_cast<int>(maxRatio * 100 + 0.5)) +
                            " % allows; is this the database that belongs to this gateway? No rejection was stored, "
                            "nothing was acknowledged. Where it is, and strangers filled the gateway: carillon run JOB "
                            "--set task.rejects.max_ratio=1");
}

}  // namespace passerelle
