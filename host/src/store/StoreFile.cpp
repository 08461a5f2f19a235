#include "store/StoreFile.h"

#include "base/FilePath.h"
#include "carillon/data/Migrations.h"
#include "platform/FileRights.h"
#include "shared/CrashPoint.h"
#include "shared/EmbeddedText.h"
#include "store/SearchFunctions.h"
#include "store/Sql.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

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
    const auto refuse = [&path](const char* key, const Message& why) {
        throwWorded<StoreException>(sayHost(key, {{"path", path}, {"why", why}}));
    };
    const TrustedPath folder = trustedPathInFolders(stateDir, Opening::LookFolder);
    if (!folder.refusal().empty()) refuse("store.folderrefused", folder.refusal());
    if (folder.error() == std::errc::not_a_directory) refuse("store.nofolder", {});
    if (!folder) refuse("store.unmade", sayError(folder.error()));
    if (const auto error = whyNothingCanBeMadeIn(stateDir))
        refuse(error == std::errc::read_only_file_system ? "store.readonly" : "store.folderunwritable",
               sayError(error));
    if (const Message refusal = trustedPath(path).refusal(); !refusal.empty()) refuse("store.refused", refusal);
    for (const char* suffix : {"-wal", "-shm", "-journal"})  // what SQLite takes for a part of it
        if (const Message refusal = trustedPath(path + suffix).refusal(); !refusal.empty())
            throwWorded<StoreException>(sayHost("store.refused", {{"path", path + suffix}, {"why", refusal}}));
    if (const auto error = whyNotReadableAndWritable(path); error && error != std::errc::no_such_file_or_directory)
        refuse("store.filerights", sayError(error));
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

Poco::Data::Session connect(const std::string& path, std::chrono::milliseconds patience) {
    countNoMemory();
    Poco::Data::Session session(
        Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(path, kOpenTimeoutSeconds)));
    execute(session, "PRAGMA busy_timeout = " + std::to_string(patience.count()));
    addSearchFunctions(Poco::Data::SQLite::Utility::dbHandle(session));
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
Message faultOf(const Poco::Exception& e, const std::string& path) {
    using namespace Poco::Data::SQLite;
    if (isAny<Poco::DataException>(e)) return e.message();  // of Migrations
    if (isLocked(e)) return sayHost("store.locked");
    if (isAny<CorruptImageException>(e)) return sayHost("store.damaged");
    if (isAny<DatabaseFullException>(e) || (isAny<IOErrorException>(e) && isDiskFull(path)))
        return sayHost("store.full");
    if (isAny<ReadOnlyException, DBAccessDeniedException, CantOpenDBFileException>(e))
        return sayHost("store.unwritable");
    if (isAny<IOErrorException>(e)) return sayHost("store.io");
    return sayHost("store.broken", {{"kind", e.name()}});
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
    const Message message = sayHost("store.fault", {{"path", _path}, {"why", faultOf(e, _path)}});
    // A connection that only had to wait is good. Any other may have kept what is no longer so.
    if (isLocked(e)) throwWorded<StoreBusyException>(message);
    _session.reset();
    throwWorded<StoreException>(message);
}

}  // namespace carillon
