#pragma once

#include "AgoraSession.h"
#include "MailPlan.h"

#include "carillon/Clock.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace passerelle {

/// Why a mail is put aside for a person. As the column reason has them.
inline constexpr const char* kUncertain = "uncertain";       ///< It may have been sent.
inline constexpr const char* kMailRefused = "mail_refused";  ///< By the mail server.
inline constexpr const char* kBadAddress = "bad_address";

struct OutboxMail {
    std::int64_t id = 0;
    PlannedMail plan{};
    carillon::TimePoint createdAt{};
    std::int64_t attempts = 0;
};

/// `'approved', 'refused')`: the rest of an IN.
std::string kindList(std::span<const MailKind> kinds);

/// Rows of the table passerelle_outbox, the oldest first: of these kinds, and of what `condition` says, which has one
/// place for a value. Tried again where the database was away.
std::vector<OutboxMail> selectMails(AgoraSession& session, std::span<const MailKind> kinds,
                                    const std::string& condition, std::string value, std::int64_t limit);

}  // namespace passerelle
