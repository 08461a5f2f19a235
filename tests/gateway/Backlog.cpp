#include "Backlog.h"

#include "Poco/DateTimeFormatter.h"
#include "Poco/SHA2Engine.h"
#include "Poco/Timespan.h"

namespace testgateway {

namespace {

constexpr std::int64_t kItemsPerSecond = 50;

std::string sha256(const std::string& text) {
    Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

}  // namespace

void Backlog::moveTo(std::int64_t number) {
    const std::string decimal = std::to_string(number);
    _token = sha256(decimal);
    _refusal = _spec.refusals > 0 && number % _spec.refusals == _spec.refusals - 1;
    _hasComment = number % 3 != 0;
    if (_hasComment) _comment = "Très bien présenté, à diffuser lundi (remarque n° " + decimal + ").";
    const std::int64_t second = number / kItemsPerSecond;
    if (second == _second) return;
    _second = second;
    const Poco::DateTime moment = _spec.start + Poco::Timespan(second * Poco::Timespan::SECONDS);
    _validatedAt = Poco::DateTimeFormatter::format(moment, "%Y-%m-%d %H:%M:%S");
}

}  // namespace testgateway
