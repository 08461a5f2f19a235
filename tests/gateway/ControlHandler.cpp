#include "ControlHandler.h"

#include "Delivery.h"
#include "JsonText.h"
#include "RequestInput.h"

#include <array>
#include <utility>
#include "Poco/URI.h"

namespace testgateway {

namespace {

constexpr std::size_t kMaxControlBytes = 256 * 1'024 * 1'024;
constexpr std::int64_t kListedItems = 1'000;
constexpr std::string_view kStatePath = "/control/state";

Reply done(std::int64_t added = 0) {
    Reply reply{.body = R"({"success":true,"added":)"};
    appendJsonNumber(reply.body, added);
    reply.body += '}';
    return reply;
}

void appendMember(std::string& out, std::string_view key, std::int64_t number) {
    appendJsonText(out, key);
    out += ':';
    appendJsonNumber(out, number);
}

void appendItem(std::string& out, const QueuedItem& item) {
    out += '{';
    appendMember(out, "id", item.id);
    out += R"(,"token":)";
    if (const auto* text = std::get_if<std::string>(&item.token)) {
        appendJsonText(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&item.token)) {
        appendJsonNumber(out, *number);
    } else {
        out += "null";
    }
    out += item.synced ? R"(,"synced":true})" : R"(,"synced":false})";
}

void appendRequests(std::string& out, const RequestCounts& counts) {
    out += R"("requests":{)";
    for (const Call call : {Call::Pending, Call::Acknowledge, Call::Stats, Call::Health}) {
        if (call != Call::Pending) out += ',';
        appendMember(out, nameOf(call), counts.of(call));
    }
    out += "},";
    appendMember(out, "largestAcknowledge", static_cast<std::int64_t>(counts.largestAcknowledge));
}

}  // namespace

void ControlHandler::handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) {
    Reply reply;
    try {
        reply = replyTo(request);
    } catch (const BadRequest& e) {
        reply = errorReply(e.code(), "Bad Request", e.message());
    } catch (const Poco::SyntaxException& e) {
        reply = errorReply(400, "Bad Request", e.message());
    } catch (const QueueConflict& e) {
        reply = errorReply(409, "Conflict", e.message());
    } catch (const QueueException& e) {
        reply = errorReply(500, "Database error", e.message());
    }
    Delivery(request, response, _gateway.stop).send(reply);
}

Reply ControlHandler::replyTo(Poco::Net::HTTPServerRequest& request) {
    const std::string body = readBody(request, kMaxControlBytes);
    const std::string path = Poco::URI(request.getURI()).getPath();
    const Action action = actionOf(path);
    if (!action) return errorReply(404, "Not Found", "no such control call: " + path);
    const std::string method = path == kStatePath ? "GET" : "POST";
    if (request.getMethod() != method) return wrongMethod(method);
    return (this->*action)(body);
}

ControlHandler::Action ControlHandler::actionOf(const std::string& path) {
    constexpr std::array<std::pair<std::string_view, Action>, 7> kActions{{
        {"/control/items", &ControlHandler::addItems},
        {"/control/raw", &ControlHandler::addRawAnswer},
        {"/control/backlog", &ControlHandler::addBacklog},
        {"/control/fault", &ControlHandler::addFault},
        {"/control/clear", &ControlHandler::clearFaults},
        {"/control/reset", &ControlHandler::reset},
        {kStatePath, &ControlHandler::state},
    }};
    for (const auto& [name, action] : kActions) {
        if (name == path) return action;
    }
    return nullptr;
}

Reply ControlHandler::addItems(const std::string& body) {
    const std::vector<Item> items = readItems(body);
    _gateway.queue.add(items);
    return done(static_cast<std::int64_t>(items.size()));
}

Reply ControlHandler::addRawAnswer(const std::string& body) {
    _gateway.faults.add(readRawAnswer(body));
    return done();
}

Reply ControlHandler::addBacklog(const std::string& body) {
    const BacklogSpec spec = readBacklog(body);
    _gateway.queue.fill(spec);
    return done(spec.count);
}

Reply ControlHandler::addFault(const std::string& body) {
    _gateway.faults.add(readFault(body));
    return done();
}

Reply ControlHandler::clearFaults(const std::string&) {
    _gateway.faults.clear();
    return done();
}

Reply ControlHandler::reset(const std::string&) {
    _gateway.faults.clear();
    _gateway.counters.clear();
    _gateway.queue.clear();
    return done();
}

Reply ControlHandler::state(const std::string&) {
    const QueueStats stats = _gateway.queue.stats();
    Reply reply{.body = "{"};
    appendMember(reply.body, "pending", stats.pending);
    reply.body += ',';
    appendMember(reply.body, "synced", stats.synced());
    reply.body += ',';
    appendMember(reply.body, "total", stats.total);
    reply.body += R"(,"items":[)";
    const char* separator = "";
    for (const QueuedItem& item : _gateway.queue.firstItems(kListedItems)) {
        reply.body += std::exchange(separator, ",");
        appendItem(reply.body, item);
    }
    reply.body += "],";
    appendRequests(reply.body, _gateway.counters.counts());
    reply.body += '}';
    return reply;
}

}  // namespace testgateway
