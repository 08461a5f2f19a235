#include "store/StoreFile.h"

#include "store/Sql.h"

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SQLiteException.h"
#include "Poco/Data/SQLite/SessionImpl.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

namespace carillon {
namespace {

constexpr std::size_t kOpenTimeoutSeconds = 5;

/// The path of the store, in a folder that exists. What SQLite would only call an error is told apart here; it would
/// also try for seconds to open a file in a folder that is not there.
std::string preparedPath(const std::string& stateDir) {
    namespace fs = std::filesystem;
    const std::string path = (fs::path(stateDir) / "carillon.db").string();
    const auto refuse = [&path](const std::string& why) { throw StoreException(path + ": " + why); };
    std::error_code error;
    if (!fs::exists(stateDir, error)) {
        fs::create_directories(stateDir, error);
        if (error)
            refuse("its folder cannot be made (" + error.message() + "); make it, or set state.dir to another one");
        fs::permissions(stateDir, fs::perms(0750), error);
    }
    if (!fs::is_directory(stateDir, error)) refuse("its folder is not one; set state.dir to a folder");
    if (::access(stateDir.c_str(), W_OK | X_OK) != 0)
        refuse("its folder cannot be written (" + std::string(std::strerror(errno)) +
               "); give this user write access to it, or set state.dir to another one");
    if (::access(path.c_str(), R_OK | W_OK) != 0 && errno != ENOENT)
        refuse("cannot be written (" + std::string(std::strerror(errno)) + "); give this user write access to it");
    return path;
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

template <class... Exceptions>
bool isAny(const Poco::Exception& e) {
    return ((dynamic_cast<const Exceptions*>(&e) != nullptr) || ...);
}

/// What the database said, as the rest of a sentence on the file. Never its own text: that may hold SQL.
std::string faultOf(const Poco::Exception& e) {
    using namespace Poco::Data::SQLite;
    if (isAny<Poco::DataException>(e)) return e.message();  // of Migrations
    if (isAny<DBLockedException, TableLockedException, LockProtocolException>(e))
        return "is locked by another program; end that program, or try again";
    if (isAny<CorruptImageException>(e))
        return "is not a database, or is damaged; restore it, or move it away: a new one is made, without the history";
    if (isAny<DatabaseFullException>(e)) return "its disk is full; free some space";
    if (isAny<ReadOnlyException, DBAccessDeniedException, CantOpenDBFileException>(e))
        return "cannot be written; give this user write access to it and to its folder";
    if (isAny<IOErrorException>(e)) return "cannot be read or written; check its disk and the free space there";
    return std::string("does not work (") + e.name() +
           "); restore it, or move it away: a new one is made, without the history";
}

}  // namespace

StoreFile::StoreFile(const std::string& stateDir, std::chrono::milliseconds patience)
    : _path(preparedPath(stateDir)), _session(open(_path, patience)) {}

StoreException StoreFile::exceptionOf(const std::string& path, const Poco::Exception& e) {
    return StoreException(path + ": " + faultOf(e));
}

Poco::Data::Session StoreFile::open(const std::string& path, std::chrono::milliseconds patience) {
    try {
        Poco::Data::Session session(
            Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(path, kOpenTimeoutSeconds)));
        execute(session, "PRAGMA busy_timeout = " + std::to_string(patience.count()));
        useWal(session, patience);
        return session;
    } catch (const Poco::Exception& e) {
        throw exceptionOf(path, e);
    }
}

}  // namespace carillon
