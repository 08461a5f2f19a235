#pragma once

#include "pages/PageService.h"

namespace carillon {

/// The pages of one job, of one run and of the logs. Borrows the service.
void addJobPages(Router& router, PageService& service);

}  // namespace carillon
