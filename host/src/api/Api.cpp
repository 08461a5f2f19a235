#include "api/Api.h"

#include "api/ApiReads.h"
#include "api/ApiRuns.h"
#include "api/ApiTasks.h"

namespace carillon {

void Api::addRoutes(Router& router) {
    addReadRoutes(router, _context);
    addRunRoutes(router, _context);
    addTaskRoutes(router, _context);
}

}  // namespace carillon
