#pragma once

#include "Faults.h"
#include "Http.h"

#include <optional>
#include <string_view>

namespace testgateway {

enum class Dialect { Path, Query };

/// What PHP prints before the JSON when its settings show warnings.
extern const std::string_view kPhpWarning;

/// The answer that takes the place of the gateway's own; nothing when this kind leaves the call be carried out.
std::optional<Reply> replacementFor(const Fault& fault, Call call, Dialect dialect);

}  // namespace testgateway
