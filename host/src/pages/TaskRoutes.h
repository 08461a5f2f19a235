#pragma once

#include "pages/PageService.h"

namespace carillon {

/// The pages of what a job's task answers: the check and the rejects. Borrows the service.
void addTaskPages(Router& router, PageService& service);

}  // namespace carillon
