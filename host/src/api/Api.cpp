#include "api/Api.h"

#include "api/ActivityReads.h"
#include "api/AlertReads.h"

namespace carillon {

void Api::addRoutes(Router& router) {
    addReadRoutes(router, _context);
    addRunRoutes(router, _context);
    addTaskRoutes(router, _context);
    addActivityRoutes(router, _context);
    addAlertRoutes(router, _context);
}

}  // namespace carillon
