#include "ListingReader.h"

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
            _reader.read(body, announced, [this](Batch&& batch) { hand(std::move(batch)); });
        });
    } catch (...) {
        failure = std::current_exception();
    }
    const std::lock_guard lock(_mutex);
    _failure = failure;
    _ended = true;
    _changed.notify_all();
}

void ListingReader::hand(Batch&& batch) {
    std::unique_lock lock(_mutex);
    _changed.wait(lock, [this] { return !_batch || _abandoned; });
    if (_abandoned) throw Abandoned{};
    _batch = std::move(batch);
    _changed.notify_all();
}

std::optional<Batch> ListingReader::next() {
    std::unique_lock lock(_mutex);
    _changed.wait(lock, [this] { return _batch || _ended; });
    if (_batch) {
        std::optional<Batch> batch = std::exchange(_batch, std::nullopt);
        _changed.notify_all();
        return batch;
    }
    if (_failure) std::rethrow_exception(_failure);
    return std::nullopt;
}

}  // namespace passerelle
