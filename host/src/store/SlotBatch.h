#pragma once

#include "carillon/Clock.h"
#include "store/ScheduleStore.h"

#include "Poco/Data/Session.h"
#include "Poco/Nullable.h"
#include "Poco/Types.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// How a StoreBatch becomes rows. Inside a transaction of the caller, who passes on what the database throws. Borrows
/// the batch.
class SlotBatch {
public:
    /// `owner`: the text of the process that takes the locks.
    SlotBatch(const StoreBatch& batch, std::string owner, TimePoint now);

    /// One statement a table, as if all were as the host knows it. False: a row was not, and the caller rolls back.
    bool writeTogether(Poco::Data::Session& session) const;
    /// The answers after writeTogether().
    std::vector<StartAnswer> startedAll() const;

    /// Each row by itself, with what is found in its place.
    std::vector<StartAnswer> writeOneByOne(Poco::Data::Session& session) const;

private:
    // Those that change rows return how many there are to change.
    std::size_t endRuns(Poco::Data::Session& session) const;
    std::size_t takeLocks(Poco::Data::Session& session) const;
    void insertLocks(Poco::Data::Session& session) const;
    void insertRuns(Poco::Data::Session& session) const;
    void insertSlots(Poco::Data::Session& session) const;
    std::size_t moveSchedules(Poco::Data::Session& session) const;
    StartAnswer start(Poco::Data::Session& session, const RunStart& start) const;

    const StoreBatch& _batch;
    std::string _owner;
    Poco::Int64 _now;
    Poco::Int64 _leaseUntil;
};

}  // namespace carillon
