#include "Queue.h"

#include <set>
#include <type_traits>

namespace testgateway {

namespace {

// The members have no type: what a test gives is what comes back, a number as well as a text.
// absent: bit n is set when member n of (token, action, commentaire, validated_at) was not given.
constexpr const char* kSchema = R"sql(
    CREATE TABLE IF NOT EXISTS validation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        token, action, commentaire, validated_at,
        synced INTEGER NOT NULL DEFAULT 0,
        absent INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX IF NOT EXISTS validation_order ON validation (synced, validated_at))sql";

constexpr std::string_view kInsert = R"sql(
    INSERT INTO validation (id, token, action, commentaire, validated_at, absent) VALUES (?, ?, ?, ?, ?, ?))sql";

constexpr std::string_view kMarkSynced = "UPDATE validation SET synced = 1 WHERE id = ?";
constexpr std::string_view kCountPending = "SELECT count(*) FROM validation WHERE synced = 0";
constexpr std::string_view kCountAll = "SELECT count(*) FROM validation";
constexpr std::string_view kFirstItems = "SELECT id, token, synced FROM validation ORDER BY id LIMIT ?";

constexpr std::string_view kOldestFirst = R"sql(
    SELECT id, token, action, commentaire, validated_at, absent FROM validation
     WHERE synced = 0 ORDER BY validated_at, id)sql";

constexpr std::string_view kNewestFirst = R"sql(
    SELECT id, token, action, commentaire, validated_at, absent FROM validation
     WHERE synced = 0 ORDER BY validated_at DESC, id DESC)sql";

constexpr int kAbsentColumn = 5;

std::int64_t countRows(Connection& connection, std::string_view sql) {
    Statement statement(connection, sql);
    statement.step();
    return statement.integer(0);
}

Statement::Value asValue(const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
    if (const auto* text = std::get_if<std::string>(&cell)) return std::string_view(*text);
    return nullptr;
}

void insertItem(Statement& statement, const Item& item) {
    std::int64_t absent = 0;
    int member = 0;
    for (const Cell* cell : {&item.token, &item.action, &item.commentaire, &item.validatedAt}) {
        if (std::holds_alternative<Absent>(*cell)) absent |= std::int64_t{1} << member;
        statement.bind(member + 2, asValue(*cell));
        ++member;
    }
    statement.bind(1, item.id ? Statement::Value(*item.id) : nullptr).bind(6, absent).run();
}

}  // namespace

Queue::Queue(std::string file) : _file(std::move(file)), _connection(_file) {
    _connection.execute(kSchema);
}

void Queue::add(const std::vector<Item>& items) {
    const std::scoped_lock lock(_mutex);
    WriteTransaction transaction(_connection);
    Statement statement(_connection, kInsert);
    for (const Item& item : items) insertItem(statement, item);
    transaction.commit();
}

void Queue::fill(const BacklogSpec& spec) {
    const std::scoped_lock lock(_mutex);
    WriteTransaction transaction(_connection);
    Statement statement(_connection, kInsert);
    statement.bind(1, nullptr).bind(6, std::int64_t{0});
    Backlog backlog(spec);
    for (std::int64_t number = spec.first; number < spec.first + spec.count; ++number) {
        backlog.moveTo(number);
        statement.bind(2, std::string_view(backlog.token())).bind(3, std::string_view(backlog.action()));
        if (backlog.hasComment()) {
            statement.bind(4, std::string_view(backlog.comment()));
        } else {
            statement.bind(4, nullptr);
        }
        statement.bind(5, std::string_view(backlog.validatedAt())).run();
    }
    transaction.commit();
}

std::int64_t Queue::acknowledge(const std::vector<std::int64_t>& ids) {
    const std::set<std::int64_t> different(ids.begin(), ids.end());
    const std::scoped_lock lock(_mutex);
    WriteTransaction transaction(_connection);
    Statement statement(_connection, kMarkSynced);
    std::int64_t found = 0;
    for (const std::int64_t id : different) {
        statement.bind(1, id).run();
        found += _connection.changedRows();
    }
    transaction.commit();
    return found;
}

void Queue::clear() {
    const std::scoped_lock lock(_mutex);
    WriteTransaction transaction(_connection);
    _connection.execute("DELETE FROM validation; DELETE FROM sqlite_sequence WHERE name = 'validation'");
    transaction.commit();
}

QueueStats Queue::stats() {
    const std::scoped_lock lock(_mutex);
    return {.pending = countRows(_connection, kCountPending), .total = countRows(_connection, kCountAll)};
}

std::vector<QueuedItem> Queue::firstItems(std::int64_t limit) {
    const std::scoped_lock lock(_mutex);
    Statement statement(_connection, kFirstItems);
    statement.bind(1, limit);
    std::vector<QueuedItem> items;
    while (statement.step()) {
        QueuedItem& item = items.emplace_back();
        item.id = statement.integer(0);
        const Statement::Value token = statement.column(1);
        if (const auto* text = std::get_if<std::string_view>(&token)) {
            item.token = std::string(*text);
        } else if (const auto* number = std::get_if<std::int64_t>(&token)) {
            item.token = *number;
        } else {
            item.token = nullptr;
        }
        item.synced = statement.integer(2) != 0;
    }
    return items;
}

PendingCursor::PendingCursor(const std::string& file, Order order)
    : _connection(file), _items(_connection, order == Order::OldestFirst ? kOldestFirst : kNewestFirst) {
    // Invariant: the count and the list come from one snapshot, which the first read begins.
    _connection.execute("BEGIN");
    _count = countRows(_connection, kCountPending);
}

bool PendingCursor::next() {
    return _items.step();
}

std::int64_t PendingCursor::id() const {
    return _items.integer(0);
}

CellView PendingCursor::cell(int member) const {
    if (_items.integer(kAbsentColumn) & (std::int64_t{1} << member)) return Absent{};
    return std::visit([](auto value) { return CellView(value); }, _items.column(member + 1));
}

}  // namespace testgateway
