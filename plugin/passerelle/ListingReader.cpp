#include "ListingReader.h"

#include "Decision.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace passerelle {
namespace {

/// A list that is no longer is parsed in less time than a thread takes to begin.
constexpr std::int64_t kShortBytes = 16 << 10;

/// Ends the reading from within, when nobody takes batches any more.
struct Abandoned {};

void identifyAll(Batch& batch) {
    std::for_each(batch.items.begin(), batch.items.end(), identify);
}

}  // namespace

ListingReader::ListingReader(Gateway& gateway, BacklogLimits limits, const carillon::StopToken& stop)
    : _gateway(gateway), _reader(limits, stop) {}

void ListingReader::read(const Take& take) {
    _gateway.readPending([&](std::istream& body, std::int64_t announced) {
        if (announced < 0 || announced > kShortBytes) return readAhead(body, announced, take);
        _reader.read(body, announced, [&take](Batch& batch) {
            identifyAll(batch);
            take(batch);
        });
    });
}

/// Invariant: when it returns or throws, its thread has ended.
void ListingReader::readAhead(std::istream& body, std::int64_t announced, const Take& take) {
    struct Reading {
        ListingReader& reader;
        std::thread thread;
        ~Reading() {
            {
                const std::lock_guard lock(reader._mutex);
                reader._abandoned = true;
            }
            reader._changed.notify_all();
            thread.join();
        }
    } const reading{*this, std::thread([&] { parse(body, announced); })};
    while (const Batch* const batch = next()) take(*batch);
}

void ListingReader::parse(std::istream& body, std::int64_t announced) {
    std::exception_ptr failure;
    try {
        _reader.read(body, announced, [this](Batch& batch) {
            identifyAll(batch);
            hand(batch);
        });
    } catch (...) {
        failure = std::current_exception();
    }
    const std::lock_guard lock(_mutex);
    _failure = failure;
    _ended = true;
    _changed.notify_all();
}

/// A batch is thousands of small blocks of memory. Another thread than the one that made them would free each from
/// another processor, which costs more than the parsing.
void ListingReader::hand(Batch& batch) {
    std::unique_lock lock(_mutex);
    _changed.wait(lock, [this] { return !_hasNext || _abandoned; });
    if (_abandoned) throw Abandoned{};
    std::swap(_next, batch);
    _hasNext = true;
    _changed.notify_all();
}

/// The next batch, good until the next call; null at the end of the list.
const Batch* ListingReader::next() {
    std::unique_lock lock(_mutex);
    _changed.wait(lock, [this] { return _hasNext || _ended; });
    if (_hasNext) {
        std::swap(_taken, _next);
        _hasNext = false;
        _changed.notify_all();
        return &_taken;
    }
    if (_failure) std::rethrow_exception(_failure);
    return nullptr;
}

}  // namespace passerelle
