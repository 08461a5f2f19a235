#include "../support/Unstopped.h"
#include "Fuzz.h"

#include "HttpAnswer.h"
#include "HttpConnection.h"

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/SocketAddress.h"
#include "Poco/Net/StreamSocket.h"

#include <array>

using namespace passerelle;

namespace {

/// Of what an input unpacks to so much is read.
constexpr std::size_t kMostBody = 1 << 20;

/// What a gateway may answer: the input, over a real connection, whose end comes behind it.
HttpHead readAnswer(HttpConnection& connection) {
    HttpHead head = readHead(connection);
    fuzz::require(head.status >= 200 && head.status <= 999, "the final answer is none of the interim ones");
    HttpAnswer answer(connection, head);
    answer.isBlank();
    std::array<char, 4096> block;
    std::size_t bytes = 0;
    while (bytes < kMostBody && answer.body().read(block.data(), block.size()).gcount() > 0)
        bytes += static_cast<std::size_t>(answer.body().gcount());
    if (head.length && !head.isChunked && head.packing == Packing::None)
        fuzz::require(bytes <= *head.length, "a body is no longer than its length");
    answer.reachEnd();
    return head;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace Poco::Net;
    static ServerSocket server(SocketAddress("127.0.0.1", 0));
    static const Unstopped kStop;
    HttpConnection connection(kStop, std::chrono::seconds(5));
    connection.connect("127.0.0.1", server.address().port());
    StreamSocket gateway = server.acceptConnection();
    gateway.sendBytes(data, static_cast<int>(size));
    gateway.shutdownSend();
    try {
        readAnswer(connection);
    } catch (const HttpFault& e) {
        fuzz::require(!e.message().empty() && e.message().size() <= 500, "a refusal is a sentence");
    }
    gateway.setLinger(true, 0);  // no port is kept for this connection
    return 0;
}
