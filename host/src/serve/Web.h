#pragma once

#include "access/WebAccess.h"
#include "api/Api.h"
#include "api/LiveRoutes.h"
#include "api/Router.h"
#include "carillon/Clock.h"
#include "config/HostConfig.h"
#include "http/HttpServer.h"
#include "record/Activity.h"
#include "scheduler/HostActions.h"

#include "Poco/Logger.h"

#include <memory>
#include <string>

namespace carillon {

class Pages;

/// What a host shows and takes over HTTP: health, the REST API, live events, the pages, and what others add to its
/// routes. Borrows clock, log, actions, the recorder of acts and what is told live.
class Web {
public:
    /// Listens when it returns, and answers nobody yet. Throws Poco::Exception: see HttpServer.
    Web(const HostConfig& host, const Clock& clock, Poco::Logger& log, HostActions& actions, ActivityRecorder& activity,
        Live& live);

    /// To be added to before start().
    Router& router() { return _router; }
    WebAccess& access() { return _access; }
    ApiContext& context() { return _api.context(); }

    Web(const Web&) = delete;
    Web& operator=(const Web&) = delete;
    ~Web();

    void start();
    /// Anew, when the configuration is new: see PluginTexts. What is refused is logged.
    void readPluginTexts(const HostConfig& host);
    /// `http://127.0.0.1:8620`, with the port that it has.
    std::string address() const;

private:
    HttpResponse answer(const HttpRequest& request);
    HttpResponse answerInTurn(const HttpRequest& request);
    HttpResponse route(const HttpRequest& request);

    const bool _secure;
    WebAccess _access;
    Router _router;
    Api _api;
    LiveRoutes _live;
    std::unique_ptr<Pages> _pages;
    Poco::Logger& _log;
    HttpServer _server;  // last: its threads use the others
};

}  // namespace carillon
