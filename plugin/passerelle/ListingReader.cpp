#include "ListingReader.h"

#include "Decision.h"

#include <algorithm>
#include <utility>

namespace passerelle {
namespace {

/// Ends the reading from within, when nobody takes batches any more.
struct Abandoned {};

}  // namespace

ListingReader::ListingReader(Gateway& gateway, BacklogLimits limits, const carillon::StopToken& stop)
    : _gateway(gateway), _reader(limits, stop), _thread([this] { read(); }) {}

ListingReader::~ListingReader() {
    {
        const std::lock_guard lock(_mutex);
        _abandoned = true;
    }
    _changed.notify_all();
    _thread.join();
}

void ListingReader::read() {
    std::exception_ptr failure;
    try {
        _gateway.readPending([this](std::istream& body, std::int64_t announced) {
            _reader.read(body, announced, [this](Batch& batch) {
                std::for_each(batch.items.begin(), batch.items.end(), identify);
                hand(batch);
            });
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
