#pragma once

#include "Backlog.h"
#include "Sqlite.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace testgateway {

/// The member is not in the JSON at all (std::nullptr_t: it is there and null).
struct Absent {};

using Cell = std::variant<Absent, std::nullptr_t, std::int64_t, std::string>;
using CellView = std::variant<Absent, std::nullptr_t, std::int64_t, std::string_view>;

struct Item {
    std::optional<std::int64_t> id{};
    Cell token{};
    Cell action{};
    Cell commentaire{};
    Cell validatedAt{};
};

struct QueuedItem {
    std::int64_t id = 0;
    Cell token{};
    bool synced = false;
};

struct QueueStats {
    std::int64_t pending = 0;
    std::int64_t total = 0;
    std::int64_t synced() const { return total - pending; }
};

/// The validations a gateway holds, in one SQLite file (not ":memory:": readers open it anew).
/// Any thread; writers wait for one another, readers for nobody.
class Queue {
public:
    explicit Queue(std::string file);

    /// All or none. Throws QueueConflict when an id is taken.
    void add(const std::vector<Item>& items);
    void fill(const BacklogSpec& spec);
    /// Marks the items; returns how many different ids exist, marked before or not.
    std::int64_t acknowledge(const std::vector<std::int64_t>& ids);
    /// Empties the queue; ids begin at 1 again.
    void clear();

    QueueStats stats();
    std::vector<QueuedItem> firstItems(std::int64_t limit);
    const std::string& file() const { return _file; }

private:
    const std::string _file;
    std::mutex _mutex;
    Connection _connection;
};

/// One consistent reading of the pending items, whatever is written meanwhile. One thread.
class PendingCursor {
public:
    enum class Order { OldestFirst, NewestFirst };

    PendingCursor(const std::string& file, Order order);

    std::int64_t count() const { return _count; }
    bool next();

    /// Of the current item; texts are valid until next().
    std::int64_t id() const;
    CellView token() const { return cell(0); }
    CellView action() const { return cell(1); }
    CellView commentaire() const { return cell(2); }
    CellView validatedAt() const { return cell(3); }

private:
    CellView cell(int member) const;

    Connection _connection;
    std::int64_t _count = 0;
    Statement _items;
};

}  // namespace testgateway
