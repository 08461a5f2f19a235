#pragma once

#include "access/WebAccess.h"
#include "pages/Template.h"

#include <string>

namespace carillon {

/// Sets what a page's forms need: `mayAct`, `csrf` and `key`, which makes a form that is sent twice one request; or
/// `nobody` or `onlyLooks`, why there are none.
void setActing(Fields& fields, const Caller& caller, const std::string& job);

}  // namespace carillon
