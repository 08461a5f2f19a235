#pragma once

#include "carillon/Failure.h"
#include "carillon/Message.h"

#include <initializer_list>
#include <string>
#include <string_view>

/// What Passerelle says: each sentence by its code in texts/en.properties and texts/fr.properties, of which the English
/// one is compiled in, so that logs, the inbox and tests have it too.
namespace passerelle {

using carillon::Message;
using carillon::saidBy;

/// A message with its English text.
Message say(std::string code, Message::Values values = {});

/// `first; second` and `first: second`, as the language sets these signs; one of them alone where the other is empty.
Message withSemicolon(Message first, Message second);
Message withColon(Message first, Message second);

/// So begin the codes of why an item is put aside.
inline constexpr std::string_view kRejectCodes = "reject.";

/// The message that has this English text, by its form, and likewise its values: what the inbox keeps is a sentence.
/// Only among codes that begin so; a text that is none of them stands for itself.
Message recognise(const std::string& text, std::initializer_list<std::string_view> codes);

}  // namespace passerelle
