#pragma once

#include "AgoraSession.h"
#include "Settlement.h"

#include <optional>
#include <string>
#include <vector>

namespace passerelle {

/// The texts that the plugin itself writes into campaign_logs.description hold names and an arrow, and that column may
/// be of any character set. What it cannot hold becomes a `?`: such a text tells, and is no reason for an answer to be
/// refused. (A comment is the validator's own words, and is never changed like this.)
class LogText {
public:
    /// Borrows the session.
    explicit LogText(AgoraSession& session) : _session(session) {}

    /// The descriptions of these rows, in their order, as the column holds them. Asks the database for its character
    /// set at the first call.
    std::vector<std::string> fit(const std::vector<LogRow>& rows);

private:
    std::string readCharacterSet();

    AgoraSession& _session;
    std::optional<std::string> _characterSet;  ///< Empty: it holds every character.
};

}  // namespace passerelle
