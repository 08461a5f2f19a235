#pragma once

#include "web/Router.h"

namespace carillon {

/// Somebody who has just signed in.
struct SignedIn {
    Principal who{};
    Sessions::SignedIn session{};
};

/// Begins a session for the right password, sent by a page of ours. Throws HttpRefusal: 401 for a wrong one, 429 after
/// many, 403 for another site.
SignedIn signIn(WebAccess& access, const HttpRequest& request, const std::string& user, const std::string& password);

/// The session of a person at /api/v1/session. POST {"user":…,"password":…} from a page of ours signs in: 200 with the
/// cookie; 401 for a wrong password, 429 after many. GET tells who is signed in and the CSRF token. DELETE signs out.
/// Borrows the access.
void addSessionRoutes(Router& router, WebAccess& access);

}  // namespace carillon
