#pragma once

#include "carillon/Clock.h"
#include "carillon/Interface.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What became of an item.
enum class ItemState : std::uint8_t {
    Applied,   ///< It took effect.
    Rejected,  ///< It was put aside and waits for a person.
    Dismissed  ///< It was put aside, and a person said that nothing is to be done.
};
inline constexpr std::array<std::string_view, 3> kItemStateNames{"applied", "rejected", "dismissed"};

/// That a person let a reject go.
struct Dismissal {
    std::string reason{};
    std::string by{};
    TimePoint at{};
};

/// One item that a task was ever given, with what became of it. Plain data.
struct Item {
    /// Names for programs and texts, in the order in which they are shown. A name consists of a-z, 0-9 and _. A moment
    /// is a text of toRfc3339() under a name that ends in `_at`: the host shows it in its own zone.
    using Facts = std::vector<std::pair<std::string, std::string>>;

    std::int64_t id = 0;  ///< The task's own; a reject's is the same as in Reject.
    ItemState state = ItemState::Applied;
    TimePoint receivedAt{};
    std::string what{};         ///< Names it, without a secret or a person.
    std::string reason{};       ///< One word for programs, such as unknown_token: why it was put aside.
    std::string detail{};       ///< One sentence for people.
    std::string run{};          ///< That saw it last or decided it anew.
    std::string storedAs{};     ///< Where it is now, such as `validations 812`; empty: nowhere, or not known.
    bool acknowledged = false;  ///< Where it came from knows that it is here.
    Facts about{};              ///< What it belongs to.
    /// What concerns people, such as a name or a comment; only where ItemQuery::people asks for it.
    std::optional<Facts> people{};
    std::optional<Dismissal> dismissal{};  ///< Of a dismissed item.
};

/// A page of items, the newest first, `limit` of them at most; and of these only what the others ask for. What a task
/// has no use for it refuses by a Failure (carillon/Failure.h), whose message a person reads.
struct ItemQuery {
    std::int64_t id = 0;      ///< This one alone; 0: any.
    std::int64_t before = 0;  ///< What follows the item with this id in the list; 0: from the newest on.
    std::size_t limit = 50;
    std::optional<ItemState> state{};
    TimePoint since{};       ///< Received then or later; 1970: at any time.
    std::string campaign{};  ///< The number of what they belong to.
    /// A part of a name, in which accents, capital letters, blanks, hyphens and apostrophes do not matter; not to be
    /// given by who may not read `people`.
    std::string person{};
    /// What the key begins with, to the letter: of a secret one no more counts than is shown to everybody.
    std::string token{};
    bool people = false;  ///< With what concerns people.
};

/// Which rejects a person lets go, and why.
struct DismissRequest {
    std::vector<std::int64_t> ids{};  ///< One at least.
    std::string reason{};             ///< Never empty.
    std::string by{};                 ///< Who does it.
};

using ItemSink = std::function<void(const Item& item)>;

/// A task that keeps what it was given, and can tell what became of it: it derives from this beside SyncTask, and the
/// host finds it. As for SyncTask, one call an object, and each may throw.
class CARILLON_INTERFACE KeepsItems {
public:
    virtual ~KeepsItems() = default;

    virtual std::vector<Item> items(RunContext& context, const ItemQuery& query) = 0;

    /// Marks open rejects as dismissed: they stay, and no more wait for anybody. All of them, or, where one of the ids
    /// is none of an open reject, none. The report has the figure of open rejects.
    virtual RunReport dismiss(RunContext& context, const DismissRequest& request) = 0;

    /// Compares all that was applied with what is there now, and hands over each item that is no more there, with why
    /// in its detail. Writes nothing. The report has failed where one is gone without a good cause.
    virtual RunReport verify(RunContext& context, const ItemSink& gone) = 0;
};

}  // namespace carillon
