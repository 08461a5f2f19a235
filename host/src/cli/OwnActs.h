#pragma once

#include "config/HostConfig.h"
#include "record/Activity.h"

#include <string>
#include <vector>

namespace carillon {

/// Who gives this command, as the system knows them, with who called sudo for it.
Actor actorOfCommand();

/// An act of this command, which it did without a host.
Activity ownAct(Act what, const std::string& job = {}, const std::string& subject = {}, const Message& note = {});
Activity refusedOwnAct(Act what, const std::string& job, const Message& why);

/// Records what this command did without a host: the last thing that it does, since root becomes the owner of the state
/// for that, whose files are to stay that user's. Where there is no state yet, there is no log. A store that fails is a
/// warning.
void recordOwn(const HostConfig& host, std::vector<Activity> activities);

}  // namespace carillon
