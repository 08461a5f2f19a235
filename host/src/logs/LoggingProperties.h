#pragma once

#include "logs/LoggingSection.h"

#include "Poco/Configurable.h"

#include <string>

namespace carillon {

/// Hands what is left of the section to a channel or a formatter as its properties. One that is refused is a fault.
void setProperties(Poco::Configurable& object, const std::string& className, LoggingSection& section);

}  // namespace carillon
