#include "ApiHandler.h"

#include "RequestInput.h"

#include <array>
#include <utility>
#include "Poco/DateTimeFormatter.h"
#include "Poco/Net/HTTPServerResponse.h"
#include "Poco/String.h"
#include "Poco/Timestamp.h"
#include "Poco/URI.h"

namespace testgateway {

namespace {

constexpr std::size_t kMaxBodyBytes = 16 * 1'024 * 1'024;
constexpr std::size_t kMaxIds = 500;

constexpr std::array<std::pair<std::string_view, Call>, 4> kCalls{{
    {"pending-validations", Call::Pending},
    {"sync-completed", Call::Acknowledge},
    {"stats", Call::Stats},
    {"health", Call::Health},
}};

bool isKind(const std::optional<Fault>& fault, FaultKind kind) {
    return fault && fault->kind == kind;
}

NumberStyle numbersOf(const std::optional<Fault>& fault) {
    return isKind(fault, FaultKind::StringNumbers) ? NumberStyle::Text : NumberStyle::Number;
}

PendingShape shapeOf(Dialect dialect, const std::optional<Fault>& fault) {
    return {.dialect = dialect,
            .numbers = numbersOf(fault),
            .phpWarning = isKind(fault, FaultKind::PhpWarning),
            .duplicate = isKind(fault, FaultKind::Duplicate),
            .countWrong = isKind(fault, FaultKind::CountWrong),
            .badUtf8 = isKind(fault, FaultKind::BadUtf8),
            .missingEnd = isKind(fault, FaultKind::MissingEnd),
            .bigString = isKind(fault, FaultKind::BigString) ? fault->bytes : 0};
}

Reply health() {
    Reply reply;
    reply.body = R"({"success":true,"status":"ok","message":"API passerelle op\u00e9rationnelle","version":"1.0",)";
    reply.body += R"("timestamp":")" + Poco::DateTimeFormatter::format(Poco::Timestamp(), "%Y-%m-%d %H:%M:%S") + "\"}";
    return reply;
}

Reply damaged(Reply reply, const std::optional<Fault>& fault) {
    if (isKind(fault, FaultKind::PhpWarning)) reply.body.insert(0, kPhpWarning);
    if (isKind(fault, FaultKind::MissingEnd)) reply.body.pop_back();
    return reply;
}

std::string methodOf(Call call) {
    return call == Call::Acknowledge ? "POST" : "GET";
}

}  // namespace

void ApiHandler::handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) {
    Delivery delivery(request, response, _gateway.stop);
    try {
        answer(request, delivery);
    } catch (const BadRequest& e) {
        delivery.send(errorReply(e.code(), "Bad Request", e.message()));
    } catch (const Poco::SyntaxException& e) {
        delivery.send(errorReply(400, "Bad Request", e.message()));
    } catch (const QueueException& e) {
        if (response.sent()) throw;
        delivery.send(errorReply(500, "Database error", e.message()));
    }
}

ApiHandler::Route ApiHandler::routeOf(const std::string& uri) const {
    const Poco::URI address(uri);
    const std::string script = _gateway.options.base + "/api.php";
    std::string action;
    Route route;
    if (address.getPath() == script) {
        route.dialect = Dialect::Query;
        for (const auto& [name, value] : address.getQueryParameters()) {
            if (name == "action") action = value;
        }
    } else if (address.getPath().starts_with(script + "/")) {
        action = address.getPath().substr(script.size() + 1);
    }
    for (const auto& [name, call] : kCalls) {
        if (name != action) continue;
        route.call = call;
        route.known = route.dialect == Dialect::Path || call != Call::Health;
    }
    return route;
}

bool ApiHandler::hasKey(const Poco::Net::HTTPServerRequest& request) const {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string given = request.get("Authorization", "");
    return Poco::icompare(given.substr(0, kScheme.size()), std::string(kScheme)) == 0 &&
           given.substr(kScheme.size()) == _gateway.options.key;
}

void ApiHandler::answer(Poco::Net::HTTPServerRequest& request, Delivery& delivery) {
    const Route route = routeOf(request.getURI());
    if (route.known) _gateway.counters.countCall(route.call);
    const bool allowed = hasKey(request);
    const bool rightMethod = request.getMethod() == methodOf(route.call);

    std::optional<Fault> fault;
    std::optional<RawAnswer> raw;
    if (route.known && allowed && rightMethod) {
        if (route.call == Call::Pending) raw = _gateway.faults.takeRawAnswer();
        if (!raw) fault = _gateway.faults.takeFault(route.call);
        if (isKind(fault, FaultKind::RefusedConnection)) return delivery.dropConnection(true);
    }
    // Read in every case: what is left unread would be taken for the connection's next request.
    const std::string body = readBody(request, kMaxBodyBytes);
    if (!allowed) return delivery.send(errorReply(401, "Unauthorized", "Clé API invalide ou manquante"));
    if (!route.known) return delivery.send(errorReply(404, "Not Found", "Action inconnue"));
    if (!rightMethod) return delivery.send(wrongMethod(methodOf(route.call)));
    if (raw) return delivery.send({.status = raw->status, .body = raw->body, .contentType = raw->contentType});
    delivery.setFault(fault);
    if (isKind(fault, FaultKind::Slow) && !_gateway.stop.wait(fault->delay)) return delivery.dropConnection(false);
    answerCall(route, fault, body, delivery);
}

void ApiHandler::answerCall(const Route& route, const std::optional<Fault>& fault, const std::string& body,
                            Delivery& delivery) {
    if (fault) {
        if (const std::optional<Reply> reply = replacementFor(*fault, route.call, route.dialect)) {
            return delivery.send(*reply);
        }
    }
    const bool lost = isKind(fault, FaultKind::LostAnswer);
    if (route.call == Call::Pending && !lost) return answerPending(route, fault, delivery);

    Reply reply;
    if (route.call == Call::Acknowledge) reply = acknowledge(route, numbersOf(fault), body);
    if (route.call == Call::Stats) reply = stats(numbersOf(fault));
    if (route.call == Call::Health) reply = health();
    if (route.call == Call::Health && !_gateway.options.date.empty())
        reply.headers.emplace_back("Date", _gateway.options.date);
    if (lost) return delivery.dropConnection(false);
    delivery.send(damaged(std::move(reply), fault));
}

void ApiHandler::answerPending(const Route& route, const std::optional<Fault>& fault, Delivery& delivery) {
    const auto order =
        isKind(fault, FaultKind::Reversed) ? PendingCursor::Order::NewestFirst : PendingCursor::Order::OldestFirst;
    PendingCursor cursor(_gateway.queue.file(), order);
    const PendingShape shape = shapeOf(route.dialect, fault);
    delivery.stream([&cursor, &shape](BodySink& sink) { PendingAnswer(cursor, shape, sink).write(); });
}

Reply ApiHandler::acknowledge(const Route& route, NumberStyle numbers, const std::string& body) {
    const std::vector<std::int64_t> ids = readIds(body);
    _gateway.counters.noteAcknowledge(ids.size());
    if (ids.size() > kMaxIds) {
        return errorReply(500, "Database error", "SQLSTATE[HY000]: General error: 1 too many SQL variables");
    }
    const std::int64_t count = _gateway.queue.acknowledge(ids);
    Reply reply;
    if (route.dialect == Dialect::Query) {
        reply.body = R"({"success":true,"message":)";
        appendJsonText(reply.body, std::to_string(count) + " validation(s) marquée(s) comme synchronisée(s)");
    } else {
        reply.body = R"({"success":true,"synced_count":)";
        appendJsonNumber(reply.body, count, numbers);
    }
    reply.body += '}';
    return reply;
}

Reply ApiHandler::stats(NumberStyle numbers) {
    const QueueStats counts = _gateway.queue.stats();
    Reply reply;
    reply.body = R"({"success":true,"stats":{"pending":)";
    appendJsonNumber(reply.body, counts.pending, numbers);
    reply.body += R"(,"synced":)";
    appendJsonNumber(reply.body, counts.synced(), numbers);
    reply.body += R"(,"total":)";
    appendJsonNumber(reply.body, counts.total, numbers);
    reply.body += "}}";
    return reply;
}

}  // namespace testgateway
