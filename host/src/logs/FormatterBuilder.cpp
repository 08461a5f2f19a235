#include "logs/FormatterBuilder.h"

#include "logs/LineFormatter.h"
#include "logs/LoggingProperties.h"
#include "logs/OneLineFormatter.h"

#include "Poco/Exception.h"
#include "Poco/LoggingFactory.h"
#include "Poco/PatternFormatter.h"

namespace carillon {
namespace {

using Poco::Formatter;

constexpr char kFormatterClasses[] = "one of LineFormatter, JsonLineFormatter, PatternFormatter";

Formatter::Ptr build(LoggingSection section) {
    const std::string className = section.takeClass(kFormatterClasses);
    if (className.empty()) return {};
    Formatter::Ptr formatter;
    try {
        formatter = Poco::LoggingFactory::defaultFactory().createFormatter(className);
    } catch (const Poco::Exception&) {
        section.fault("class", " = " + className + ", expected " + kFormatterClasses);
        return {};
    }
    setProperties(*formatter, className, section);
    if (className == "LineFormatter" || className == "JsonLineFormatter") return formatter;
    return Formatter::Ptr(new OneLineFormatter(formatter));
}

}  // namespace

FormatterBuilder::FormatterBuilder(LoggingSection formatters) : _names(formatters.sections()) {
    registerLineFormatters();
    for (const auto& name : _names) _formatters[name] = build(formatters.takeSection(name));
}

Formatter::Ptr FormatterBuilder::takeFrom(LoggingSection& channel) const {
    Formatter::Ptr formatter;
    if (const std::string pattern = channel.take("pattern"); !pattern.empty())
        formatter = new OneLineFormatter(new Poco::PatternFormatter(pattern));
    if (const auto inPlace = channel.takeSection("formatter"); !inPlace.empty()) formatter = build(inPlace);
    if (const std::string name = channel.take("formatter"); !name.empty()) {
        if (_names.contains(name)) return _formatters.at(name);
        channel.fault("formatter", " = " + name + ", expected " + oneOf(_names));
    }
    return formatter;
}

}  // namespace carillon
