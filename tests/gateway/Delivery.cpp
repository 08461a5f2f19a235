#include "Delivery.h"

#include "Poco/Net/HTTPServerRequestImpl.h"
#include "Poco/Net/StreamSocket.h"

namespace testgateway {

namespace {

/// What a cut answer announces more than it sends.
constexpr std::size_t kNeverSent = 64 * 1'024;

}  // namespace

Delivery::Delivery(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response, StopSignal& stop)
    : _request(request), _response(response), _stop(stop) {}

void Delivery::send(const Reply& reply) {
    _response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
    _response.setReason(Poco::Net::HTTPResponse::getReasonForStatus(_response.getStatus()));
    _response.setContentType(reply.contentType);
    for (const auto& [name, value] : reply.headers) _response.set(name, value);
    deliver(reply.body.size(), [&reply](BodySink& sink) { sink.write(reply.body); });
}

void Delivery::stream(const std::function<void(BodySink&)>& writeBody) {
    _response.setContentType(std::string(kJsonType));
    deliver(std::nullopt, writeBody);
}

void Delivery::announceLength(std::optional<std::size_t> length) {
    const bool mayChunk = _request.getVersion() != Poco::Net::HTTPMessage::HTTP_1_0;
    if (isCut()) {
        length = _fault->afterBytes + kNeverSent;
        if (_fault->chunked && mayChunk) length.reset();
    }
    if (length) {
        _response.setContentLength64(static_cast<Poco::Int64>(*length));
    } else {
        _response.setChunkedTransferEncoding(mayChunk);
    }
}

void Delivery::deliver(std::optional<std::size_t> length, const std::function<void(BodySink&)>& writeBody) {
    announceLength(length);
    try {
        StreamSink sink(_response.send());
        writeThrough(sink, writeBody);
        sink.flush();
        if (isCut()) dropConnection(_fault->reset);
    } catch (const ClientGone&) {
        dropConnection(false);
    } catch (...) {
        // The server would end the answer as if it were complete.
        dropConnection(true);
        throw;
    }
}

void Delivery::writeThrough(BodySink& sink, const std::function<void(BodySink&)>& writeBody) {
    if (_fault && _fault->kind == FaultKind::Drip) {
        DripSink drip(sink, _fault->bytes, _fault->delay, _stop);
        return writeBody(drip);
    }
    if (!isCut()) return writeBody(sink);
    CutSink cut(sink, _fault->afterBytes);
    try {
        writeBody(cut);
    } catch (const AnswerCut&) {
    }
}

void Delivery::dropConnection(bool reset) {
    auto& socket = dynamic_cast<Poco::Net::HTTPServerRequestImpl&>(_request).socket();
    _response.setKeepAlive(false);
    try {
        if (reset) {
            socket.setLinger(true, 0);
            socket.close();
        } else {
            // Not closed here: a server that stops may use the descriptor at this moment.
            socket.shutdown();
        }
    } catch (const Poco::Exception&) {
        // The client was faster.
    }
}

}  // namespace testgateway
