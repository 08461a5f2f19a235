#pragma once

#include "access/Account.h"
#include "carillon/Message.h"

#include <string>
#include <vector>

namespace carillon {

/// Users and tokens, and what they may do, as the command line tells it.

/// `sync@*, clean`, or that it is all.
std::string jobsText(const std::vector<JobPattern>& jobs);

/// `operator of all jobs`, a text of cliTexts().
Message rightsOf(const Account& account);

/// The same in English, as the activity log keeps it.
std::string noteOf(const Account& account);

/// What differs in what the two may do, a line each, texts of cliTexts(); empty: nothing.
std::vector<Message> differences(const Account& before, const Account& after);

/// Warns where another role gave or took the right to read what concerns people, of which nobody spoke.
void warnOfPeople(const Account& before, const Account& after);

}  // namespace carillon
