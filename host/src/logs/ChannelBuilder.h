#pragma once

#include "logs/LoggingSection.h"
#include "logs/LostLines.h"

#include "Poco/Channel.h"
#include "Poco/Formatter.h"
#include "Poco/Path.h"

#include <map>
#include <set>
#include <string>
#include <vector>

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

/// A channel, null after a fault, and the first file that it reaches.
struct BuiltChannel {
    Poco::Channel::Ptr channel{};
    std::string path{};
};

/// Makes the channels that the `logging.*` keys describe. Opens nothing.
class ChannelBuilder {
public:
    /// `channels`: those with a name. `file`: where lines go when no key says where; relative paths are below its
    /// folder. Borrows the formatters and `lost`.
    ChannelBuilder(LoggingSection channels, const FormatterBuilder& formatters, const Poco::Path& file,
                   LostLines& lost);

    const std::set<std::string>& names() const { return _names; }

    /// The channel of a logger or of another channel: the one that the key `channel` names.
    BuiltChannel takeNamed(LoggingSection& section);
    /// The one that a section describes in place.
    BuiltChannel build(LoggingSection section);
    BuiltChannel buildDefault();

    /// What has to be closed, each after the targets that it writes to.
    std::vector<Poco::Channel::Ptr> takeCreated();

private:
    BuiltChannel resolve(const std::string& name);
    BuiltChannel refer(LoggingSection& section, const std::string& key, const std::string& name);
    BuiltChannel buildEnd(const Poco::Channel::Ptr& channel, Poco::Formatter::Ptr formatter, const std::string& path);
    BuiltChannel buildRelay(const std::string& className, LoggingSection& section);
    BuiltChannel buildAsync(LoggingSection& section);
    BuiltChannel buildSplitter(LoggingSection& section);
    Poco::Channel::Ptr makeFile(const std::string& className) const;

    LoggingSection _channels;
    std::set<std::string> _names;
    const FormatterBuilder& _formatters;
    Poco::Path _file;
    LostLines& _lost;
    std::map<std::string, BuiltChannel> _built;
    std::set<std::string> _building;
    std::vector<Poco::Channel::Ptr> _created;
};

}  // namespace carillon
