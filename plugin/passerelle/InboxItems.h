#pragma once

#include "AgoraSession.h"

#include "carillon/Clock.h"
#include "carillon/Items.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace passerelle {

/// A row of the inbox as people ask for it.
struct StoredItem {
    std::int64_t id = 0;
    carillon::ItemState state = carillon::ItemState::Applied;
    std::string reason{};
    std::string detail{};
    std::string payload{};
    carillon::TimePoint receivedAt{};
    std::string run{};
    bool acknowledged = false;
    std::int64_t campaign = 0;  ///< 0: not known, as the two below.
    std::int64_t user = 0;
    std::int64_t validation = 0;
    std::optional<carillon::Dismissal> dismissal{};
};

/// Which rows; see carillon::ItemQuery.
struct ItemFilter {
    using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

    std::int64_t id = 0;
    std::int64_t before = 0;
    std::size_t limit = 50;
    std::optional<carillon::ItemState> state{};
    carillon::TimePoint since{};
    std::int64_t campaign = 0;
    std::optional<Pairs> pairs{};  ///< Of campaign and user; nothing: any.
    std::string token{};
};

/// An applied item, as far as it is compared with Agora's tables.
struct AppliedItem {
    std::int64_t id = 0;
    std::int64_t campaign = 0;
    std::int64_t user = 0;
    std::int64_t validation = 0;
    std::string token{};
    std::string answer{};  ///< As it came; empty: a person corrected it, or it cannot be read.
    carillon::TimePoint receivedAt{};
};

/// The rows of passerelle_inbox for those who ask what became of an item. Each function is a transaction of its own,
/// with retries, and finds its rows by an index.
class InboxItems {
public:
    /// Borrows the session.
    explicit InboxItems(AgoraSession& session) : _session(session) {}

    /// The newest first.
    std::vector<StoredItem> list(const ItemFilter& filter);

    /// Those with ids above `after`, up to `last`, whose row in `validations` is known, in order of their ids.
    std::vector<AppliedItem> applied(std::int64_t after, std::int64_t last, std::size_t limit);
    /// Applied ones of before that was noted.
    std::int64_t countUnnoted();
    std::int64_t lastId();

    /// Dismisses all of them, or none and returns the first that is no open reject; 0: all are dismissed.
    std::int64_t dismiss(const carillon::DismissRequest& request, carillon::TimePoint at);

private:
    std::string conditions(const ItemFilter& filter, std::vector<std::string>& texts);
    std::string pairsOf(const ItemFilter& filter);
    std::int64_t firstSince(const std::string& since);
    std::string receivedAt(std::int64_t id);
    std::string wholePayload(std::int64_t id);

    AgoraSession& _session;
};

}  // namespace passerelle
