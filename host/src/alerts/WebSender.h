#pragma once

#include "alerts/AlertText.h"
#include "alerts/RemoteCall.h"
#include "config/AlertSettings.h"

#include <string>
#include <string_view>

namespace carillon {

/// The body of a webhook: `text` for Slack, Mattermost and Teams, and all facts for programs.
std::string webhookJson(const AlertMessage& message);
/// `sha256=` and the HMAC-SHA256 of the body in hexadecimal digits.
std::string signatureOf(const std::string& key, std::string_view body);

/// Posts it, with the message's id as Idempotency-Key and, where there is a key, X-Carillon-Signature. Goes through
/// the proxy that the environment names for the address, and never where it is redirected. Returns what happened, for
/// people, without the address, which is a secret. Throws Undelivered.
std::string sendWebhook(const WebhookSettings& settings, const AlertMessage& message, RemoteCall& call);

/// What a ping says of a run.
enum class PingEvent { Start, Success, Fail };

/// As healthchecks.io knows them: the bare address, or /start or /fail below it; `text` is the body.
std::string sendPing(const AlertSettings& settings, const std::string& url, PingEvent event, const std::string& text,
                     RemoteCall& call);

/// The address with {job} replaced by the job's name, where what healthchecks.io takes in no slug becomes a `-`.
std::string pingUrlOf(const std::string& url, const std::string& job);

}  // namespace carillon
