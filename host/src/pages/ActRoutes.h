#pragma once

#include "pages/PageService.h"

namespace carillon {

/// What the forms of the pages do: run, replay, pause and resume, each of which leads to a page. Borrows the service.
void addActs(Router& router, PageService& service);

}  // namespace carillon
