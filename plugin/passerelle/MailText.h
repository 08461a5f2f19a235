#pragma once

#include "CampaignReader.h"
#include "MailPlan.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace passerelle {

/// Subject and text of a mail. The subject is one line; lines of the text end with a line feed.
struct MailWords {
    std::string subject{};
    std::string text{};
};

/// All that a mail says. What is not of its kind is not looked at.
struct MailFacts {
    MailKind kind = MailKind::Approved;
    std::string recipient{};  ///< The name.
    std::string title{};      ///< Of the campaign.
    std::vector<MailAnswer> answers{};
    MailInvitation invitation{};
    std::string link{};       ///< By which to answer; empty: it is in the invitation.
    bool hasExpired = false;  ///< The invitation: nobody can answer by its link any more.
    std::chrono::local_days deadline{};
    std::chrono::local_days today{};
    bool toCreator = false;             ///< Of an alert: else to a validator who has not answered.
    std::vector<std::string> silent{};  ///< Names of the validators who have not answered.
};

/// In French, as Agora speaks. Whatever stands in titles, names and comments, nothing in the result is hidden or begins
/// a line of its own.
MailWords wordMail(const MailFacts& facts);

}  // namespace passerelle
