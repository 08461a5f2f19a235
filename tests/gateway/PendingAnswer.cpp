#include "PendingAnswer.h"

#include <algorithm>

namespace testgateway {

namespace {

constexpr std::size_t kBlockBytes = 64 * 1'024;
constexpr std::size_t kSpareBytes = 4 * 1'024;
constexpr std::int64_t kBigItemId = 2'147'483'647;
constexpr char kInvalidByte = '\xff';

}  // namespace

PendingAnswer::PendingAnswer(PendingCursor& cursor, const PendingShape& shape, BodySink& sink)
    : _cursor(cursor), _shape(shape), _sink(sink) {
    _block.reserve(kBlockBytes + kSpareBytes);
}

void PendingAnswer::write() {
    writeHead();
    while (_cursor.next()) {
        writeItem();
        if (_shape.duplicate) writeItem();
        if (_block.size() >= kBlockBytes) passOn();
    }
    if (_shape.bigString > 0) writeBigItem();
    if (!_shape.missingEnd) _block += "]}";
    passOn();
}

void PendingAnswer::writeHead() {
    if (_shape.phpWarning) _block += kPhpWarning;
    if (_shape.dialect == Dialect::Query) {
        _block += R"({"success":true,"validations":[)";
        return;
    }
    const std::int64_t listed = _cursor.count() * (_shape.duplicate ? 2 : 1) + (_shape.bigString > 0 ? 1 : 0);
    _block += R"({"success":true,"count":)";
    appendJsonNumber(_block, listed + (_shape.countWrong ? 1 : 0), _shape.numbers);
    _block += R"(,"data":[)";
}

void PendingAnswer::writeItem() {
    beginItem(_cursor.id());
    appendMember("token", _cursor.token());
    _block += R"(,"campaign_id":)";
    appendJsonNumber(_block, 0, _shape.numbers);
    _block += R"(,"user_id":)";
    appendJsonNumber(_block, 0, _shape.numbers);
    appendMember("action", _cursor.action());
    appendComment();
    appendMember("validated_at", _cursor.validatedAt());
    _block += '}';
}

void PendingAnswer::beginItem(std::int64_t id) {
    if (!_firstItem) _block += ',';
    _block += R"({"id":)";
    appendJsonNumber(_block, id, _shape.numbers);
}

void PendingAnswer::appendMember(std::string_view key, const CellView& value) {
    if (std::holds_alternative<Absent>(value)) return;
    _block += ",\"";
    _block += key;
    _block += "\":";
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        appendJsonText(_block, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        appendJsonNumber(_block, *number, _shape.numbers);
    } else {
        _block += "null";
    }
}

void PendingAnswer::appendComment() {
    if (_shape.badUtf8 && _firstItem) {
        _block += R"(,"commentaire":"Tr)";
        _block += kInvalidByte;
        _block += R"(s bien")";
    } else {
        appendMember("commentaire", _cursor.commentaire());
    }
    _firstItem = false;
}

void PendingAnswer::writeBigItem() {
    beginItem(kBigItemId);
    appendMember("token", std::string(64, 'b'));
    _block += R"(,"campaign_id":0,"user_id":0,"action":"valide","commentaire":")";
    for (std::size_t left = _shape.bigString; left > 0;) {
        const std::size_t part = std::min(left, kBlockBytes);
        _block.append(part, 'x');
        left -= part;
        passOn();
    }
    _block += R"(","validated_at":"2026-01-05 08:00:00"})";
    _firstItem = false;
}

void PendingAnswer::passOn() {
    _sink.write(_block);
    _block.clear();
}

}  // namespace testgateway
