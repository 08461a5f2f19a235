#include "alerts/AlertClaims.h"

#include "store/Sql.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kSelectDue = R"sql(
    SELECT id, job, facts, COALESCE(message, ''), attempts, fence, state, COALESCE(owner, ''), COALESCE(lease_until, 0)
      FROM alert WHERE channel = ? AND (state = 'sending' OR (state = 'waiting' AND due_at <= ?))
     ORDER BY created_at, id LIMIT 200)sql";

constexpr std::string_view kCountDue = R"sql(
    SELECT COUNT(*) FROM alert WHERE channel = ? AND (state = 'sending' OR (state = 'waiting' AND due_at <= ?)))sql";

constexpr std::string_view kSelectMessage = R"sql(
    SELECT id, job, facts, COALESCE(message, ''), attempts, fence, state, COALESCE(owner, ''), COALESCE(lease_until, 0)
      FROM alert WHERE channel = ? AND state IN ('waiting', 'sending') AND message = ? ORDER BY created_at, id)sql";

constexpr std::string_view kTakeAlert = R"sql(
    UPDATE alert SET state = 'sending', message = ?, attempts = attempts + 1, fence = fence + 1, owner = ?,
           lease_until = ?, due_at = ?
     WHERE id = ? AND fence = ?)sql";

constexpr std::string_view kDropAlert = R"sql(
    UPDATE alert SET state = 'dropped', fence = fence + 1, owner = NULL, lease_until = NULL, ended_at = ?, problem = ?
     WHERE id = ? AND fence = ?)sql";

constexpr std::string_view kSettleAlert = R"sql(
    UPDATE alert SET state = ?, due_at = ?, fence = fence + 1, owner = NULL, lease_until = NULL, ended_at = ?,
           problem = ?
     WHERE id = ? AND fence = ? AND state = 'sending')sql";

constexpr std::string_view kDeleteAlert = "DELETE FROM alert WHERE id = ? AND fence = ? AND state = 'sending'";

/// A message of more alerts than that nobody reads.
constexpr std::size_t kMostTogether = 50;

/// What the column holds.
constexpr std::size_t kMostProblem = 400;

using Poco::Int64;
using DueTuple =
    Poco::Tuple<std::string, std::string, std::string, std::string, Int64, Int64, std::string, std::string, Int64>;

std::string cut(const std::string& text) {
    std::size_t end = std::min(text.size(), kMostProblem);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

/// An alert that may be claimed.
struct Due {
    std::string id{};
    std::string job{};
    std::string facts{};
    std::string message{};
    Int64 attempts = 0;
    Int64 fence = 0;
};

/// A sender that is gone leaves what it sent to others, also before its lease is over; one that lives on this host
/// never does.
bool isFree(const DueTuple& row, const ProcessIdentity& self, TimePoint now) {
    if (enumOf<AlertPhase>(row.get<6>()) == AlertPhase::Waiting) return true;
    const auto owner = ProcessIdentity::parse(row.get<7>());
    const Liveness liveness = owner ? livenessOf(*owner, self) : Liveness::Unknown;
    return liveness == Liveness::Gone || (liveness == Liveness::Unknown && fromMicros(row.get<8>()) < now);
}

std::vector<Due> toDue(const std::vector<DueTuple>& rows, const ProcessIdentity& self, TimePoint now) {
    std::vector<Due> due;
    for (const auto& row : rows)
        if (isFree(row, self, now))
            due.push_back({row.get<0>(), row.get<1>(), row.get<2>(), row.get<3>(), row.get<4>(), row.get<5>()});
    return due;
}

/// The oldest that can be sent, with those that go out with it. What goes nowhere is dropped.
std::vector<Due> chooseAlerts(Poco::Data::Session& session, const AlertClaim& claim, TimePoint now) {
    const std::string channel(nameOf(claim.channel));
    std::vector<Due> together;
    std::string target;
    for (auto& due : toDue(select<DueTuple>(session, kSelectDue, channel, toMicros(now)), claim.owner, now)) {
        const auto itsTarget = claim.targetOf(due.job);
        if (!itsTarget) {
            execute(session, kDropAlert, toMicros(now), std::string("this channel is not configured any more"), due.id,
                    due.fence);
            continue;
        }
        if (together.empty() && !due.message.empty())
            return toDue(select<DueTuple>(session, kSelectMessage, channel, due.message), claim.owner, now);
        if (together.empty()) target = *itsTarget;
        if (!due.message.empty() || *itsTarget != target) continue;
        together.push_back(std::move(due));
        if (together.size() == kMostTogether) break;
    }
    return together;
}

}  // namespace

bool hasDueAlerts(Poco::Data::Session& session, AlertChannel channel, TimePoint now) {
    const auto rows = select<Poco::Tuple<Int64>>(session, kCountDue, std::string(nameOf(channel)), toMicros(now));
    return rows.front().get<0>() > 0;
}

std::optional<ClaimedAlerts> claimAlerts(Poco::Data::Session& session, const AlertClaim& claim, TimePoint now) {
    const auto chosen = chooseAlerts(session, claim, now);
    if (chosen.empty()) return std::nullopt;
    ClaimedAlerts claimed;
    claimed.message =
        chosen.front().message.empty() ? alertHash("message\n" + chosen.front().id) : chosen.front().message;
    for (const auto& due : chosen) {
        if (execute(session, kTakeAlert, claimed.message, claim.owner.toText(), toMicros(now + claim.lease),
                    toMicros(now), due.id, due.fence) != 1)
            continue;  // another host has it
        claimed.attempts = std::max(claimed.attempts, due.attempts + 1);
        claimed.items.push_back({due.id, due.fence + 1, readAlert(due.facts, due.job)});
    }
    return claimed.items.empty() ? std::nullopt : std::optional(std::move(claimed));
}

void settleAlerts(Poco::Data::Session& session, const ClaimedAlerts& alerts, const AlertAttempt& attempt,
                  AlertChannel channel, TimePoint now) {
    for (const auto& item : alerts.items) {
        if (attempt.delivered && channel == AlertChannel::Ping) {
            execute(session, kDeleteAlert, item.id, Int64{item.fence});
            continue;
        }
        Poco::Nullable<Int64> endedAt;
        if (attempt.delivered) endedAt = toMicros(now);
        execute(session, kSettleAlert, std::string(nameOf(attempt.delivered ? AlertPhase::Sent : AlertPhase::Waiting)),
                toMicros(attempt.delivered ? now : attempt.retryAt), endedAt, cut(attempt.problem), item.id,
                Int64{item.fence});
    }
}

}  // namespace carillon
