#include "serve/Web.h"

#include "api/HealthRoutes.h"
#include "api/SessionRoutes.h"
#include "api/WebActs.h"
#include "base/JsonWriter.h"
#include "carillon/LogLine.h"
#include "pages/Pages.h"
#include "words/HostTexts.h"
#include "words/WordedException.h"

namespace carillon {

Web::Web(const HostConfig& host, const Clock& clock, Poco::Logger& log, HostActions& actions,
         ActivityRecorder& activity, Live& live)
    : _secure(host.http.hasTls()),
      _access(host.http, host.hostName, host.usersFile, clock),
      _router(_access),
      _api({actions, activity, live.progress(), host.stateDir, clock}),
      _live(live, _api.context(), _access),
      _pages(std::make_unique<Pages>(_api.context(), _access, host.stateDir)),
      _log(log),
      _server(host.http, host.source, log) {
    readPluginTexts(host);
    _router.onRefused([this](const WebCall& call, const std::string& pattern, const HttpResponse& answer) {
        recordRefusal(_api.context(), call, pattern, answer);
    });
    addHealthRoutes(_router, actions);
    addSessionRoutes(_router, _api.context(), _access);
    _api.addRoutes(_router);
    _live.addRoutes(_router);
    _pages->addRoutes(_router);
    _router.add("GET", "/api/v1", Need::Viewer, [this](const WebCall&) {
        JsonWriter json;
        json.beginObject().key("routes").beginArray();
        for (const auto& route : _router.routes()) json.value(std::string_view(route));
        json.endArray().endObject();
        return jsonAnswer(json.takeLine());
    });
}

Web::~Web() = default;

HttpResponse Web::answer(const HttpRequest& request) {
    // A monitor that waits behind a crowd would take the host for dead, and have it started anew.
    HttpResponse answer = isProbe(request.path) ? route(request) : answerInTurn(request);
    if (request.secure && WebAccess::takesTlsOnly(request))
        answer.with("Strict-Transport-Security", "max-age=31536000");
    return answer;
}

HttpResponse Web::answerInTurn(const HttpRequest& request) {
    const Turnstile::Turn turn(_api.context().turns);
    if (request.hasGone()) return problem(503, "abandoned", sayHost("request.abandoned"));
    return _pages->shown(request, route(request));
}

HttpResponse Web::route(const HttpRequest& request) {
    try {
        return _router.answer(request);
    } catch (const StoreException& e) {
        return problem(503, "store-failed", sayException(e)).with("Retry-After", "5");
    } catch (const Poco::IllegalStateException&) {  // the scheduler takes no more questions
        return problem(503, "ending", sayHost("request.ending"));
    }
}

void Web::readPluginTexts(const HostConfig& host) {
    _pages->readPluginTexts(host.pluginsDir, [this](const std::string& path, const std::string& why) {
        LogLine(_log, "texts.refused", Poco::Message::PRIO_WARNING).field("file", path).field("reason", why);
    });
}

void Web::start() {
    _server.start([this](const HttpRequest& request) { return answer(request); });
}

std::string Web::address() const {
    return (_secure ? "https://" : "http://") + _server.address();
}

}  // namespace carillon
