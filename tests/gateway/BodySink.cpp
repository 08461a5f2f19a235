#include "BodySink.h"

#include <algorithm>
#include <typeinfo>

namespace testgateway {

POCO_IMPLEMENT_EXCEPTION(ClientGone, Poco::RuntimeException, "Client gone")
POCO_IMPLEMENT_EXCEPTION(AnswerCut, Poco::RuntimeException, "Answer cut")

void StreamSink::write(std::string_view block) {
    _stream.write(block.data(), static_cast<std::streamsize>(block.size()));
    if (!_stream.good()) throw ClientGone();
}

void StreamSink::flush() {
    _stream.flush();
    if (!_stream.good()) throw ClientGone();
}

void DripSink::write(std::string_view block) {
    while (!block.empty()) {
        const std::string_view piece = block.substr(0, _piece);
        _next.write(piece);
        _next.flush();
        block.remove_prefix(piece.size());
        if (!_stop.wait(_delay)) throw ClientGone("the server stops");
    }
}

void CutSink::write(std::string_view block) {
    const std::string_view part = block.substr(0, _left);
    _next.write(part);
    _left -= part.size();
    if (_left == 0) throw AnswerCut();
}

}  // namespace testgateway
