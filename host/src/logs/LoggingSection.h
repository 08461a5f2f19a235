#pragma once

#include "base/ConfigSource.h"

#include "Poco/Configurable.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// The keys below one prefix, which are used up one after the other. A key without a value counts as none.
class LoggingSection {
public:
    /// Borrows both. `prefix` ends with a dot; `faults` takes what is found wrong.
    LoggingSection(const ConfigSource& source, std::string prefix, std::vector<ConfigFault>& faults);

    bool empty() const { return _names.empty(); }
    bool has(const std::string& name) const { return _names.contains(name); }
    /// What follows the prefix in each key that is left.
    const std::set<std::string>& names() const { return _names; }
    /// The first parts of those.
    std::set<std::string> sections() const;

    /// The value, which is used up; empty: there is none, or a variable in it is not set, which is a fault.
    std::string take(const std::string& name);
    /// The class, which must be there; empty after a fault.
    std::string takeClass(const Message& expected);
    /// The keys below `name`, all of which are used up here.
    LoggingSection takeSection(const std::string& name);

    void fault(const std::string& name, Message problem);
    /// What was given is not what was expected.
    void unexpected(const std::string& name, const std::string& given, const Message& expected);
    /// A fault of a key that is not there, shown where the section begins.
    void missing(const std::string& name, const Message& expected);
    /// Every key that is left is a fault.
    void refuseRest(const Message& expected);

private:
    const ConfigSource& _source;
    std::string _prefix;
    std::vector<ConfigFault>& _faults;
    std::set<std::string> _names;
};

/// `one of a, b`, for a fault.
Message oneOf(const std::set<std::string>& names);

/// Hands what is left of the section to a channel or a formatter as its properties. One that is refused is a fault.
void setProperties(Poco::Configurable& object, const std::string& className, LoggingSection& section);

}  // namespace carillon
