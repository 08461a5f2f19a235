#include "Sqlite.h"

#include <sqlite3.h>
#include <typeinfo>

namespace testgateway {

POCO_IMPLEMENT_EXCEPTION(QueueException, Poco::RuntimeException, "Queue failure")
POCO_IMPLEMENT_EXCEPTION(QueueConflict, QueueException, "Queue constraint violated")

namespace {

constexpr int kBusyMilliseconds = 5'000;

[[noreturn]] void fail(sqlite3* handle, int code) {
    const std::string message = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    if ((code & 0xff) == SQLITE_CONSTRAINT) throw QueueConflict(message, code);
    throw QueueException(message, code);
}

}  // namespace

Connection::Connection(const std::string& file) {
    sqlite3* handle = nullptr;
    // Each connection stays with one thread at a time, so SQLite's own mutexes are left out.
    const int code = sqlite3_open_v2(file.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    _handle.reset(handle);
    if (code != SQLITE_OK)
        throw QueueException(file + ": " + (handle ? sqlite3_errmsg(handle) : "out of memory"), code);
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    // A test tool may lose its queue when the machine fails, never when only the process does.
    execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF");
}

void Connection::Closer::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

void Connection::execute(const char* sql) {
    const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(handle(), code);
}

std::int64_t Connection::changedRows() const {
    return sqlite3_changes64(handle());
}

Statement::Statement(Connection& connection, std::string_view sql) : _connection(connection) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
    if (code != SQLITE_OK) fail(connection.handle(), code);
    _handle.reset(handle);
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement& Statement::bind(int position, const Value& value) {
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        code = sqlite3_bind_int64(_handle.get(), position, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        // A null pointer would bind NULL where an empty text is meant.
        const char* data = text->data() ? text->data() : "";
        code = sqlite3_bind_text64(_handle.get(), position, data, text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else {
        code = sqlite3_bind_null(_handle.get(), position);
    }
    if (code != SQLITE_OK) fail(_connection.handle(), code);
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(_handle.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const std::string message = sqlite3_errmsg(_connection.handle());
    sqlite3_reset(_handle.get());
    if ((code & 0xff) == SQLITE_CONSTRAINT) throw QueueConflict(message, code);
    throw QueueException(message, code);
}

void Statement::reset() {
    sqlite3_reset(_handle.get());
}

void Statement::run() {
    step();
    reset();
}

Statement::Value Statement::column(int position) const {
    switch (sqlite3_column_type(_handle.get(), position)) {
        case SQLITE_NULL:
            return nullptr;
        case SQLITE_INTEGER:
            return integer(position);
        default:
            break;
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(_handle.get(), position));
    return std::string_view(text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(_handle.get(), position)));
}

std::int64_t Statement::integer(int position) const {
    return sqlite3_column_int64(_handle.get(), position);
}

WriteTransaction::WriteTransaction(Connection& connection) : _connection(connection) {
    _connection.execute("BEGIN IMMEDIATE");
}

WriteTransaction::~WriteTransaction() {
    if (!_committed) sqlite3_exec(_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void WriteTransaction::commit() {
    _connection.execute("COMMIT");
    _committed = true;
}

}  // namespace testgateway
