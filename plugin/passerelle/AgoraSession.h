#pragma once

#include "JobOptions.h"
#include "Texts.h"

#include "carillon/RunContext.h"

#include "Poco/Data/Session.h"
#include "Poco/Exception.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace passerelle {

/// The database cannot be reached or cannot do what is asked; the message is one sentence without SQL or password.
class DatabaseFailed : public carillon::Failure {
public:
    using Failure::Failure;
    const char* name() const noexcept override { return "Database failed"; }
    Poco::Exception* clone() const override { return new DatabaseFailed(*this); }
    void rethrow() const override { throw *this; }
};

/// The database does not let this user in, whoever asks again.
class LoginRefused : public DatabaseFailed {
public:
    using DatabaseFailed::DatabaseFailed;
    const char* name() const noexcept override { return "Login refused"; }
    Poco::Exception* clone() const override { return new LoginRefused(*this); }
    void rethrow() const override { throw *this; }
};

/// The database refuses what was to be written, and would refuse it again: a value that a column cannot hold, a key, a
/// constraint, a trigger. Others may well be written.
class DataRefused : public DatabaseFailed {
public:
    DataRefused(Message said, std::string words) : DatabaseFailed(std::move(said)), _words(std::move(words)) {}
    const char* name() const noexcept override { return "Data refused"; }
    Poco::Exception* clone() const override { return new DataRefused(*this); }
    void rethrow() const override { throw *this; }

    /// What the server said.
    const std::string& words() const { return _words; }

private:
    std::string _words;
};

/// One private session on Agora's database, opened anew when it was lost. One thread.
class AgoraSession {
public:
    /// Borrows the context. Throws DatabaseFailed when the database cannot be reached, LoginRefused
    /// among them.
    AgoraSession(DatabaseOptions options, carillon::RunContext& context);

    Poco::Data::Session& get() { return *_session; }
    /// The same, for a transaction, or for anything that depends on how the server is set: it sees what others have
    /// committed meanwhile and takes no locks on gaps, whatever does not fit a column is an error, texts are utf8mb4,
    /// and date-times are those of the zone (useZone).
    Poco::Data::Session& forTransaction();
    /// The zone of Agora's date-times; UTC before. Looked up only for a transaction: a run with nothing to do needs
    /// none. That throws Poco::NotFoundException where there is no such zone.
    void useZone(std::string name) { _zone = std::move(name); }
    /// Names the database for people, without the password.
    std::string place() const;
    bool sqlite() const { return _options.connector == Connector::Sqlite; }

    /// Appended to a SELECT inside a transaction, locks its rows until the end of it. SQLite's write transaction
    /// excludes everybody else as it is.
    const char* forUpdate() const { return sqlite() ? "" : " FOR UPDATE"; }

    /// Does the work; repeats it whole, on a new session where that was lost, a few times with growing pauses as long
    /// as the fault is a passing one: deadlock, lock wait, lost connection, a row that somebody else inserted first; a
    /// server that was there when the run began and is no more is waited for, 15 s at most. So
    /// the work is one transaction, or may be repeated. Throws DatabaseFailed, DataRefused where another content might
    /// pass, and what the work throws of its own.
    void withRetries(const char* what, const std::function<void()>& work);

private:
    void open();
    bool isLost();
    std::string zoneOffset() const;

    DatabaseOptions _options;
    carillon::RunContext& _context;
    std::unique_ptr<Poco::Data::Session> _session;
    std::string _zone = "UTC";
    std::string _state;  // the statement that put the session into its known state; empty: nothing did
};

/// The number in a MySQL exception of Poco, whose code() is always 0; 0 where there is none.
int mysqlErrno(const Poco::Exception& e);

/// What the database said, without the SQL that Poco appends to it.
std::string databaseMessage(const Poco::Exception& e);

}  // namespace passerelle
