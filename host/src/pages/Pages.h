#pragma once

#include "pages/OverviewPage.h"
#include "pages/PageService.h"
#include "pages/ProblemPage.h"
#include "pages/SignInPage.h"

#include <string>
#include <thread>

namespace carillon {

/// What a host shows to browsers. Any thread once the routes are there; borrows context and access.
class Pages {
public:
    Pages(ApiContext& context, WebAccess& access, const std::string& stateDir);
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    ~Pages();

    void addRoutes(Router& router);
    /// See PageService.
    void readPluginTexts(const std::string& folder, const PluginTexts::Refused& refused) {
        _service.readPluginTexts(folder, refused);
    }

    /// A problem in the language of who asks: one that a browser would be shown as JSON as a page, or as the way to the
    /// sign-in; any other answer as it is.
    HttpResponse shown(const HttpRequest& request, HttpResponse answer);

private:
    HttpResponse overview(const PageRequest& request, const WebCall& call);
    void warmUp();

    PageService _service;
    const ProblemPage _problem{};
    const SignInPage _signIn;
    const OverviewPage _overview{};
    std::thread _warming{};
};

}  // namespace carillon
