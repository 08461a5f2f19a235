#pragma once

#include "BacklogReader.h"
#include "Gateway.h"

#include "carillon/RunContext.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>

namespace passerelle {

/// Reads the gateway's list in a thread of its own, a batch ahead of who takes them: fetching, parsing and identifying
/// the items go on while the database works. Holds three batches at most. To be used by one thread, which leaves the
/// gateway alone until the object is gone.
class ListingReader {
public:
    /// Borrows all but the limits and begins to read.
    ListingReader(Gateway& gateway, BacklogLimits limits, const carillon::StopToken& stop);
    ListingReader(const ListingReader&) = delete;
    ListingReader& operator=(const ListingReader&) = delete;
    /// Gives up what was not taken; waits for the gateway's time limit at most.
    ~ListingReader();

    /// The next batch in the order of the list, good until the next call; null at its end. Throws what reading threw,
    /// after the batches that came before.
    const Batch* next();

    /// To be asked at the end of the list, or after a throw.
    std::uint64_t bytes() const { return _reader.bytes(); }

private:
    void read();
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
    std::thread _thread;  // last: it uses the others
};

}  // namespace passerelle
