#pragma once

#include "BacklogReader.h"
#include "Gateway.h"

#include "carillon/RunContext.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <istream>
#include <mutex>
#include <string>
#include <vector>

namespace passerelle {

/// How much one synchronisation takes at once, and puts up with.
struct SyncLimits {
    std::size_t batch = 2'000;                 ///< Items a transaction.
    std::size_t maxStatementBytes = 16 << 20;  ///< What the database takes in one statement.
    double maxRejectRatio = 0.5;               ///< See requireRecognised().
    std::chrono::days keepsStrangers{90};      ///< Rejects of unknown tokens.
    bool notifiesCreators = false;             ///< A status that changes plans a mail to the campaign's creator.

    /// The payload stands in one row of a statement, escaped: so an item may take a part of a statement only.
    BacklogLimits reading() const {
        constexpr std::size_t kLargestString = 1 << 20;
        BacklogLimits limits;
        limits.batchItems = batch;
        limits.stringBytes = std::min(kLargestString, maxStatementBytes / 4);
        limits.itemBytes = 2 * limits.stringBytes;
        return limits;
    }
};

/// Reads the gateway's list, identifies its items and hands them out batch by batch. A long list is read in a thread of
/// its own, a batch ahead of who takes them: fetching and parsing go on while the database works. Holds three batches
/// at most. One use, one thread.
class ListingReader {
public:
    using Take = std::function<void(const Batch&)>;

    /// Borrows all but the limits.
    ListingReader(Gateway& gateway, BacklogLimits limits, const carillon::StopToken& stop);
    ListingReader(const ListingReader&) = delete;
    ListingReader& operator=(const ListingReader&) = delete;

    /// Calls `take` on the caller's thread with each batch in the order of the list. Throws what reading throws, after
    /// the batches that came before; and at once what `take` throws, once a read of the network that goes on has ended,
    /// which is within the gateway's time limit.
    void read(const Take& take);

    /// So far, also after a throw.
    std::uint64_t bytes() const { return _reader.bytes(); }
    /// After read(), as BacklogReader has them.
    const std::vector<Message>& remarks() const { return _reader.remarks(); }
    std::uint64_t lost() const { return _reader.lost(); }

private:
    void readAhead(std::istream& body, std::int64_t announced, const Take& take);
    const Batch* next();
    void parse(std::istream& body, std::int64_t announced);
    void hand(Batch& batch);

    Gateway& _gateway;
    BacklogReader _reader;
    std::mutex _mutex;
    std::condition_variable _changed;
    Batch _taken;  // of who takes them, and so not guarded
    Batch _next;   // while there is none: what was taken, to be dropped on the thread that made it
    bool _hasNext = false;
    std::exception_ptr _failure;
    bool _ended = false;
    bool _abandoned = false;
};

}  // namespace passerelle
