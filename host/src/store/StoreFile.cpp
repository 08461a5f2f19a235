#include "store/StoreFile.h"

#include "base/FilePath.h"
#include "base/FoldedText.h"
#include "carillon/data/Migrations.h"
#include "platform/FileRights.h"
#include "shared/CrashPoint.h"
#include "shared/EmbeddedText.h"
#include "store/Sql.h"

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SQLiteException.h"
#include "Poco/Data/SQLite/SessionImpl.h"
#include "Poco/Data/SQLite/Utility.h"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

namespace carillon {

POCO_IMPLEMENT_EXCEPTION(StoreException, Poco::IOException, "Store exception")
POCO_IMPLEMENT_EXCEPTION(StoreBusyException, StoreException, "Store is busy")

namespace host_schema {
extern const std::vector<EmbeddedText> files;
}

namespace {

constexpr std::size_t kOpenTimeoutSeconds = 5;

/// Makes the folder. What SQLite would only call an error is told apart here; it would also try for seconds to open a
/// file in a folder that is not there.
void prepareFolder(const std::string& stateDir, const std::string& path) {
    const auto refuse = [&path](const std::string& why) { throw StoreException(path + ": " + why); };
    const TrustedPath folder = trustedPathInFolders(stateDir, Opening::LookFolder);
    if (!folder.refusal().empty()) refuse("its folder " + folder.refusal());
    if (folder.error() == std::errc::not_a_directory) refuse("its folder is not one; set state.dir to a folder");
    if (!folder)
        refuse("its folder cannot be made (" + folder.error().message() +
               "); make it, or set state.dir to another one");
    if (const auto error = whyNothingCanBeMadeIn(stateDir))
        refuse(
            "its folder cannot be written (" + error.message() + "); " +
            (error == std::errc::read_only_file_system ? "mount it for writing" : "give this user write access to it") +
            ", or set state.dir to another one");
    if (const std::string refusal = trustedPath(path).refusal(); !refusal.empty()) refuse(refusal);
    for (const char* suffix : {"-wal", "-shm", "-journal"})  // what SQLite takes for a part of it
        if (const std::string refusal = trustedPath(path + suffix).refusal(); !refusal.empty())
            throw StoreException(path + suffix + ": " + refusal);
    if (const auto error = whyNotReadableAndWritable(path); error && error != std::errc::no_such_file_or_directory)
        refuse("cannot be written (" + error.message() + "); give this user write access to it");
}

/// SQLite refuses the change to WAL at once, without its busy timeout, while another process makes the same new file.
void useWal(Poco::Data::Session& session, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        try {
            execute(session, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
            return;
        } catch (const Poco::Data::SQLite::DBLockedException&) {
            if (std::chrono::steady_clock::now() >= deadline) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

/// What SQLite has allocated is counted under one lock of the whole process: a thread that reads for a page, and yields
/// to all others, would hold it while the scheduler waits. Before the first connection, or not at all.
void countNoMemory() {
    static const int result = ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(result);
}

/// has_folded(text, word): see hasFolded(). A text that is null has nothing.
void answerHasFolded(sqlite3_context* context, int, sqlite3_value** values) {
    const auto textOf = [](sqlite3_value* value) {
        const auto* text = reinterpret_cast<const char*>(::sqlite3_value_text(value));
        return text == nullptr ? std::string_view()
                               : std::string_view(text, static_cast<std::size_t>(::sqlite3_value_bytes(value)));
    };
    ::sqlite3_result_int(context, hasFolded(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}

Poco::Data::Session connect(const std::string& path, std::chrono::milliseconds patience) {
    countNoMemory();
    Poco::Data::Session session(
        Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(path, kOpenTimeoutSeconds)));
    execute(session, "PRAGMA busy_timeout = " + std::to_string(patience.count()));
    ::sqlite3_create_function(Poco::Data::SQLite::Utility::dbHandle(session), "has_folded", 2,
                              SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, answerHasFolded, nullptr, nullptr);
    useWal(session, patience);
    return session;
}

template <class... Exceptions>
bool isAny(const Poco::Exception& e) {
    return ((dynamic_cast<const Exceptions*>(&e) != nullptr) || ...);
}

bool isLocked(const Poco::Exception& e) {
    using namespace Poco::Data::SQLite;
    return isAny<DBLockedException, TableLockedException, LockProtocolException>(e);
}

/// SQLite tells it only of the main file, and not of those beside it.
bool isDiskFull(const std::string& path) {
    constexpr std::uintmax_t kBesideTheFile = 64 << 10;
    std::error_code error;
    const auto space = std::filesystem::space(pathFrom(path).parent_path(), error);
    return !error && space.available < kBesideTheFile;
}

/// What the database said, as the rest of a sentence on the file. Never its own text: that may hold SQL.
std::string faultOf(const Poco::Exception& e, const std::string& path) {
    using namespace Poco::Data::SQLite;
    if (isAny<Poco::DataException>(e)) return e.message();  // of Migrations
    if (isLocked(e)) return "is locked by another program; end that program, or try again";
    if (isAny<CorruptImageException>(e))
        return "is not a database, or is damaged; restore it, or move it away: a new one is made, without the history";
    if (isAny<DatabaseFullException>(e) || (isAny<IOErrorException>(e) && isDiskFull(path)))
        return "its disk is full; free some space";
    if (isAny<ReadOnlyException, DBAccessDeniedException, CantOpenDBFileException>(e))
        return "cannot be written; give this user write access to it and to its folder";
    if (isAny<IOErrorException>(e)) return "cannot be read or written; check its disk and the free space there";
    return std::string("does not work (") + e.name() +
           "); restore it, or move it away: a new one is made, without the history";
}

}  // namespace

StoreFile::StoreFile(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience,
                     Checkpoints checkpoints)
    : _stateDir(stateDir),
      _path(textOf(pathFrom(stateDir) / "carillon.db")),
      _clock(clock),
      _patience(patience),
      _checkpoints(checkpoints) {
    with([](auto&) {});
}

Poco::Data::Session& StoreFile::openSession() {
    // SQLite goes on writing into a file that was removed: nobody would ever see what it wrote.
    if (_place && !_place.isAt(_path)) {
        _session.reset();
        _place = {};
        ++_replacements;
    }
    if (_session) return *_session;
    prepareFolder(_stateDir, _path);
    Poco::Data::Session session = connect(_path, _patience);
    if (_checkpoints == Checkpoints::OnDemand) execute(session, "PRAGMA wal_autocheckpoint = 0");
    Migrations(host_schema::files, "host_migration", crashPoint).apply(session, _clock);
    if (!_place) _place = FileHold(_path);
    if (!_place) throw Poco::FileNotFoundException(_path);
    return _session.emplace(std::move(session));
}

void StoreFile::proveWritable() {
    with([](auto& session) { execute(session, "PRAGMA user_version = 0"); });  // writes a page, and nobody reads it
}

void StoreFile::checkpoint() {
    with([](auto& session) { execute(session, "PRAGMA wal_checkpoint(PASSIVE)"); });
}

void StoreFile::fail(const Poco::Exception& e) {
    const std::string message = _path + ": " + faultOf(e, _path);
    // A connection that only had to wait is good. Any other may have kept what is no longer so.
    if (isLocked(e)) throw StoreBusyException(message);
    _session.reset();
    throw StoreException(message);
}

}  // namespace carillon
