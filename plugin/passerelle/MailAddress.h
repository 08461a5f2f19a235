#pragma once

#include <optional>
#include <string>

namespace passerelle {

/// An address as a mail server takes it, from what somebody typed: a name with accents after the `@` becomes punycode.
/// Nothing: it is none, or it holds what could be taken for a command or a header.
std::optional<std::string> usableAddress(const std::string& typed);

/// `b…@mairie.example`: enough to know which it is, and too little to write to it. What logs, reports and previews
/// show.
std::string maskedAddress(const std::string& address);

/// The text with each address in it masked, whoever's it is: mail servers repeat them in their answers.
std::string withoutAddresses(const std::string& text);

/// The text with each word masked that tells who that is: of the name, and of the address before its `@`.
std::string withoutPerson(const std::string& text, const std::string& address, const std::string& name);

}  // namespace passerelle
