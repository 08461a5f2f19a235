#pragma once

#include "alerts/AlertText.h"
#include "alerts/RemoteCall.h"
#include "config/AlertSettings.h"

#include <string>
#include <vector>

namespace carillon {

/// Gives a message to the mail server, encrypted before anything else is said unless the settings say otherwise. Its
/// Message-ID is made of the message's id. Returns what happened, for people: `smtp.example.com has taken it`. Throws
/// Undelivered.
std::string sendMail(const MailSettings& settings, const std::vector<std::string>& recipients,
                     const AlertMessage& message, RemoteCall& call);

}  // namespace carillon
