#pragma once

#include "HttpHead.h"

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <streambuf>

namespace passerelle {

/// A body that a server packed without being asked to, as it was before: gzip in one or more pieces, or deflate, of
/// which servers send two kinds. Ends where the packed bytes end or are none; then it says whether they were whole.
/// Throws what the packed stream throws.
class UnpackedBody final : public std::streambuf {
public:
    /// Borrows the packed bytes.
    UnpackedBody(std::streambuf& packed, Packing packing);
    UnpackedBody(const UnpackedBody&) = delete;
    UnpackedBody& operator=(const UnpackedBody&) = delete;
    ~UnpackedBody() override;

    /// The packed bytes ended in the middle, or are damaged.
    bool isCut() const { return _isCut; }

protected:
    int_type underflow() override;

private:
    bool begin();
    bool refill();
    bool step();

    std::streambuf& _packed;
    const Packing _packing;
    z_stream _state{};
    bool _hasBegun = false;
    bool _isAtEnd = false;
    bool _isCut = false;
    std::unique_ptr<char[]> _input;
    std::unique_ptr<char[]> _output;
};

}  // namespace passerelle
