#pragma once

#include "OutboxReview.h"

#include "carillon/RunReport.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace passerelle {

/// What a run that sends mail has done so far, and how it says so. No text holds an address.
struct MailTally {
    std::int64_t planned = 0;
    std::int64_t sent = 0;
    std::int64_t putAside = 0;   ///< For a person, the uncertain ones among them.
    std::int64_t uncertain = 0;  ///< They may have been sent.
    std::int64_t dropped = 0;    ///< Nobody has a use for them any more.
    std::int64_t postponed = 0;  ///< The server does not take them now.
    OutboxCounts standing{};     ///< At the end.
    std::string failure{};       ///< Why it ends early.
    bool isHopeless = false;     ///< The failure lasts until a person has mended its cause.
    std::chrono::seconds retryAfter{0};
    std::vector<std::string> warnings{};

    void fail(std::string why) {
        if (failure.empty()) failure = std::move(why);
    }

    /// `nothing` is said where there was nothing to do.
    carillon::RunReport report(const std::string& nothing) const;
};

/// `refused, campaign 12, user 7`
std::string mailName(const PlannedMail& mail);

}  // namespace passerelle
