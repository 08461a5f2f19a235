#include "Http.h"

#include "JsonText.h"

#include <array>
#include <istream>
#include <typeinfo>

namespace testgateway {

POCO_IMPLEMENT_EXCEPTION(BadRequest, Poco::RuntimeException, "Bad request")

Reply errorReply(int status, std::string_view error, std::string_view message) {
    Reply reply{.status = status};
    reply.body = R"({"success":false,"error":)";
    appendJsonText(reply.body, error);
    reply.body += R"(,"message":)";
    appendJsonText(reply.body, message);
    reply.body += '}';
    return reply;
}

Reply wrongMethod(const std::string& allowed) {
    Reply reply = errorReply(405, "Method Not Allowed", "Méthode attendue : " + allowed);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

std::string readBody(Poco::Net::HTTPServerRequest& request, std::size_t limit) {
    // Without either header the stream would wait for the end of the connection.
    if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) return {};
    std::string body;
    std::array<char, 16'384> block{};
    std::istream& stream = request.stream();
    while (stream.good()) {
        stream.read(block.data(), block.size());
        body.append(block.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > limit) throw BadRequest("the body is larger than " + std::to_string(limit) + " bytes", 413);
    }
    return body;
}

}  // namespace testgateway
