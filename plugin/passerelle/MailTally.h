#pragma once

#include "OutboxReview.h"
#include "Texts.h"

#include "carillon/RunReport.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace passerelle {

/// What a run that sends mail has done so far, and how it says so. No text holds an address.
struct MailTally {
    std::int64_t planned = 0;
    std::int64_t sent = 0;
    std::int64_t putAside = 0;                      ///< For a person, the uncertain ones among them.
    std::int64_t uncertain = 0;                     ///< They may have been sent.
    std::map<std::string, std::int64_t> dropped{};  ///< Nobody has a use for them any more: how many for which reason.
    std::int64_t postponed = 0;                     ///< The server does not take them now.
    OutboxCounts standing{};                        ///< At the end.
    Message failure{};                              ///< Why it ends early.
    bool isHopeless = false;                        ///< The failure lasts until a person has mended its cause.
    std::chrono::seconds retryAfter{0};
    std::vector<Message> warnings{};

    void fail(Message why) {
        if (failure.empty()) failure = std::move(why);
    }

    /// `nothing` is said where there was nothing to do.
    carillon::RunReport report(const Message& nothing) const;

private:
    std::int64_t allDropped() const;
    Message done() const;
};

/// `refused, campaign 12, user 7`: for programs and logs.
std::string mailName(const PlannedMail& mail);
/// The same in words.
Message mailInWords(const PlannedMail& mail);

/// Why a mail was dropped, by the word for it.
Message whyDroppedInWords(const std::string& reason);

}  // namespace passerelle
