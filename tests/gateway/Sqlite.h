#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include "Poco/Exception.h"

struct sqlite3;
struct sqlite3_stmt;

namespace testgateway {

POCO_DECLARE_EXCEPTION(, QueueException, Poco::RuntimeException)
POCO_DECLARE_EXCEPTION(, QueueConflict, QueueException)

/// One SQLite connection in WAL mode. Not locked: one thread at a time.
class Connection {
public:
    explicit Connection(const std::string& file);

    void execute(const char* sql);
    std::int64_t changedRows() const;
    sqlite3* handle() const { return _handle.get(); }

private:
    struct Closer {
        void operator()(sqlite3* handle) const noexcept;
    };
    std::unique_ptr<sqlite3, Closer> _handle;
};

/// A prepared statement; must not outlive its connection.
/// Texts are bound without a copy: they must live until the next reset().
class Statement {
public:
    using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

    Statement(Connection& connection, std::string_view sql);

    Statement& bind(int position, const Value& value);
    /// True as long as there is a row.
    bool step();
    void reset();
    void run();

    /// A text is valid until the next step() or reset().
    Value column(int position) const;
    std::int64_t integer(int position) const;

private:
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    Connection& _connection;
    std::unique_ptr<sqlite3_stmt, Finalizer> _handle;
};

/// Begins a write at once (no later upgrade that could fail) and undoes it unless committed.
class WriteTransaction {
public:
    explicit WriteTransaction(Connection& connection);
    ~WriteTransaction();
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;

    void commit();

private:
    Connection& _connection;
    bool _committed = false;
};

}  // namespace testgateway
