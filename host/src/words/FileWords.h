#pragma once

#include "base/TextFile.h"
#include "carillon/Message.h"

#include <system_error>

namespace carillon {

/// What the system says of an error: those that people meet most have texts of ours, the others are as it says them.
Message sayError(const std::error_code& error);

/// Why a text cannot be read, as the rest of a sentence that begins with the name of the file or line.
Message sayFlaw(const TextFlaw& flaw);
/// The same with its line and without what was found.
Message sayFlawOfSecret(const TextFlaw& flaw);

/// Why a file could not be read, likewise: what the system says, or why it is not trusted. Empty: it could.
Message sayFailure(const TextFile& file);

/// Why a path could not be opened: the refusal, or what the system says.
Message sayReason(const TrustedPath& path);

}  // namespace carillon
