#pragma once

#include "Poco/Data/Session.h"

namespace carillon {

/// One transaction on a session of Poco::Data, rolled back unless commit() was called. Poco's own leaves a MySQL
/// session without autocommit behind, so that later statements are silently lost, and opens SQLite's as one that cannot
/// be upgraded to a write while another writes. Borrows the session; one thread.
class TransactionScope {
public:
    /// Throws what the database throws; then nothing was begun.
    explicit TransactionScope(Poco::Data::Session& session)
        : _session(session), _sqlite(session.impl()->connectorName() == "sqlite") {
        if (_sqlite)
            execute("BEGIN IMMEDIATE");
        else
            _session.begin();
    }
    TransactionScope(const TransactionScope&) = delete;
    TransactionScope& operator=(const TransactionScope&) = delete;

    ~TransactionScope() {
        if (_ended) return;
        try {
            if (_sqlite) {
                execute("ROLLBACK");
            } else {
                _session.rollback();
                _session.setFeature("autoCommit", true);
            }
        } catch (...) {  // the connection is lost, and with it the transaction: the server rolls it back itself
        }
    }

    /// Throws when the database does not confirm: the outcome is then unknown if the connection was lost.
    void commit() {
        if (_sqlite) {
            execute("COMMIT");
            _ended = true;
        } else {
            _session.commit();
            _ended = true;
            _session.setFeature("autoCommit", true);
        }
    }

private:
    void execute(const char* sql) {
        using Poco::Data::Keywords::now;
        _session << sql, now;
    }

    Poco::Data::Session& _session;
    const bool _sqlite;
    bool _ended = false;
};

}  // namespace carillon
