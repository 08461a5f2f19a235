#pragma once

#include "AgoraSession.h"
#include "MailPlan.h"
#include "Texts.h"

#include "carillon/Clock.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace passerelle {

/// Why a mail is put aside for a person. As the column reason has them.
inline constexpr const char* kUncertain = "uncertain";       ///< It may have been sent.
inline constexpr const char* kMailRefused = "mail_refused";  ///< By the mail server.
inline constexpr const char* kBadAddress = "bad_address";

/// So begin the codes of why a mail is put aside, beside those of what the mail server did.
inline constexpr std::string_view kAsideCodes = "aside.";

/// A mail that is being sent since a moment before the one was left by its run; so was one that is since a moment
/// behind the other, by a clock that was ahead.
struct AbandonedBounds {
    carillon::TimePoint before{};
    carillon::TimePoint after{};
};

/// The condition on a row for that.
std::string isAbandoned(const AbandonedBounds& bounds);

/// What a run that was ended leaves behind.
Message abandonedMail();

/// The column detail in words: it keeps the English sentence.
Message mailDetail(const std::string& detail);

struct OutboxMail {
    std::int64_t id = 0;
    PlannedMail plan{};
    carillon::TimePoint createdAt{};
    std::int64_t attempts = 0;
    std::optional<carillon::TimePoint> perhapsSentAt{};  ///< It may be a second one.
};

/// `'approved', 'refused')`: the rest of an IN.
std::string kindList(std::span<const MailKind> kinds);

/// Rows of the table passerelle_outbox, the oldest first: of these kinds, and of what `condition` says, which has one
/// place for a value. Tried again where the database was away.
std::vector<OutboxMail> selectMails(AgoraSession& session, std::span<const MailKind> kinds,
                                    const std::string& condition, std::string value, std::int64_t limit);

}  // namespace passerelle
