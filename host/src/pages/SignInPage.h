#pragma once

#include "api/SessionRoutes.h"
#include "pages/PageFrame.h"

namespace carillon {

/// `/sign-in`, and what ends a session. Safe from any thread; borrows the access.
class SignInPage {
public:
    explicit SignInPage(WebAccess& access) : _access(access) {}

    HttpResponse show(const PageFrame& frame, const PageRequest& request) const;
    HttpResponse signIn(ApiContext& context, const PageFrame& frame, const PageRequest& request) const;
    HttpResponse signOut(ApiContext& context, const PageRequest& request) const;

private:
    HttpResponse form(const PageFrame& frame, const PageRequest& request, const std::string& to,
                      const std::string& fault, int status) const;

    WebAccess& _access;
    Template _template{"sign-in.html"};
};

}  // namespace carillon
