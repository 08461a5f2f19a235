#include "AgoraSession.h"

#include "JobOptions.h"
#include "MysqlHandle.h"
#include "Validation.h"

#include "carillon/LogLine.h"

#include "Poco/Data/MySQL/Connector.h"
#include "Poco/Data/MySQL/Utility.h"
#include "Poco/Data/SQLite/Connector.h"
#include "Poco/Data/SQLite/SQLiteException.h"
#include "Poco/File.h"
#include "Poco/Random.h"
#include "Poco/String.h"
#include "Poco/Thread.h"

#include <mysql/mysql.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

constexpr const char* kSqlMode = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";
constexpr int kMaxAttempts = 6;
/// What the client library says where allowedLogins() forbids what a server asks for; with bytes of the login in it.
constexpr std::string_view kDatabaseCodes = "dbsaid.";
constexpr const char* kLoginRefused = "restricted_auth";
/// A unique key is filled by a rival a few times at most; then it is ours.
constexpr int kMaxAttemptsAtKey = 3;
constexpr int kDuplicateEntry = 1062;
constexpr std::chrono::milliseconds kFirstPause{20};
constexpr std::chrono::milliseconds kLongestPause{640};
/// A server that is started again is back by then; one that is not would only use up the run's time.
constexpr std::chrono::seconds kServerAway{15};

/// A SELECT that locks sends its rows while it still waits for locks, so that a deadlock or a lock wait ends it among
/// them: and then neither Poco nor the client library says which error it was.
bool isBrokenOff(const Poco::Exception& e) {
    return mysqlErrno(e) == 0 && e.message().find("mysql_stmt_fetch error") != std::string::npos;
}

/// Deadlock, lock wait, connection lost or killed, server shutting down, too many connections, and a unique key that is
/// filled already: by a rival after our look, or where we did not look.
bool isPassing(const Poco::Exception& e) {
    if (isBrokenOff(e) || dynamic_cast<const Poco::Data::SQLite::DBLockedException*>(&e) != nullptr ||
        dynamic_cast<const Poco::Data::SQLite::ConstraintViolationException*>(&e) != nullptr)
        return true;
    constexpr int passing[] = {1040, 1053, kDuplicateEntry, 1205, 1213, 1927, 2002, 2003, 2006, 2013, 2014};
    return std::find(std::begin(passing), std::end(passing), mysqlErrno(e)) != std::end(passing);
}

/// The user, the password, or the user's right to the database is wrong.
bool isAccessDenied(const Poco::Exception& e) {
    constexpr int denials[] = {1044, 1045, 1698};
    return std::find(std::begin(denials), std::end(denials), mysqlErrno(e)) != std::end(denials);
}

bool isKeyFilled(const Poco::Exception& e) {
    return mysqlErrno(e) == kDuplicateEntry ||
           dynamic_cast<const Poco::Data::SQLite::ConstraintViolationException*>(&e) != nullptr;
}

/// Whether a row with another content may be written all the same. Not so where nothing can: rights, tables, columns,
/// space, memory, limits, a server or a transaction that is read-only, a binary log that takes no such transaction.
/// Whatever else a server says of a statement that was right yesterday it says of the values.
bool concernsData(const Poco::Exception& e) {
    if (isKeyFilled(e)) return true;
    constexpr int others[] = {1005, 1016, 1017, 1021, 1023, 1024, 1026, 1028, 1030, 1034, 1035, 1036, 1037, 1038,
                              1041, 1044, 1045, 1046, 1049, 1051, 1054, 1064, 1103, 1114, 1135, 1142, 1143, 1146,
                              1148, 1158, 1159, 1160, 1161, 1180, 1194, 1195, 1197, 1203, 1206, 1223, 1226, 1227,
                              1290, 1305, 1317, 1356, 1370, 1436, 1449, 1665, 1785, 1792, 1836, 1969, 3024};
    const int number = mysqlErrno(e);
    return number >= 1000 && (number < 2000 || number >= 3000) &&
           std::find(std::begin(others), std::end(others), number) == std::end(others);
}

/// What was tried, by its words.
Message doing(std::string what) {
    std::string code = "doing." + what;
    std::replace_if(
        code.begin() + sizeof "doing." - 1, code.end(),
        [](char c) { return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'); }, '_');
    Message message = carillon::say(std::move(code));
    message.text = std::move(what);
    return message;
}

std::string mysqlConnection(const DatabaseOptions& options) {
    // What comes last counts: no table of Agora's can hold what another character set would make of its texts.
    if (!options.connection.empty()) return options.connection + ";character-set=utf8mb4";
    // A host of this form is how this client library takes the path of a socket.
    const std::string host = options.socket.empty() ? options.host : "socket=" + options.socket;
    return "host=" + host + ";port=" + std::to_string(options.port) + ";db=" + options.name + ";user=" + options.user +
           ";password=" + options.password + ";character-set=utf8mb4";
}

void requireNothingLacks(const std::string& lacking) {
    if (!lacking.empty())
        throw Poco::IllegalStateException("the connection has not got " + lacking +
                                          ": this program's client library is not the one that it was built with");
}

std::unique_ptr<Session> openMySql(const DatabaseOptions& options) {
    Poco::Data::MySQL::Connector::registerConnector();
    const auto seconds = std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(options.timeout));
    const MysqlHandleOptions handle{
        seconds,        mustGoByTcp(options),  options.tls, options.tlsCa, options.tlsCertificate,
        options.tlsKey, allowedLogins(options)};
    const MysqlHandleScope scope(handle);
    requireNothingLacks(lackingBefore(handle));
    auto session =
        std::make_unique<Session>("MySQL", mysqlConnection(options), static_cast<std::size_t>(seconds.count()));
    requireNothingLacks(lackingOn(Poco::Data::MySQL::Utility::handle(*session), handle));
    return session;
}

std::unique_ptr<Session> openSqlite(const DatabaseOptions& options) {
    // SQLite would make an empty database of a wrong path.
    if (!Poco::File(options.connection).exists()) throw Poco::FileNotFoundException(say("dbsaid.nofile").text);
    Poco::Data::SQLite::Connector::registerConnector();
    auto session = std::make_unique<Session>("SQLite", options.connection, 5);
    *session << "PRAGMA busy_timeout=10000", now;
    *session << "PRAGMA foreign_keys=ON", now;
    return session;
}

/// `Incorrect string value: '…' for column …`: what could not be stored may be somebody's words.
std::string withoutValue(std::string text) {
    constexpr std::string_view kBegin = "value: '";
    constexpr std::string_view kEnd = "' for ";
    const auto at = text.find(kBegin);
    const auto end = text.rfind(kEnd);
    if (at == std::string::npos || end == std::string::npos || end < at + kBegin.size()) return text;
    return text.replace(at + kBegin.size(), end - at - kBegin.size(), "…");
}

}  // namespace

int mysqlErrno(const Poco::Exception& e) {
    constexpr std::string_view mark = "errno]: ";
    const std::string text = e.message();
    const auto at = text.find(mark);
    return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + mark.size());
}

std::string databaseMessage(const Poco::Exception& e) {
    if (isBrokenOff(e)) return say("dbsaid.brokenoff").text;
    // The server's own words show the key, and that is a token.
    if (mysqlErrno(e) == kDuplicateEntry) return say("dbsaid.duplicate").text;
    std::string text = e.message().empty() ? e.displayText() : e.message();
    text = text.substr(0, text.find("[statemnt]"));
    for (const auto* number : {"[mysql_errno]", "[mysql_stmt_errno]"}) text = text.substr(0, text.find(number));
    for (const std::string_view before : {"[Comment]: ", "[mysql_error]: ", "[mysql_stmt_error]: "})
        if (const auto at = text.find(before); at != std::string::npos) text.erase(0, at + before.size());
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '\t', ' ');
    text = Poco::trim(withoutValue(std::move(text)));
    const int number = mysqlErrno(e);
    return beginningOf(text, 300) + (number == 0 ? "" : " (error " + std::to_string(number) + ")");
}

AgoraSession::AgoraSession(DatabaseOptions options, carillon::RunContext& context)
    : _options(std::move(options)), _context(context) {
    open();
}

std::string AgoraSession::place() const {
    return whereOf(_options);
}

void AgoraSession::open() {
    try {
        _session.reset();
        _state.clear();
        _session = sqlite() ? openSqlite(_options) : openMySql(_options);
    } catch (const Poco::Exception& e) {
        const bool asksForPassword = e.message().find(kLoginRefused) != std::string::npos;
        const Message message =
            say(asksForPassword ? "db.asks" : "db.unopened",
                {{"where", whereOf(_options)}, {"why", recognise(databaseMessage(e), {kDatabaseCodes})}});
        if (asksForPassword || isAccessDenied(e)) throw LoginRefused(message);
        throw DatabaseFailed(message);
    }
}

/// Fixed, as servers know few zones by name, and one with a gap: a local text in it is an error in a TIMESTAMP.
std::string AgoraSession::zoneOffset() const {
    using std::chrono::minutes;
    // What all servers know.
    constexpr minutes kFirst{-(12 * 60 + 59)};
    constexpr minutes kLast{13 * 60};
    const auto at = std::chrono::floor<std::chrono::seconds>(_context.clock().now());
    const auto offset = _context.zone(_zone)->toLocal(at).time_since_epoch() - at.time_since_epoch();
    const auto whole = std::clamp(std::chrono::duration_cast<minutes>(offset), kFirst, kLast).count();
    const auto twoDigits = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return (whole < 0 ? "-" : "+") + twoDigits(std::abs(whole) / 60) + ":" + twoDigits(std::abs(whole) % 60);
}

/// READ COMMITTED: what a rival committed while we waited for its locks must be seen. A snapshot from before would miss
/// its answers, and a campaign whose last two came at once would stay undecided. The rest is what servers are set up
/// differently in. Not when the session is opened: nearly every run has nothing to write.
Poco::Data::Session& AgoraSession::forTransaction() {
    if (sqlite()) return *_session;
    const std::string state = "SET NAMES utf8mb4, SESSION sql_mode = '" + std::string(kSqlMode) +
                              "', SESSION time_zone = '" + zoneOffset() + "', SESSION sql_safe_updates = 0";
    if (_state == state) return *_session;
    if (_state.empty()) *_session << "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", now;
    *_session << state, now;
    _state = state;
    return *_session;
}

bool AgoraSession::isLost() {
    if (sqlite()) return false;
    try {
        return mysql_ping(Poco::Data::MySQL::Utility::handle(*_session)) != 0;
    } catch (const Poco::Exception&) {
        return true;
    }
}

void AgoraSession::withRetries(const char* what, const std::function<void()>& work) {
    auto pause = kFirstPause;
    int attempt = 1;
    const auto giveUpAt = std::chrono::steady_clock::now() + kServerAway;
    for (;; pause = std::min(pause * 2, kLongestPause)) {
        try {
            if (!_session) open();
            return work();
        } catch (const DatabaseFailed&) {
            if (_session || std::chrono::steady_clock::now() >= giveUpAt) throw;
        } catch (const Poco::Data::DataException& e) {
            const std::string words = databaseMessage(e);
            const Message message =
                say("db.failed", {{"what", doing(what)}, {"why", recognise(words, {kDatabaseCodes})}});
            if (!isPassing(e) || attempt == (isKeyFilled(e) ? kMaxAttemptsAtKey : kMaxAttempts)) {
                if (concernsData(e)) throw DataRefused(message, words);
                throw DatabaseFailed(message);
            }
            carillon::LogLine(_context.log(), "database.retried", Poco::Message::PRIO_WARNING)
                .field("what", what)
                .field("attempt", attempt)
                .field("error", words);
            ++attempt;
        }
        _context.stop().throwIfRequested();
        if (_session && isLost()) _session.reset();
        // Full jitter: two rivals that met once do not meet again.
        Poco::Thread::sleep(1 + static_cast<long>(Poco::Random().next(static_cast<Poco::UInt32>(pause.count()))));
    }
}

}  // namespace passerelle
