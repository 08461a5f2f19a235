#pragma once

#include <chrono>
#include <cstddef>

namespace carillon {

/// What a client may take of the host.
struct HttpLimits {
    std::size_t head = 16 * 1024;   ///< Bytes of the request's line and headers.
    std::size_t target = 4 * 1024;  ///< Bytes of the path with its query.
    std::size_t fields = 100;
    std::size_t body = 64 * 1024;
    std::chrono::milliseconds arrival =
        std::chrono::seconds(10);                               ///< Of a whole request, however it drips, TLS included.
    std::chrono::milliseconds idle = std::chrono::seconds(15);  ///< Between two requests.
    std::chrono::milliseconds departure = std::chrono::seconds(30);  ///< Of a whole answer, or a piece of a stream.
    int requests = 1'000;                                            ///< Of one connection.
    int connections = 512;  ///< Threads; one more connection ends the one that keeps its thread waiting the longest.
    int queue = 4'096;  ///< Connections that wait for a thread, as far as there are descriptors; one more is closed.
    int streams = 256;  ///< Answers without an end, at once: fewer than threads, so that others are answered too.
};

}  // namespace carillon
