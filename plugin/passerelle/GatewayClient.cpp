#include "GatewayClient.h"

#include "BacklogReader.h"

#include "carillon/CrashPoint.h"
#include "carillon/Duration.h"
#include "carillon/LogLine.h"

#include "Poco/DateTime.h"
#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeParser.h"
#include "Poco/JSON/Parser.h"
#include "Poco/Net/HTTPRequest.h"
#include "Poco/Net/HTTPSClientSession.h"
#include "Poco/Net/NetException.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"
#include "Poco/Thread.h"
#include "Poco/Timespan.h"

#include <algorithm>
#include <optional>
#include <sstream>

namespace passerelle {
namespace {

using Poco::JSON::Object;
using Poco::Net::HTTPResponse;
using Steady = std::chrono::steady_clock;

/// Every answer but the pending list is small; more than this of one is rubbish.
constexpr std::size_t kMaxSmallAnswer = 64 << 10;

/// A call is made so often again because its gateway has moved or asks for a pause.
constexpr int kMostRepeats = 5;
/// So soon a request to stop ends a wait.
constexpr std::chrono::milliseconds kLongestSleep{100};

bool hasControlCharacter(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

std::string readAtMost(std::istream& in, std::size_t limit) {
    std::string text(limit, '\0');
    // The buffer itself: an istream would swallow what the network throws.
    text.resize(static_cast<std::size_t>(in.rdbuf()->sgetn(text.data(), static_cast<std::streamsize>(limit))));
    if (text.size() < limit) in.setstate(std::ios::eofbit);
    return text;
}

/// A number of seconds, or a date; nothing of what is neither.
std::optional<std::chrono::seconds> parseRetryAfter(const std::string& text) {
    int seconds = 0;
    if (Poco::NumberParser::tryParse(text, seconds) && seconds >= 0) return std::chrono::seconds(seconds);
    Poco::DateTime date;
    int zone = 0;
    if (text.empty() || !Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone)) return {};
    const auto left = (date.timestamp() - Poco::Timestamp()) / Poco::Timestamp::resolution() + 1;
    return std::chrono::seconds(std::max<Poco::Timestamp::TimeDiff>(left, 0));
}

/// What an error answer says of itself: its JSON message, else its text.
std::string errorText(const std::string& body) {
    try {
        Poco::JSON::Parser parser;
        const auto json = parser.parse(body).extract<Object::Ptr>();
        const std::string message = json->optValue<std::string>("message", "");
        return excerpt(message.empty() ? json->optValue<std::string>("error", "") : message);
    } catch (const Poco::Exception&) {
        return excerpt(body);
    }
}

}  // namespace

GatewayClient::GatewayClient(GatewayOptions options, carillon::RunContext& context)
    : _options(std::move(options)), _context(context) {
    try {
        _uri = Poco::URI(_options.url);
    } catch (const Poco::Exception&) {
        throw GatewayRefused("the gateway's address '" + _options.url + "' is no URL; expected https://HOST/PATH");
    }
    if ((_uri.getScheme() != "http" && _uri.getScheme() != "https") || _uri.getHost().empty())
        throw GatewayRefused("the gateway's address '" + _options.url + "' is no URL; expected https://HOST/PATH");
    if (!_uri.getUserInfo().empty())
        throw GatewayRefused("the gateway's address holds a user or a password; expected https://HOST/PATH, without");
    if (hasControlCharacter(_options.url) || hasControlCharacter(_options.key))
        throw GatewayRefused("the gateway's address or key holds a control character; write it anew");
    std::string path = _uri.getPath();
    while (path.ends_with('/')) path.pop_back();
    _uri.setPath(path);
    _address = _uri.getScheme() + "://" + _uri.getAuthority() + path;
}

std::string GatewayClient::pathOf(const Call& call) const {
    return _uri.getPathEtc().substr(0, _uri.getPathEtc().find_first_of("?#")) + apiPathOf(call);
}

std::string GatewayClient::apiPathOf(const Call& call) const {
    return (_options.dialect == Dialect::Path ? "/api.php/" : "/api.php?action=") + call.name;
}

std::unique_ptr<Poco::Net::HTTPClientSession> GatewayClient::connect() {
    std::unique_ptr<Poco::Net::HTTPClientSession> session;
    if (_uri.getScheme() == "https") {
        if (!_tls) _tls = std::make_unique<GatewayTls>(_options.tls, _uri.getHost());
        session = std::make_unique<Poco::Net::HTTPSClientSession>(_uri.getHost(), _uri.getPort(),
                                                                  _tls->contextOfNextConnection());
    } else {
        session = std::make_unique<Poco::Net::HTTPClientSession>(_uri.getHost(), _uri.getPort());
    }
    const auto limit = std::max(std::chrono::milliseconds(1), std::min(_options.timeout, _context.stop().remaining()));
    session->setTimeout(Poco::Timespan(limit.count() * 1000));
    session->setKeepAlive(true);
    return session;
}

std::istream& GatewayClient::exchange(const Call& call, HTTPResponse& response) {
    for (;;) {
        const auto started = Steady::now();
        if (!_session) {
            _session = connect();
            _reused = false;
        }
        Poco::Net::HTTPRequest request(call.post ? "POST" : "GET", pathOf(call), "HTTP/1.1");
        request.set("Authorization", "Bearer " + _options.key);
        request.setContentType("application/json");
        request.set("Accept", "application/json");
        if (call.post) request.setContentLength64(static_cast<Poco::Int64>(call.body.size()));
        try {
            carillon::crashPoint("request.before");
            std::ostream& out = _session->sendRequest(request);
            out << call.body << std::flush;
            carillon::crashPoint("request.sent");
            std::istream& body = _session->receiveResponse(response);
            if (_tls) _tls->noteAnswer();
            carillon::crashPoint("answer.begun");
            logAnswer(call, response, started);
            return body;
        } catch (const Poco::Exception& e) {
            _session.reset();
            // The other side closes an idle connection when it likes; that is no failure.
            if (dynamic_cast<const Poco::TimeoutException*>(&e) != nullptr) throw;
            if (_reused) continue;
            if (dynamic_cast<const Poco::Net::NetException*>(&e) != nullptr) throw;
            throw Poco::Net::NetException(e.displayText());
        }
    }
}

void GatewayClient::logAnswer(const Call& call, const HTTPResponse& response, Steady::time_point started) const {
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - started);
    carillon::LogLine(_context.log(), "gateway.answered", Poco::Message::PRIO_DEBUG)
        .field("call", call.name)
        .field("status", static_cast<int>(response.getStatus()))
        .field("ms", waited.count());
}

/// The answer to the call, wherever the gateway has moved to and after what it asked us to wait.
std::istream& GatewayClient::obtain(const Call& call, HTTPResponse& response) {
    for (int repeats = 0;; ++repeats) {
        std::istream& body = exchange(call, response);
        if (repeats == kMostRepeats || !(follow(call, response) || waitAsAsked(call, response))) return body;
        response.clear();
    }
}

bool GatewayClient::follow(const Call& call, const HTTPResponse& response) {
    const int status = response.getStatus();
    if (status < 300 || status >= 400) return false;
    Poco::URI target(_uri.getScheme() + "://" + _uri.getAuthority() + pathOf(call));
    try {
        target.resolve(response.get("Location", ""));
    } catch (const Poco::Exception&) {
        return false;
    }
    const bool sameDoor = target.getScheme() == _uri.getScheme() && target.getPort() == _uri.getPort();
    const bool safer = target.getScheme() == "https" && _uri.getScheme() == "http";
    if (Poco::icompare(target.getHost(), _uri.getHost()) != 0 || !(sameDoor || safer)) return false;
    // The whole gateway has moved, or this is something else.
    const std::string path = target.getPathEtc();
    if (!target.getUserInfo().empty() || !path.ends_with(apiPathOf(call)) || (sameDoor && path == pathOf(call)))
        return false;
    _uri = Poco::URI(target.getScheme() + "://" + target.getAuthority() +
                     path.substr(0, path.size() - apiPathOf(call).size()));
    _session.reset();
    carillon::LogLine(_context.log(), "gateway.moved", Poco::Message::PRIO_WARNING)
        .field("from", _address)
        .field("to", _uri.toString())
        .field("status", status);
    return true;
}

bool GatewayClient::waitAsAsked(const Call& call, const HTTPResponse& response) {
    const int status = response.getStatus();
    if (!_options.waits || (status != 429 && status != 503)) return false;
    const auto pause = parseRetryAfter(response.get("Retry-After", ""));
    if (!pause || *pause >= _context.stop().remaining()) return false;
    _session.reset();
    carillon::LogLine(_context.log(), "gateway.busy", Poco::Message::PRIO_WARNING)
        .field("call", call.name)
        .field("status", status)
        .field("wait_s", pause->count());
    for (const auto end = Steady::now() + *pause; Steady::now() < end;) {
        _context.stop().throwIfRequested();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
        Poco::Thread::sleep(std::min(left, kLongestSleep).count());
    }
    return true;
}

int GatewayClient::perform(const Call& call, const BodyReader& read) {
    _context.stop().throwIfRequested();
    HTTPResponse response;
    try {
        std::istream& body = obtain(call, response);
        requireSuccess(call, response, body);
        read(body, response.hasContentLength() ? response.getContentLength64() : -1);
        // Only a body that was read to its end leaves a connection that can be used again. Who met the end said so in
        // the stream: Poco's chunked one must not be read once more, it would wait for a chunk that never comes.
        const bool atEnd = body.eof() || body.peek() == std::istream::traits_type::eof();
        _reused = response.getKeepAlive() && atEnd && !body.bad();
        if (!_reused) _session.reset();
        return static_cast<int>(response.getStatus());
    } catch (const Poco::Net::NetException& e) {
        throwUnavailable(call, e);
    } catch (const Poco::TimeoutException& e) {
        throwUnavailable(call, e);
    } catch (const MalformedAnswer& e) {
        _session.reset();
        throw MalformedAnswer("the gateway " + _address + " (" + call.name + "): " + e.message());
    } catch (...) {
        _session.reset();
        throw;
    }
}

void GatewayClient::throwUnavailable(const Call& call, const Poco::Exception& cause) {
    _session.reset();
    // The wait was cut short by the run's own time limit, or interrupted by the request to stop: no fault of the
    // gateway.
    _context.stop().throwIfRequested();
    const bool late = dynamic_cast<const Poco::TimeoutException*>(&cause) != nullptr;
    std::string why = late    ? "no answer within " + carillon::formatDuration(_options.timeout)
                      : !_tls ? ""
                              : _tls->explainFailure();
    if (why.empty()) why = excerpt(cause.displayText());
    throw GatewayUnavailable("the gateway " + _address + " cannot be reached (" + call.name + "): " + why);
}

std::string GatewayClient::adviceOnRedirect(const Call& call, const HTTPResponse& response) const {
    std::string address = response.get("Location", "");
    if (_uri.getScheme() == "https" && Poco::icompare(address, 0, 7, std::string("http://")) == 0)
        return "it leads out of the encryption, which its hosting has to mend";
    if (!address.ends_with(apiPathOf(call))) return "see validation_url in Agora or task.gateway.url";
    address.resize(address.size() - apiPathOf(call).size());
    return "if the gateway is there now, enter " + excerpt(address) +
           " as validation_url in Agora or as task.gateway.url";
}

void GatewayClient::requireSuccess(const Call& call, const HTTPResponse& response, std::istream& body) const {
    const int status = response.getStatus();
    if (status >= 200 && status < 300) return;
    const std::string where = "the gateway " + _address + " answers " + std::to_string(status) + " to " + call.name;
    if (status >= 300 && status < 400)
        throw GatewayRefused(where + ", a redirect to " + excerpt(response.get("Location", "(nowhere)")) +
                             ", where the key is not sent; " + adviceOnRedirect(call, response));
    const std::string said = ": " + errorText(readAtMost(body, kMaxSmallAnswer));
    if (status == 401 || status == 403)
        throw GatewayRefused(where + said +
                             "; the API key is wrong: see validation_apikey in Agora, or task.gateway.key");
    if (status == 404 || status == 405)
        throw GatewayRefused(where + said + "; see validation_url in Agora, task.gateway.url and task.gateway.dialect");
    const std::string retryAfter = response.get("Retry-After", "");
    const auto pause = parseRetryAfter(retryAfter);
    const std::string later =
        retryAfter.empty()
            ? ""
            : "; it asks to come back after " + (pause ? std::to_string(pause->count()) + " s" : excerpt(retryAfter));
    if (status == 429 || status >= 500) throw GatewayUnavailable(where + said + later);
    throw GatewayRefused(where + said);
}

Object::Ptr GatewayClient::performForObject(const Call& call, int* status) {
    Object::Ptr json;
    const int code = perform(call, [&](std::istream& body, std::int64_t) {
        const std::string text = readAtMost(body, kMaxSmallAnswer);
        bool success = false;
        try {
            Poco::JSON::Parser parser;
            json = parser.parse(text).extract<Object::Ptr>();
            success = json->get("success").convert<bool>();
        } catch (const Poco::Exception&) {
            if (json.isNull()) throw MalformedAnswer("the answer is no JSON object but begins: " + excerpt(text));
        }
        if (!success) throw MalformedAnswer("the gateway reports an error: " + errorText(text));
    });
    if (status != nullptr) *status = code;
    return json;
}

void GatewayClient::readPending(const BodyReader& read) {
    perform({"pending-validations"}, read);
}

void GatewayClient::acknowledge(std::span<const std::int64_t> ids) {
    poco_assert(!ids.empty() && ids.size() <= kMaxAcknowledged);
    std::string body = "{\"ids\":[";
    for (const auto id : ids) body += std::to_string(id) + ',';
    body.back() = ']';
    performForObject({"sync-completed", true, body + '}'});
}

GatewayHealth GatewayClient::health() {
    GatewayHealth health;
    const auto started = Steady::now();
    // The query dialect has no health call.
    const Call call{_options.dialect == Dialect::Path ? "health" : "stats"};
    const auto json = performForObject(call, &health.status);
    health.responseTime = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - started);
    health.version = json->optValue<std::string>("version", "");
    return health;
}

GatewayStats GatewayClient::stats() {
    const auto json = performForObject({"stats"})->getObject("stats");
    const std::string where = "the gateway " + _address + " (stats): ";
    if (!json) throw MalformedAnswer(where + "the answer has no member 'stats'");
    const auto number = [&](const char* name) {
        try {
            return json->getValue<std::int64_t>(name);
        } catch (const Poco::Exception&) {
            throw MalformedAnswer(where + "the statistics have no number '" + name + "'");
        }
    };
    return {number("pending"), number("synced"), number("total")};
}

}  // namespace passerelle
