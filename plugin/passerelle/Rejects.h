#pragma once

#include "Inbox.h"

#include "carillon/Rejects.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// The items of the inbox that were put aside. Functions that take part in a transaction are marked so; the others are
/// transactions of their own, with retries.
class Rejects {
public:
    /// Borrows the session.
    explicit Rejects(AgoraSession& session) : _session(session) {}

    std::vector<carillon::Reject> list(const carillon::RejectQuery& query);
    std::int64_t count();
    /// The item of a reject, also a dismissed one, as it came; nothing when there is no such reject.
    std::optional<std::string> payload(std::int64_t id);

    /// In the transaction: false, the item is no reject any more, nor a dismissed one; else it stays one until the end.
    bool lock(std::int64_t id);
    /// In the transaction: what became of a replayed item; its detail also where it is applied. A dismissal is over.
    void resettle(std::int64_t id, const InboxRow& row, const std::string& run);

    /// Takes back what this listing put aside after that item, which the gateway still has.
    void takeBack(const Listing& listing, std::int64_t after);
    /// Deletes rejects of unknown tokens and of items without a token: those received before `before`, and of the
    /// others the oldest beyond kMostStrangers of them or kMostStrangersText of their payloads. Returns how many.
    std::int64_t forgetStrangers(carillon::TimePoint before);
    static constexpr std::int64_t kMostStrangers = 10'000;
    static constexpr std::int64_t kMostStrangersText = 64 << 20;

private:
    std::int64_t lastStrangerTooMany();

    AgoraSession& _session;
};

}  // namespace passerelle
