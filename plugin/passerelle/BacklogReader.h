#pragma once

#include "Texts.h"
#include "Validation.h"

#include "carillon/RunContext.h"

#include "Poco/Exception.h"
#include "Poco/SharedPtr.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

namespace passerelle {

/// The answer is not what the protocol promises; the message says what came instead. The items before the fault were
/// handed out.
class MalformedAnswer : public carillon::Failure {
public:
    using Failure::Failure;
    const char* name() const noexcept override { return "Malformed answer"; }
    Poco::Exception* clone() const override { return new MalformedAnswer(*this); }
    void rethrow() const override { throw *this; }
};

/// One item of the list is not what the protocol promises.
class BrokenItem : public Poco::DataFormatException {
public:
    using Poco::DataFormatException::DataFormatException;
    const char* name() const noexcept override { return "Broken item"; }
    Poco::Exception* clone() const override { return new BrokenItem(*this); }
    void rethrow() const override { throw *this; }
};

class BoundedStringBuffer;
class ItemHandler;

struct BacklogLimits {
    std::size_t batchItems = 1'000;
    std::size_t batchBytes = 4 << 20;
    /// Of one string, as sent. Of a longer one the beginning is kept and the item marked `cut`.
    std::size_t stringBytes = 1 << 20;
    /// Of one item's payload. Members of a larger one are left out and the item is marked `cut`.
    std::size_t itemBytes = 2 << 20;
};

/// Reads a list of pending validations as its bytes arrive and hands it out batch by batch: memory does not depend on
/// the length of the answer, nor of anything in it. An item that is no JSON is handed out with what can be read of it
/// and a defect, and does not end the list; text around the JSON does no harm. Holds one batch; one use, one thread.
/// Source: gateway protocol, "pending", both dialects.
class BacklogReader {
public:
    /// May take what is in the batch; what it leaves there is dropped on the reader's thread, as it was made there.
    using Consumer = std::function<void(Batch&)>;

    /// Borrows the token: each read of bytes looks at it and throws carillon::RunStopped.
    BacklogReader(BacklogLimits limits, const carillon::StopToken& stop) : _limits(limits), _stop(stop) {}

    /// Calls the consumer with each batch, never an empty one. `announcedBytes` is the Content-Length, -1 if none.
    /// Throws MalformedAnswer, and what the stream and the consumer throw.
    void read(std::istream& answer, std::int64_t announcedBytes, const Consumer& consume);

    /// So far, also after a throw.
    std::uint64_t bytes() const { return _bytes; }
    std::uint64_t items() const { return _items; }
    /// What was odd about the answer and harmless, a sentence each.
    const std::vector<Message>& remarks() const { return _remarks; }
    /// Items that the gateway announced and that could not be told from a broken one before them.
    std::uint64_t lost() const { return _lost; }

private:
    void skipMark(BoundedStringBuffer& buffer);
    bool skipToObject(BoundedStringBuffer& buffer);
    void readDocument(BoundedStringBuffer& buffer, Poco::SharedPtr<ItemHandler> handler);
    void parseDocument(BoundedStringBuffer& buffer, Poco::SharedPtr<ItemHandler> handler);
    bool passOver(BoundedStringBuffer& buffer, ItemHandler& handler, const std::string& why);
    void readTrailer(BoundedStringBuffer& buffer);
    void remarkPreamble();
    void remarkTrailer();
    Message describeFault(const std::string& fault, const BoundedStringBuffer& buffer) const;

    BacklogLimits _limits;
    const carillon::StopToken& _stop;
    std::int64_t _announced = -1;
    std::uint64_t _bytes = 0;
    std::uint64_t _items = 0;
    std::uint64_t _lost = 0;
    std::string _around{};  // the beginning of what stands before the document, then of what stands behind it
    bool _exact = true;     // nothing of the list was passed over
    std::vector<Message> _remarks{};
};

/// The beginning of an answer as one readable line: without tags, controls and the `user:password` of URLs, what is
/// hidden made visible, 100 bytes at most.
std::string excerpt(const std::string& text);

}  // namespace passerelle
