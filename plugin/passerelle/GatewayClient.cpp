#include "GatewayClient.h"

#include "BacklogReader.h"
#include "GatewayAddress.h"
#include "SmallAnswer.h"

#include "carillon/LogLine.h"
#include "shared/ProxyEnvironment.h"

#include "Poco/Thread.h"

#include <algorithm>
#include <utility>

namespace passerelle {
namespace {

using Poco::JSON::Object;
using Steady = std::chrono::steady_clock;

/// Every answer but the pending list is small; more than this of one is rubbish.
constexpr std::size_t kMaxSmallAnswer = 64 << 10;

/// A call is made so often again because its gateway has moved or asks for a pause.
constexpr int kMostRepeats = 5;
/// So soon a request to stop ends a wait.
constexpr std::chrono::milliseconds kLongestSleep{100};

std::optional<carillon::Proxy> chooseProxy(const ProxyChoice& choice, const GatewayAddress& address) {
    if (choice.isDirect || choice.proxy) return choice.proxy;
    try {
        return carillon::proxyOfEnvironment(address.scheme(), address.host(), address.port());
    } catch (const Poco::SyntaxException& e) {
        throw GatewayRefused(e.message() + "; or give task.gateway.proxy, which is none where no proxy is to be used");
    }
}

}  // namespace

GatewayClient::GatewayClient(GatewayOptions options, carillon::RunContext& context)
    : _options(std::move(options)), _context(context) {
    GatewayAddress address(_options.url);
    if (hasControlCharacter(_options.key))
        throw GatewayRefused("the gateway's address or key holds a control character; write it anew");
    _name = address.text();
    openSession(std::move(address));
}

void GatewayClient::openSession(GatewayAddress address) {
    auto proxy = chooseProxy(_options.proxy, address);
    if (proxy && !proxy->password.empty()) _context.conceal(proxy->password);
    _session = std::make_unique<HttpSession>(std::move(address), std::move(proxy), _options.tls, _options.timeout,
                                             _context.stop());
}

std::string GatewayClient::proxyName() const {
    return _session->proxy() ? _session->proxy()->name() : "";
}

std::string GatewayClient::targetOf(const Call& call) const {
    return (_options.dialect == Dialect::Path ? "/api.php/" : "/api.php?action=") + call.name;
}

/// The call as messages name it.
std::string GatewayClient::placeOf(const Call& call) const {
    return call.name + (_session->proxy() ? " through the proxy " + proxyName() : "");
}

/// The answer to the call, wherever the gateway has moved to and after what it asked us to wait.
HttpAnswer& GatewayClient::obtain(const Call& call) {
    for (int repeats = 0;; ++repeats) {
        const auto started = Steady::now();
        HttpAnswer& answer = _session->exchange(
            {call.body.empty() ? "GET" : "POST", targetOf(call), "Bearer " + _options.key, call.body});
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - started);
        carillon::LogLine(_context.log(), "gateway.answered", Poco::Message::PRIO_DEBUG)
            .field("call", call.name)
            .field("status", answer.head().status)
            .field("ms", waited.count());
        if (repeats == kMostRepeats || !(follow(call, answer.head()) || waitAsAsked(call, answer.head())))
            return answer;
    }
}

bool GatewayClient::follow(const Call& call, const HttpHead& head) {
    if (head.status < 300 || head.status >= 400) return false;
    auto to = movedTo(_session->address(), targetOf(call), head.location);
    if (!to) return false;
    carillon::LogLine(_context.log(), "gateway.moved", Poco::Message::PRIO_WARNING)
        .field("from", _name)
        .field("to", to->text())
        .field("status", head.status);
    openSession(std::move(*to));
    return true;
}

bool GatewayClient::waitAsAsked(const Call& call, const HttpHead& head) {
    if (!_options.waits || (head.status != 429 && head.status != 503)) return false;
    const auto pause = head.pause();
    if (!pause || *pause >= _context.stop().remaining()) return false;
    carillon::LogLine(_context.log(), "gateway.busy", Poco::Message::PRIO_WARNING)
        .field("call", call.name)
        .field("status", head.status)
        .field("wait_s", pause->count());
    _session->disconnect();
    for (const auto end = Steady::now() + *pause; Steady::now() < end;) {
        _context.stop().throwIfRequested();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now());
        Poco::Thread::sleep(std::min(left, kLongestSleep).count());
    }
    return true;
}

HttpHead GatewayClient::perform(const Call& call, const AnswerReader& read) {
    _context.stop().throwIfRequested();
    try {
        HttpAnswer& answer = obtain(call);
        HttpHead head = answer.head();
        requireSuccess(call, answer);
        read(answer);
        _session->release();
        return head;
    } catch (const HttpFault& e) {
        throwUnavailable(call, e);
    } catch (const MalformedAnswer& e) {
        _session->disconnect();
        throw MalformedAnswer("the gateway " + _name + " (" + placeOf(call) + "): " + e.message());
    } catch (...) {
        _session->disconnect();
        throw;
    }
}

void GatewayClient::throwUnavailable(const Call& call, const HttpFault& cause) {
    using Who = HttpFault::Who;
    _session->disconnect();
    // The wait was cut short by the run's own time limit, or interrupted by the request to stop: no fault of the
    // gateway.
    _context.stop().throwIfRequested();
    const std::string gateway = "the gateway " + _name;
    // A proxy that cannot be reached names itself.
    if (cause.who() == Who::Unreached)
        throw GatewayUnavailable(gateway + " cannot be reached (" + call.name + "): " + cause.message());
    throw GatewayUnavailable(gateway + " (" + placeOf(call) + ") " +
                             (cause.who() == Who::Silent ? "takes connections, but " : "answered, but ") +
                             cause.message());
}

void GatewayClient::requireSuccess(const Call& call, HttpAnswer& answer) {
    const int status = answer.head().status;
    if (status >= 200 && status < 300) return;
    const std::string where = "the gateway " + _name + " answers " + std::to_string(status) + " to " + placeOf(call);
    const std::string& location = answer.head().location;
    if (status >= 300 && status < 400)
        throw GatewayRefused(where + ", a redirect to " + excerpt(location.empty() ? "(nowhere)" : location) +
                                 ", where the key is not sent; " +
                                 adviceOnRedirect(_session->address(), targetOf(call), location),
                             true);
    const std::string retryAfter = answer.head().retryAfter;
    const std::string said = ": " + errorTextOf(answer.readAtMost(kMaxSmallAnswer));
    if (status == 401) throw GatewayRefused(where + said + adviceOnKey());
    if (status == 403)
        throw GatewayRefused(where + said +
                             "; the API key is wrong: see validation_apikey in Agora, or task.gateway.key");
    if (status == 404 || status == 405)
        throw GatewayRefused(where + said + "; see validation_url in Agora, task.gateway.url and task.gateway.dialect",
                             true);
    if (status == 407)
        throw GatewayRefused(where + said + "; the proxy wants a user and a password that it knows: give them as " +
                             "http://USER:PASSWORD@HOST:PORT");
    const auto pause = answer.head().pause();
    const std::string later =
        retryAfter.empty()
            ? ""
            : "; it asks to come back after " + (pause ? std::to_string(pause->count()) + " s" : excerpt(retryAfter));
    if (status == 429 || status >= 500) throw GatewayUnavailable(where + said + later, pause);
    throw GatewayRefused(where + said, true);
}

std::string GatewayClient::adviceOnKey() {
    const std::string evidence = answersWithoutKey() ? " (health, which it answers without a key, is well)" : "";
    return "; the API key is wrong: see validation_apikey in Agora, or task.gateway.key; or the key is right and the "
           "gateway's web server keeps the Authorization header from PHP" +
           evidence +
           ": with Apache, add CGIPassAuth On to the .htaccess beside api.php, or SetEnvIf Authorization \"(.*)\" "
           "HTTP_AUTHORIZATION=$1";
}

/// One attempt, whatever comes of it.
bool GatewayClient::answersWithoutKey() {
    if (_options.dialect == Dialect::Query) return false;  // which has no health
    try {
        HttpAnswer& answer = _session->exchange({"GET", targetOf({"health"}), "", ""});
        const std::string text = answer.readAtMost(kMaxSmallAnswer);
        return answer.head().status == 200 && readSmallAnswer(text).json;
    } catch (const HttpFault&) {
        return false;
    }
}

void GatewayClient::tellSurroundings(const Call& call, const SmallAnswer& answer) {
    if (!answer.isSurrounded() || std::exchange(_toldSurroundings, true)) return;
    carillon::LogLine(_context.log(), "answer.surrounded", Poco::Message::PRIO_WARNING)
        .field("call", call.name)
        .field("before", answer.before)
        .field("after", answer.after);
}

Object::Ptr GatewayClient::performForObject(const Call& call, HttpHead* head) {
    Object::Ptr json;
    const HttpHead of = perform(call, [&](HttpAnswer& answer) {
        const std::string text = answer.readAtMost(kMaxSmallAnswer);
        const SmallAnswer small = readSmallAnswer(text);
        json = small.json;
        if (json.isNull() && answer.isCut()) throw MalformedAnswer("the answer was cut after: " + excerpt(text));
        if (json.isNull()) throw MalformedAnswer("the answer is no JSON object but begins: " + excerpt(text));
        tellSurroundings(call, small);
        bool success = false;
        try {
            success = json->get("success").convert<bool>();
        } catch (const Poco::Exception&) {  // it says nothing of the kind
        }
        if (!success) throw MalformedAnswer("the gateway reports an error: " + errorTextOf(text));
    });
    if (head != nullptr) *head = of;
    return json;
}

void GatewayClient::readPending(const BodyReader& read) {
    const Call call{"pending-validations"};
    bool isEmpty = false;
    perform(call, [&](HttpAnswer& answer) {
        isEmpty = answer.isBlank() && !answer.isCut();
        if (!isEmpty) read(answer.body(), answer.announcedBytes());
    });
    if (isEmpty)
        throw MalformedAnswer("the gateway " + _name + " (" + placeOf(call) + "): the answer is empty, expected JSON" +
                              adviceOnEmptyList());
}

/// PHP's json_encode() gives nothing at all where one text is not UTF-8, and the gateway stores what anybody posts.
std::string GatewayClient::adviceOnEmptyList() {
    std::int64_t pending = 0;
    try {
        pending = stats().pending;
    } catch (const GatewayUnavailable&) {
    } catch (const GatewayRefused&) {
    } catch (const MalformedAnswer&) {
    }
    if (pending <= 0) return "";
    return ", although its statistics count " + std::to_string(pending) +
           " pending: a comment or a token among them is probably not valid UTF-8, and PHP's json_encode then gives "
           "nothing; on the gateway, have api.php call json_encode(..., JSON_INVALID_UTF8_SUBSTITUTE), or find that "
           "row in data/validation_queue.db (table validation_responses) and correct it";
}

void GatewayClient::acknowledge(std::span<const std::int64_t> ids) {
    poco_assert(!ids.empty() && ids.size() <= kMaxAcknowledged);
    std::string body = "{\"ids\":[";
    for (const auto id : ids) body += std::to_string(id) + ',';
    body.back() = ']';
    performForObject({"sync-completed", body + '}'});
}

GatewayHealth GatewayClient::health() {
    GatewayHealth health;
    const auto started = Steady::now();
    // The query dialect has no health call.
    const Call call{_options.dialect == Dialect::Path ? "health" : "stats"};
    HttpHead head;
    const auto json = performForObject(call, &head);
    health.status = head.status;
    health.responseTime = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - started);
    const auto told = [&json](const char* name) {
        const auto text = json->optValue<std::string>(name, "");
        return text.empty() ? text : excerpt(text);
    };
    health.message = told("message");
    health.version = told("version");
    if (const auto sent = head.sentAt())
        health.skew = std::chrono::duration_cast<std::chrono::seconds>(*sent - _context.clock().now());
    return health;
}

GatewayStats GatewayClient::stats() {
    const auto json = performForObject({"stats"})->getObject("stats");
    const std::string where = "the gateway " + _name + " (stats): ";
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
