#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"

namespace carillon {

/// Somebody who has just signed in.
struct SignedIn {
    Principal who{};
    Sessions::SignedIn session{};
};

/// A name with its password.
struct Credentials {
    std::string user{};
    std::string password{};
};

/// Begins a session for the right password, sent by a page of ours, and ends the one that the request came with. Gives
/// the place of its turn to others meanwhile. Throws HttpRefusal: 401 for a wrong one, 429 after many, 403 for another
/// site, 503 when too many wait to sign in.
SignedIn signIn(ApiContext& context, WebAccess& access, const HttpRequest& request, const Credentials& given);

/// Ends the session that the request came with, if there is one.
void signOut(ApiContext& context, WebAccess& access, const HttpRequest& request);

/// The session of a person at /api/v1/session. POST {"user":…,"password":…} from a page of ours signs in: 200 with the
/// cookie; 401 for a wrong password, 429 after many, 503 in a crowd. GET tells who is signed in and the CSRF token.
/// DELETE signs out. Borrows context and access.
void addSessionRoutes(Router& router, ApiContext& context, WebAccess& access);

}  // namespace carillon
