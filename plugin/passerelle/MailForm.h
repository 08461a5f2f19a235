#pragma once

#include "carillon/Clock.h"
#include "carillon/MailAccount.h"

#include <string>

namespace passerelle {

/// What makes a mail of words. `from` and `to` are usable addresses.
struct MailForm {
    std::string from{};
    std::string fromName{};
    std::string to{};
    std::string subject{};
    std::string text{};  ///< Lines end with a line feed.
    std::string id{};    ///< Letters, digits, hyphens: the same for the same mail, however often it is tried.
    carillon::TimePoint date{};
};

/// The whole mail as it goes over the line, with lines of 998 bytes at most, in ASCII, each ended by CR LF. No text in
/// it can make a header of its own.
std::string writeMail(const MailForm& form);

/// A header's value in ASCII: as it is, or in encoded words (RFC 2047), none of which parts a character.
std::string headerWords(const std::string& text);

}  // namespace passerelle
