#pragma once

#include "carillon/Clock.h"
#include "carillon/data/TransactionScope.h"
#include "platform/FileHold.h"

#include "Poco/Data/Session.h"
#include "Poco/Exception.h"

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// The store cannot be used. The message is one sentence: the file, what is wrong, what to do.
POCO_DECLARE_EXCEPTION(, StoreException, Poco::IOException)

/// Another program holds it: it may well work in a moment.
POCO_DECLARE_EXCEPTION(, StoreBusyException, StoreException)

/// When what was written is moved into the main file, which may wait for the disk.
enum class Checkpoints { WhenManyWrites, OnDemand };

/// The file carillon.db in the folder of the state, and the connection to it, which is made anew after a failure and
/// when the file was removed or replaced. For one thread.
class StoreFile {
public:
    /// Makes folder, file and tables that are missing. `patience`: how long a statement waits for other processes.
    /// Borrows the clock. Throws StoreException.
    StoreFile(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience,
              Checkpoints checkpoints = Checkpoints::WhenManyWrites);
    StoreFile(const StoreFile&) = delete;
    StoreFile& operator=(const StoreFile&) = delete;

    /// Returns what `action` makes of the session. What the database throws meanwhile becomes a StoreException.
    template <class Action>
    auto with(Action action) {
        try {
            return action(openSession());
        } catch (const StoreException&) {
            throw;
        } catch (const Poco::Exception& e) {
            fail(e);
        }
    }

    /// The same in one transaction, which is rolled back when `action` throws.
    template <class Action>
    auto transact(Action action) {
        return with([&action](auto& session) {
            TransactionScope transaction(session);
            auto result = action(session);
            transaction.commit();
            return result;
        });
    }

    /// The store's time, by which is judged what is due.
    TimePoint now() const { return _clock.now(); }

    /// Throws StoreException unless something can be written: on a full disk an empty transaction succeeds.
    void proveWritable();

    /// Brings what was written into the main file, as far as nobody reads what would be overwritten. May wait for the
    /// disk.
    void checkpoint();

    const std::string& path() const { return _path; }

    /// How often the file was found to be removed or replaced.
    int replacements() const { return _replacements; }

private:
    Poco::Data::Session& openSession();
    [[noreturn]] void fail(const Poco::Exception& e);

    std::string _stateDir;
    std::string _path;
    const Clock& _clock;
    std::chrono::milliseconds _patience;
    Checkpoints _checkpoints;
    std::optional<Poco::Data::Session> _session;
    FileHold _place{};  // once there is a session
    int _replacements = 0;
};

}  // namespace carillon
