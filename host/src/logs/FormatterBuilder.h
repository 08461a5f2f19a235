#pragma once

#include "logs/LoggingSection.h"

#include "Poco/Formatter.h"

#include <map>
#include <set>
#include <string>

namespace carillon {

/// Makes the formatters that the `logging.*` keys describe.
class FormatterBuilder {
public:
    /// `formatters`: those with a name.
    explicit FormatterBuilder(LoggingSection formatters);

    /// The formatter of a channel in any of Poco's three ways: by name, described in place, or as a pattern alone.
    /// Null without one.
    Poco::Formatter::Ptr takeFrom(LoggingSection& channel) const;

private:
    std::set<std::string> _names;
    std::map<std::string, Poco::Formatter::Ptr> _formatters;
};

}  // namespace carillon
