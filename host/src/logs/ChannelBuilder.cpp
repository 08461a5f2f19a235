#include "logs/ChannelBuilder.h"

#include "logs/LineFormatter.h"
#include "logs/PrivateFileChannel.h"
#include "words/HostTexts.h"

#include "Poco/AsyncChannel.h"
#include "Poco/Exception.h"
#include "Poco/LoggingFactory.h"
#include "Poco/PatternFormatter.h"
#include "Poco/SplitterChannel.h"
#include "Poco/StringTokenizer.h"

#include <utility>

namespace carillon {
namespace {

using Poco::Formatter;

constexpr char kFormatterClasses[] = "LineFormatter, JsonLineFormatter, PatternFormatter";

Message oneOfClasses(const char* classes) {
    return sayHost("wanted.choice", {{"known", classes}});
}

Formatter::Ptr build(LoggingSection section) {
    const std::string className = section.takeClass(oneOfClasses(kFormatterClasses));
    if (className.empty()) return {};
    Formatter::Ptr formatter;
    try {
        formatter = Poco::LoggingFactory::defaultFactory().createFormatter(className);
    } catch (const Poco::Exception&) {
        section.unexpected("class", className, oneOfClasses(kFormatterClasses));
        return {};
    }
    setProperties(*formatter, className, section);
    if (className == "LineFormatter" || className == "JsonLineFormatter") return formatter;
    return Formatter::Ptr(new OneLineFormatter(formatter));
}

using Poco::Channel;
using Poco::Formatter;

constexpr char kChannelClasses[] =
    "FileChannel, SimpleFileChannel, ConsoleChannel, ColorConsoleChannel, SyslogChannel, NullChannel, "
    "AsyncChannel, SplitterChannel, FormattingChannel";

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
        channel.unexpected("formatter", name, oneOf(_names));
    }
    return formatter;
}

ChannelBuilder::ChannelBuilder(LoggingSection channels, const FormatterBuilder& formatters, const Poco::Path& file,
                               LostLines& lost)
    : _channels(std::move(channels)), _names(_channels.sections()), _formatters(formatters), _file(file), _lost(lost) {
    for (const auto& name : _names) resolve(name);
}

std::vector<Channel::Ptr> ChannelBuilder::takeCreated() {
    return std::exchange(_created, {});
}

BuiltChannel ChannelBuilder::resolve(const std::string& name) {
    if (!_built.contains(name)) {
        _building.insert(name);
        _built[name] = build(_channels.takeSection(name));
        _building.erase(name);
    }
    return _built[name];
}

BuiltChannel ChannelBuilder::refer(LoggingSection& section, const std::string& key, const std::string& name) {
    if (!_names.contains(name))
        section.unexpected(key, name, oneOf(_names));
    else if (_building.contains(name))
        section.fault(key, sayHost("logging.loop", {{"given", name}}));
    else
        return resolve(name);
    return {};
}

BuiltChannel ChannelBuilder::takeNamed(LoggingSection& section) {
    if (!section.has("channel")) section.missing("channel", oneOf(_names));
    const std::string name = section.take("channel");
    return name.empty() ? BuiltChannel{} : refer(section, "channel", name);
}

BuiltChannel ChannelBuilder::build(LoggingSection section) {
    const std::string className = section.takeClass(oneOfClasses(kChannelClasses));
    const Formatter::Ptr formatter = _formatters.takeFrom(section);
    if (className.empty()) return {};
    if (className == "FormattingChannel" || className == "AsyncChannel" || className == "SplitterChannel") {
        BuiltChannel relay = buildRelay(className, section);
        if (relay.channel && formatter) relay.channel = new FormattingStep(relay.channel, formatter, true);
        return relay;
    }
    const bool isFile = className == "FileChannel" || className == "SimpleFileChannel";
    Channel::Ptr channel;
    try {
        channel = isFile ? makeFile(className) : Poco::LoggingFactory::defaultFactory().createChannel(className);
    } catch (const Poco::Exception&) {
        section.unexpected("class", className, oneOfClasses(kChannelClasses));
        return {};
    }
    setProperties(*channel, className, section);
    return buildEnd(channel, formatter, isFile ? channel->getProperty("path") : "");
}

BuiltChannel ChannelBuilder::buildEnd(const Channel::Ptr& channel, Formatter::Ptr formatter, const std::string& path) {
    const bool given = !formatter.isNull();
    if (!given && path.empty()) formatter = new OneLineFormatter({});
    if (!given && !path.empty()) formatter = new LineFormatter;
    const Channel::Ptr step(new FormattingStep(channel, formatter, given));
    _created.emplace_back(new GuardedChannel(step, _lost));
    return {_created.back(), path};
}

Channel::Ptr ChannelBuilder::makeFile(const std::string& className) const {
    Channel::Ptr file(new PrivateFileChannel(className, _file.parent()));
    file->setProperty("path", _file.toString());
    if (className == "FileChannel") file->setProperty("archive", "number");
    return file;
}

BuiltChannel ChannelBuilder::buildDefault() {
    Channel::Ptr file = makeFile("FileChannel");
    file->setProperty("rotation", "10 M");
    file->setProperty("purgeCount", "10");
    file->setProperty("flush", "true");
    return buildEnd(file, {}, _file.toString());
}

/// A channel that hands on to others.
BuiltChannel ChannelBuilder::buildRelay(const std::string& className, LoggingSection& section) {
    if (className == "SplitterChannel") return buildSplitter(section);
    if (className == "AsyncChannel") return buildAsync(section);
    const BuiltChannel target = takeNamed(section);
    section.refuseRest(sayHost("logging.keysofformatting"));
    return target;
}

BuiltChannel ChannelBuilder::buildAsync(LoggingSection& section) {
    const BuiltChannel target = takeNamed(section);
    if (!target.channel) return {};
    Channel::Ptr async(new Poco::AsyncChannel(target.channel));
    _created.push_back(async);
    setProperties(*async, "AsyncChannel", section);
    return {async, target.path};
}

BuiltChannel ChannelBuilder::buildSplitter(LoggingSection& section) {
    Poco::AutoPtr<Poco::SplitterChannel> splitter(new Poco::SplitterChannel);
    BuiltChannel built{splitter, ""};
    bool named = false;
    for (const auto& key : std::set(section.names())) {
        if (!key.starts_with("channel")) continue;  // as Poco does: channel, channels, channel1 …
        named = true;
        constexpr int kOptions = Poco::StringTokenizer::TOK_IGNORE_EMPTY | Poco::StringTokenizer::TOK_TRIM;
        for (const auto& name : Poco::StringTokenizer(section.take(key), ",;", kOptions)) {
            const BuiltChannel target = refer(section, key, name);
            if (!target.channel) continue;
            splitter->addChannel(target.channel);
            if (built.path.empty()) built.path = target.path;
        }
    }
    if (!named) section.missing("channels", oneOf(_names));
    if (splitter->count() == 0) return {};
    setProperties(*splitter, "SplitterChannel", section);
    return built;
}

}  // namespace carillon
