#pragma once

#include "BodySink.h"
#include "FaultReply.h"
#include "JsonText.h"
#include "Queue.h"

#include <cstddef>
#include <string>

namespace testgateway {

/// How the list is written; each default is what a sound gateway does.
struct PendingShape {
    Dialect dialect = Dialect::Path;
    NumberStyle numbers = NumberStyle::Number;
    bool phpWarning = false;
    bool duplicate = false;
    bool countWrong = false;
    bool badUtf8 = false;
    bool missingEnd = false;
    /// Length of the comment of one more item at the end; 0 = no such item.
    std::size_t bigString = 0;
};

/// Writes the answer to pending-validations in blocks of about 64 KB; holds one block at most.
class PendingAnswer {
public:
    PendingAnswer(PendingCursor& cursor, const PendingShape& shape, BodySink& sink);

    void write();

private:
    void writeHead();
    void writeItem();
    void writeBigItem();
    void beginItem(std::int64_t id);
    void appendMember(std::string_view key, const CellView& value);
    void appendComment();
    void passOn();

    PendingCursor& _cursor;
    const PendingShape _shape;
    BodySink& _sink;
    std::string _block;
    bool _firstItem = true;
};

}  // namespace testgateway
