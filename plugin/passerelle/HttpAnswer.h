#pragma once

#include "HttpBody.h"
#include "HttpHead.h"
#include "UnpackedBody.h"

#include <cstdint>
#include <istream>
#include <optional>
#include <string>

namespace passerelle {

/// The answer to one request: its head, and its body while that arrives, unpacked. Throws what the connection throws.
class HttpAnswer {
public:
    /// Borrows the connection, which nobody else reads in the meantime.
    HttpAnswer(HttpConnection& connection, HttpHead head);

    const HttpHead& head() const { return _head; }
    std::istream& body() { return _stream; }
    /// How many bytes of the body are to come, where the head says so; else -1.
    std::int64_t announcedBytes() const;

    /// Passes over white space. True: there is nothing else in the body, or nothing but a byte order mark.
    bool isBlank();
    /// The beginning of a body that is short, of so many bytes at most: all of it may take as long as one wait.
    std::string readAtMost(std::size_t most);
    /// The body ended before its end.
    bool isCut() const { return _body.isCut() || (_unpacked && _unpacked->isCut()); }
    /// The body is whole and at its end, or all but: the connection carries the next request.
    bool reachEnd() { return !isCut() && _body.reachEnd() && _head.isKept; }

private:
    std::streambuf& bytes();

    HttpHead _head;
    HttpBody _body;
    std::optional<UnpackedBody> _unpacked{};
    std::istream _stream;
    std::int64_t _passed = 0;  // over, before the reader began
};

}  // namespace passerelle
