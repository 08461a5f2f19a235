#include "FaultReply.h"

namespace testgateway {

const std::string_view kPhpWarning =
    "<br />\n<b>Warning</b>:  PDO::query(): SQLite3 database schema has changed in "
    "<b>/var/www/passerelle/api.php</b> on line <b>87</b><br />\n";

namespace {

constexpr std::string_view kMaintenancePage =
    "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Maintenance</title></head>\n"
    "<body><h1>Site en maintenance</h1><p>Nous revenons dans quelques minutes.</p></body></html>\n";

Reply ofWrongType(bool topArray, Call call, Dialect dialect) {
    if (topArray || call == Call::Health) return {.body = "[]"};
    if (call == Call::Acknowledge) return {.body = R"({"success":true,"synced_count":{}})"};
    if (call == Call::Stats) return {.body = R"({"success":true,"stats":[]})"};
    if (dialect == Dialect::Query) return {.body = R"({"success":true,"validations":{"1":{"id":1}}})"};
    return {.body = R"({"success":true,"count":1,"data":{"1":{"id":1}}})"};
}

Reply tooMany(const Fault& fault) {
    Reply reply = errorReply(429, "Too Many Requests", "Trop de requêtes");
    reply.headers.emplace_back("Retry-After", std::to_string(fault.retryAfter.count()));
    return reply;
}

Reply redirect(const Fault& fault) {
    Reply reply{.status = 302, .contentType = std::string(kHtmlType)};
    reply.headers.emplace_back("Location", fault.location);
    return reply;
}

}  // namespace

std::optional<Reply> replacementFor(const Fault& fault, Call call, Dialect dialect) {
    switch (fault.kind) {
        case FaultKind::Html:
            return Reply{.body = std::string(kMaintenancePage), .contentType = std::string(kHtmlType)};
        case FaultKind::Unauthorized:
            return errorReply(401, "Unauthorized", "Clé API invalide ou manquante");
        case FaultKind::Status:
            return errorReply(fault.status, "Server Error", "Erreur provoquée par le test");
        case FaultKind::TooMany:
            return tooMany(fault);
        case FaultKind::NotJson:
            return Reply{.body = "Fatal error: Allowed memory size of 134217728 bytes exhausted"};
        case FaultKind::WrongType:
            return ofWrongType(fault.topArray, call, dialect);
        case FaultKind::Redirect:
            return redirect(fault);
        case FaultKind::SuccessFalse:
            return errorReply(200, "Database error", "La base de la passerelle est verrouillée");
        case FaultKind::EmptyBody:
            return Reply{};
        default:
            return std::nullopt;
    }
}

}  // namespace testgateway
