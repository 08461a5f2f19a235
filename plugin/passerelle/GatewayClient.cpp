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
        throw GatewayRefused(withSemicolon(e.message(), say("gateway.giveproxy")));
    }
}

}  // namespace

GatewayClient::GatewayClient(GatewayOptions options, carillon::RunContext& context)
    : _options(std::move(options)), _context(context) {
    GatewayAddress address(_options.url);
    if (hasControlCharacter(_options.key)) throw GatewayRefused(say("address.control"));
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
Message GatewayClient::placeOf(const Call& call) const {
    return _session->proxy() ? say("gateway.through", {{"call", call.name}, {"proxy", proxyName()}})
                             : Message(call.name);
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
        throw MalformedAnswer(
            say("gateway.malformed", {{"gateway", _name}, {"call", placeOf(call)}, {"what", e.said()}}));
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
    // A proxy that cannot be reached names itself.
    if (cause.who() == Who::Unreached)
        throw GatewayUnavailable(
            say("gateway.unreached", {{"gateway", _name}, {"call", call.name}, {"what", cause.said()}}));
    throw GatewayUnavailable(say(cause.who() == Who::Silent ? "gateway.silent" : "gateway.answered",
                                 {{"gateway", _name}, {"call", placeOf(call)}, {"what", cause.said()}}));
}

void GatewayClient::requireSuccess(const Call& call, HttpAnswer& answer) {
    const int status = answer.head().status;
    if (status >= 200 && status < 300) return;
    const Message where = say("gateway.status", {{"gateway", _name}, {"status", status}, {"call", placeOf(call)}});
    const std::string& location = answer.head().location;
    if (status >= 300 && status < 400)
        throw GatewayRefused(
            withSemicolon(where + ", " +
                              say("gateway.redirect",
                                  {{"to", location.empty() ? say("gateway.nowhere") : Message(excerpt(location))}}),
                          adviceOnRedirect(_session->address(), targetOf(call), location)),
            true);
    const std::string retryAfter = answer.head().retryAfter;
    const Message said = withColon(where, errorTextOf(answer.readAtMost(kMaxSmallAnswer)));
    if (status == 401) throw GatewayRefused(withSemicolon(said, adviceOnKey()));
    if (status == 403) throw GatewayRefused(withSemicolon(said, say("gateway.wrongkey")));
    if (status == 404 || status == 405) throw GatewayRefused(withSemicolon(said, say("gateway.wrongaddress")), true);
    if (status == 407) throw GatewayRefused(withSemicolon(said, say("gateway.proxylogin")));
    const auto pause = answer.head().pause();
    const Message later =
        retryAfter.empty()
            ? Message()
            : say("gateway.later", {{"after", pause ? std::to_string(pause->count()) + " s" : excerpt(retryAfter)}});
    if (status == 429 || status >= 500) throw GatewayUnavailable(withSemicolon(said, later), pause);
    throw GatewayRefused(said, true);
}

Message GatewayClient::adviceOnKey() {
    return say("gateway.keyorheader",
               {{"evidence", answersWithoutKey() ? " " + say("gateway.healthiswell") : Message()}});
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
        if (json.isNull() && answer.isCut()) throw MalformedAnswer(say("answer.cut", {{"text", excerpt(text)}}));
        if (json.isNull()) throw MalformedAnswer(say("answer.noobject", {{"text", excerpt(text)}}));
        tellSurroundings(call, small);
        bool success = false;
        try {
            success = json->get("success").convert<bool>();
        } catch (const Poco::Exception&) {  // it says nothing of the kind
        }
        if (!success) throw MalformedAnswer(say("answer.error", {{"text", errorTextOf(text)}}));
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
        throw MalformedAnswer(
            say("gateway.malformed",
                {{"gateway", _name}, {"call", placeOf(call)}, {"what", say("answer.empty") + adviceOnEmptyList()}}));
}

/// PHP's json_encode() gives nothing at all where one text is not UTF-8, and the gateway stores what anybody posts.
Message GatewayClient::adviceOnEmptyList() {
    std::int64_t pending = 0;
    try {
        pending = stats().pending;
    } catch (const GatewayUnavailable&) {
    } catch (const GatewayRefused&) {
    } catch (const MalformedAnswer&) {
    }
    if (pending <= 0) return {};
    return ", " + say("answer.emptyalthough", {{"n", pending}});
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
    const auto refuse = [this](const Message& what) {
        throw MalformedAnswer(say("gateway.malformed", {{"gateway", _name}, {"call", "stats"}, {"what", what}}));
    };
    if (!json) refuse(say("answer.nostats"));
    const auto number = [&](const char* name) {
        try {
            return json->getValue<std::int64_t>(name);
        } catch (const Poco::Exception&) {
            refuse(say("answer.nonumber", {{"name", name}}));
        }
        return std::int64_t{0};
    };
    return {number("pending"), number("synced"), number("total")};
}

}  // namespace passerelle
