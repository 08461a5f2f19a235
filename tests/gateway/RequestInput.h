#pragma once

#include "Backlog.h"
#include "Faults.h"
#include "Queue.h"

#include <cstdint>
#include <string>
#include <vector>

namespace testgateway {

// Each reads a request's JSON body and throws BadRequest, with what is wrong in it.

/// Numbers, or texts of digits as PHP takes them. Throws for an empty list.
std::vector<std::int64_t> readIds(const std::string& body);

// The control bodies: a member they do not know is an error, so that a misspelt test fails at once.
std::vector<Item> readItems(const std::string& body);
RawAnswer readRawAnswer(const std::string& body);
BacklogSpec readBacklog(const std::string& body);
Fault readFault(const std::string& body);

}  // namespace testgateway
