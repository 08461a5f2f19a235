#pragma once

#include "web/Router.h"

namespace carillon {

/// The session of a person at /api/v1/session. POST {"user":…,"password":…} from a page of ours signs in: 200 with the
/// cookie; 401 for a wrong password, 429 after many. GET tells who is signed in and the CSRF token. DELETE signs out.
/// Borrows the access.
void addSessionRoutes(Router& router, WebAccess& access);

}  // namespace carillon
