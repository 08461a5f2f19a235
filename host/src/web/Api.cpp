#include "web/Api.h"

#include "web/ApiReads.h"
#include "web/ApiRuns.h"
#include "web/ApiTasks.h"

namespace carillon {

void Api::addRoutes(Router& router) {
    addReadRoutes(router, _context);
    addRunRoutes(router, _context);
    addTaskRoutes(router, _context);
}

}  // namespace carillon
