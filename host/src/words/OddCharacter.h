#pragma once

#include "carillon/Message.h"

#include <string_view>

namespace carillon {

/// The first character of a key, number, schedule or name that is neither of ASCII nor a blank, its place, and what to
/// write instead: `U+00A0 no-break space after */5; write a plain space`. Such characters look like one of a keyboard,
/// or like nothing, as word processors and web pages put them in. Empty: there is none.
Message describeOddCharacter(std::string_view text);

/// The same as the end of a message about `text`: `: it has U+00A0 …`. Empty: there is none.
Message oddCharacterHint(std::string_view text);

}  // namespace carillon
