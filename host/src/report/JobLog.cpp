#include "report/JobLog.h"

#include "report/LineFormatter.h"

#include "Poco/AsyncChannel.h"
#include "Poco/Channel.h"
#include "Poco/Exception.h"
#include "Poco/Formatter.h"
#include "Poco/Logger.h"
#include "Poco/LoggingFactory.h"
#include "Poco/Path.h"
#include "Poco/SplitterChannel.h"
#include "Poco/StringTokenizer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace carillon {
namespace {

using Poco::Channel;
using Poco::Formatter;

constexpr std::chrono::seconds kBetweenNotices{10};
constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;
constexpr int kTokens = Poco::StringTokenizer::TOK_IGNORE_EMPTY | Poco::StringTokenizer::TOK_TRIM;
constexpr char kFormatterClasses[] = "one of LineFormatter, JsonLineFormatter, PatternFormatter";
constexpr char kChannelClasses[] =
    "one of FileChannel, SimpleFileChannel, ConsoleChannel, ColorConsoleChannel, SyslogChannel, NullChannel, "
    "AsyncChannel, SplitterChannel, FormattingChannel";
constexpr char kLevels[] = "one of none, fatal, critical, error, warning, notice, information, debug, trace";
/// The parameter of a message whose text is the finished line.
const std::string kFinished = "carillon.finished";

/// What the exception says that is being handled.
std::string currentReason() {
    try {
        throw;
    } catch (const Poco::Exception& e) {
        return e.displayText();
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

/// Counts the lines that were not written and tells of them on stderr.
class LostLines {
public:
    LostLines(std::string job, JobLog::SteadyNow now) : _job(std::move(job)), _now(std::move(now)) {}

    std::uint64_t count() const noexcept { return _count; }

    /// In a catch block only.
    void add(const Poco::Message& message) noexcept {
        const auto count = ++_count;
        try {
            if (!isNoticeDue()) return;
            std::string line = message.getText();
            if (!message.has(kFinished)) LineFormatter().format(message, line);
            const std::string notice = "carillon: error: log of " + _job + ": " + toOneLine(currentReason()) + " (" +
                                       std::to_string(count) + " not written so far): " + line + "\n";
            std::cerr << notice << std::flush;
        } catch (...) {  // nowhere is left to tell it
        }
    }

private:
    bool isNoticeDue() {
        const std::lock_guard lock(_mutex);
        const auto now = _now();
        if (_noticed && now - *_noticed < kBetweenNotices) return false;
        _noticed = now;
        return true;
    }

    std::string _job;
    JobLog::SteadyNow _now;
    std::atomic<std::uint64_t> _count{0};
    std::mutex _mutex;
    std::optional<std::chrono::steady_clock::time_point> _noticed;
};

/// For a formatter, or none, that writes the text as it is.
class OneLineFormatter final : public Formatter {
public:
    explicit OneLineFormatter(Formatter::Ptr inner) : _inner(std::move(inner)) {}
    void format(const Poco::Message& message, std::string& line) override {
        const std::string text = toOneLine(message.getText());
        line = _inner ? "" : text;
        if (_inner) _inner->format(Poco::Message(message, text), line);
    }

private:
    Formatter::Ptr _inner;
};

/// Poco's FormattingChannel, except that the next one in the chain knows that the line is finished.
class FormattingStep final : public Channel {
public:
    FormattingStep(Channel::Ptr target, Formatter::Ptr formatter, bool always)
        : _target(std::move(target)), _formatter(std::move(formatter)), _always(always) {}

    void log(const Poco::Message& message) override {
        if (!_always && message.has(kFinished)) return _target->log(message);
        std::string line;
        _formatter->format(message, line);
        Poco::Message finished(message, line);
        finished.set(kFinished, "");
        _target->log(finished);
    }
    void close() override { _target->close(); }

private:
    Channel::Ptr _target;
    Formatter::Ptr _formatter;
    bool _always;
};

/// The end of a chain: nothing is thrown out of here, and after a failure the next line finds the channel closed.
class GuardedChannel final : public Channel {
public:
    GuardedChannel(Channel::Ptr target, LostLines& lost) : _target(std::move(target)), _lost(lost) {}

    void log(const Poco::Message& message) override {
        const std::lock_guard lock(_mutex);
        try {
            _target->log(message);
        } catch (...) {
            _lost.add(message);
            closeQuietly();
        }
    }
    void close() override {
        const std::lock_guard lock(_mutex);
        closeQuietly();
    }

private:
    void closeQuietly() noexcept {
        try {
            _target->close();
        } catch (...) {  // what could be written is written
        }
    }

    Channel::Ptr _target;
    LostLines& _lost;
    std::mutex _mutex;
};

/// A file channel of Poco whose file is private from its first byte, ends every line, and may be renamed, removed or
/// cut by others at any time. For one thread at a time.
class PrivateFileChannel final : public Channel {
public:
    explicit PrivateFileChannel(std::string className) : _class(std::move(className)) { renew(); }

    void setProperty(const std::string& name, const std::string& value) override {
        _file->setProperty(name, value);
        _properties.emplace_back(name, value);
        if (name == "path") _path = value;
    }
    std::string getProperty(const std::string& name) const override { return _file->getProperty(name); }

    void log(const Poco::Message& message) override {
        if (!_open || !isSeen()) openFile();
        _open = false;
        try {
            _file->log(message);
        } catch (const Poco::WriteFileException&) {
            throw;
        } catch (...) {
            abandon();
            throw;
        }
        _open = true;
        if (!isSeen()) takeOverRotated();
    }
    void close() override {
        _open = false;
        _file->close();
    }

private:
    void renew() {
        _file = Poco::LoggingFactory::defaultFactory().createChannel(_class);
        for (const auto& [name, value] : _properties) _file->setProperty(name, value);
    }

    // When a rotation cannot make the new file, Poco's channel keeps a pointer to the old one, which it has deleted;
    // closing or destroying that channel would free it again. So it is left alone for ever, but within reach.
    void abandon() {
        static std::mutex mutex;
        static auto* const abandoned = new std::vector<Channel::Ptr>;
        const std::lock_guard lock(mutex);
        abandoned->push_back(_file);
        renew();
    }

    bool isSeen() const {
        struct stat status {};
        return ::stat(_path.c_str(), &status) == 0 && status.st_dev == _device && status.st_ino == _inode;
    }
    void see(const struct stat& status) {
        _device = status.st_dev;
        _inode = status.st_ino;
    }

    void makeFolders() const {
        for (auto slash = _path.find('/', 1); slash != std::string::npos; slash = _path.find('/', slash + 1))
            ::mkdir(_path.substr(0, slash).c_str(), kFolderMode);
    }

    void openFile() {
        close();
        const auto open = [this] { return ::open(_path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, kFileMode); };
        int handle = open();
        if (handle < 0 && errno == ENOENT) {
            makeFolders();
            handle = open();
        }
        if (handle < 0) throw Poco::OpenFileException(_path, std::strerror(errno));
        struct stat status {};
        const bool good =
            ::fstat(handle, &status) == 0 && (!S_ISREG(status.st_mode) || endLine(handle, status.st_size));
        const int error = errno;
        ::close(handle);
        if (!good) throw Poco::WriteFileException(_path, std::strerror(error));
        see(status);
    }
    /// A full disk or a crash may have left half a line.
    static bool endLine(int handle, off_t size) {
        char last = '\n';
        if (size > 0 && ::pread(handle, &last, 1, size - 1) != 1) return false;
        return last == '\n' || ::write(handle, "\n", 1) == 1;
    }

    /// Poco made this one with the process's umask.
    void takeOverRotated() {
        struct stat status {};
        if (::stat(_path.c_str(), &status) != 0) return;
        if (S_ISREG(status.st_mode)) ::chmod(_path.c_str(), status.st_mode & kFileMode);
        see(status);
    }

    std::string _class;
    std::string _path;
    std::vector<std::pair<std::string, std::string>> _properties;
    Channel::Ptr _file;
    bool _open = false;
    dev_t _device = 0;
    ino_t _inode = 0;
};

/// What is expected where Poco only says that something else is not.
std::string expectedOf(const std::string& className, const std::string& property) {
    static const std::map<std::string, std::string> kExpected = {
        {"FileChannel", "path, rotation, archive, times, compress, purgeAge, purgeCount, flush, rotateOnOpen"},
        {"FileChannel.rotation", "a size such as 10 M (below 2048 M), a time such as 00:00, daily, weekly or never"},
        {"FileChannel.archive", "number or timestamp"},
        {"FileChannel.times", "utc or local"},
        {"FileChannel.purgeCount", "a whole number above 0 or none"},
        {"FileChannel.purgeAge", "an age such as 30 days or none"},
        {"SimpleFileChannel", "path, secondaryPath, rotation, flush"},
        {"ConsoleChannel", "formatter, pattern"},
        {"NullChannel", "no property"},
        {"AsyncChannel", "channel, priority, queueSize"},
        {"AsyncChannel.priority", "one of lowest, low, normal, high, highest"},
        {"AsyncChannel.queueSize", "a whole number or none"},
        {"SplitterChannel", "channels"},
        {"FormattingChannel", "channel, formatter, pattern"},
        {"SyslogChannel", "name, facility, options"},
        {"PatternFormatter", "pattern, times"},
        {"LineFormatter", "no property"},
        {"JsonLineFormatter", "no property"},
    };
    const auto exact = kExpected.find(className + "." + property);
    if (exact != kExpected.end()) return ", expected " + exact->second;
    const auto known = kExpected.find(className);
    return known == kExpected.end() ? "" : ", expected for a " + className + ": " + known->second;
}

bool isFileClass(const std::string& className) {
    return className == "FileChannel" || className == "SimpleFileChannel";
}

/// Whether Poco would take the value and then do something else.
bool isMisread(const std::string& className, const std::string& property, const std::string& value) {
    if (!isFileClass(className)) return false;
    if (property == "flush" || property == "compress" || property == "rotateOnOpen")
        return value != "true" && value != "false";
    if (property == "times") return value != "utc" && value != "local";
    const Poco::StringTokenizer words(value, " \t", kTokens);
    if (property != "rotation" || words.count() == 0 || words.count() > 2) return false;
    // Poco counts the bytes in an int.
    std::int64_t size = 0;
    const std::string unit = words.count() == 2 ? words[1] : "";
    const std::int64_t factor = unit == "M" ? 1 << 20 : unit == "K" ? 1 << 10 : unit.empty() ? 1 : 0;
    const auto [end, error] = std::from_chars(words[0].data(), words[0].data() + words[0].size(), size);
    if (end != words[0].data() + words[0].size() || factor == 0) return false;
    return error != std::errc{} || size <= 0 || size > INT_MAX / factor;
}

/// A channel, and the first file that it reaches.
struct Built {
    Channel::Ptr channel{};
    std::string path{};
};

/// Makes what the `logging.*` keys describe and collects what is wrong with them. Opens nothing.
class ChannelBuilder {
public:
    /// Borrows all three.
    ChannelBuilder(const JobConfig& job, const std::string& logsDir, LostLines& lost)
        : _job(job), _logsDir(Poco::Path(logsDir).makeAbsolute().makeDirectory()), _lost(lost) {
        registerLineFormatters();
        for (const auto& name : namesBelow("logging.formatters.")) _formatters[name];
        for (const auto& name : namesBelow("logging.channels.")) _channels[name];
        for (auto& [name, formatter] : _formatters) formatter = buildFormatter("logging.formatters." + name + ".");
        for (const auto& [name, channel] : _channels) resolve(name);
        for (const auto& name : namesBelow("logging.loggers.")) buildLogger(name);
        refuseOthers();
        if (!_hasRootChannel && !_channels.empty())
            fault("logging.loggers.root.channel", " is missing, expected one of " + namesOf(_channels));
        if (!root.channel && faults.empty()) root = buildDefault();
    }

    Built root;
    int level = Poco::Message::PRIO_INFORMATION;
    /// What has to be closed, each after the targets that it writes to.
    std::vector<Channel::Ptr> created;
    std::vector<ConfigFault> faults;

private:
    using Keys = std::map<std::string, std::string>;  // what follows a prefix, and the whole key

    void fault(const std::string& key, std::string problem, int line = 0) {
        const auto* entry = _job.source.find(key);
        faults.push_back({_job.source.file(), entry == nullptr ? line : entry->line, key, std::move(problem)});
    }
    /// A fault of a key that is not there, shown where its section begins.
    void missing(const std::string& prefix, const std::string& name, const std::string& expected) {
        int line = 0;
        for (const auto& [key, entry] : _job.source.entries())
            if ((key + ".").starts_with(prefix) && entry.line > 0 && (line == 0 || entry.line < line))
                line = entry.line;
        fault(prefix + name, " is missing, expected " + expected, line);
    }
    void refuseOthers() {
        for (const auto& [rest, key] : keysBelow("logging."))
            if (!rest.starts_with("formatters.") && !rest.starts_with("channels.") && !rest.starts_with("loggers."))
                fault(key, " is not a known key, expected one below logging.channels, .formatters or .loggers");
    }

    Keys keysBelow(const std::string& prefix) const {
        Keys keys;
        for (const auto& [key, entry] : _job.source.entries())
            if (key.starts_with(prefix)) keys.emplace(key.substr(prefix.size()), key);
        return keys;
    }
    std::set<std::string> namesBelow(const std::string& prefix) const {
        std::set<std::string> names;
        for (const auto& [rest, key] : keysBelow(prefix)) names.insert(rest.substr(0, rest.find('.')));
        return names;
    }
    template <typename Value>
    static std::string namesOf(const std::map<std::string, Value>& named) {
        std::string names;
        for (const auto& [name, value] : named) names += (names.empty() ? "" : ", ") + name;
        return names.empty() ? "those of this file, which has none" : names;
    }
    /// Empty when a variable in it is not set.
    std::string valueOf(const std::string& key) {
        const std::string& value = _job.source.find(key)->value;
        if (value.find("${") == std::string::npos) return value;
        fault(key, " = " + value + ", which names a variable that is not set");
        return "";
    }
    std::string take(Keys& keys, const std::string& name) {
        const auto node = keys.extract(name);
        return node.empty() ? "" : valueOf(node.mapped());
    }
    /// The class, which must be there; empty after a fault.
    std::string takeClass(const std::string& prefix, Keys& keys, const std::string& expected) {
        std::string className = take(keys, "class");
        const auto* entry = _job.source.find(prefix + "class");
        if (entry == nullptr || entry->value.empty()) missing(prefix, "class", expected);
        return className;
    }

    /// Hands the keys to a channel or a formatter as its properties.
    void configure(Poco::Configurable& object, const std::string& className, const Keys& keys) {
        for (const auto& [property, key] : keys) {
            const std::string value = valueOf(key);
            if (value.empty()) continue;
            const bool isPath = isFileClass(className) && (property == "path" || property == "secondaryPath");
            try {
                if (isMisread(className, property, value)) throw Poco::InvalidArgumentException(property);
                object.setProperty(property, isPath ? absolute(value) : value);
            } catch (const Poco::Exception& e) {
                fault(key, " = " + value + " is refused (" + e.displayText() + ")" + expectedOf(className, property));
            }
        }
    }
    std::string absolute(const std::string& path) const { return Poco::Path(path).makeAbsolute(_logsDir).toString(); }

    Formatter::Ptr buildFormatter(const std::string& prefix) {
        Keys keys = keysBelow(prefix);
        const std::string className = takeClass(prefix, keys, kFormatterClasses);
        if (className.empty()) return {};
        Formatter::Ptr formatter;
        try {
            formatter = Poco::LoggingFactory::defaultFactory().createFormatter(className);
        } catch (const Poco::Exception&) {
            fault(prefix + "class", " = " + className + ", expected " + kFormatterClasses);
            return {};
        }
        configure(*formatter, className, keys);
        if (className == "LineFormatter" || className == "JsonLineFormatter") return formatter;
        return Formatter::Ptr(new OneLineFormatter(formatter));
    }

    /// The formatter of a channel in any of Poco's three ways; null without one.
    Formatter::Ptr takeFormatter(const std::string& prefix, Keys& keys) {
        Formatter::Ptr formatter;
        if (const std::string pattern = take(keys, "pattern"); !pattern.empty()) {
            Formatter::Ptr inner = Poco::LoggingFactory::defaultFactory().createFormatter("PatternFormatter");
            inner->setProperty("pattern", pattern);
            formatter = new OneLineFormatter(inner);
        }
        if (std::erase_if(keys, [](const auto& key) { return key.first.starts_with("formatter."); }) > 0)
            formatter = buildFormatter(prefix + "formatter.");
        if (const std::string name = take(keys, "formatter"); !name.empty()) {
            const auto found = _formatters.find(name);
            if (found != _formatters.end()) return found->second;
            fault(prefix + "formatter", " = " + name + ", expected one of " + namesOf(_formatters));
        }
        return formatter;
    }

    Built resolve(const std::string& name) {
        auto& channel = _channels.at(name);
        if (!channel) {
            _building.insert(name);
            channel = buildChannel("logging.channels." + name + ".");
            _building.erase(name);
        }
        return *channel;
    }
    /// The channels whose names `key` holds; those that cannot be are left out.
    std::vector<Built> refer(const std::string& key) {
        std::vector<Built> targets;
        for (const auto& name : Poco::StringTokenizer(valueOf(key), ",;", kTokens)) {
            if (!_channels.contains(name))
                fault(key, " = " + name + ", expected one of " + namesOf(_channels));
            else if (_building.contains(name))
                fault(key, " = " + name + ", which leads back to itself; expected another channel");
            else if (const Built target = resolve(name); target.channel)
                targets.push_back(target);
        }
        return targets;
    }

    Built buildChannel(const std::string& prefix) {
        Keys keys = keysBelow(prefix);
        const std::string className = takeClass(prefix, keys, kChannelClasses);
        const Formatter::Ptr formatter = takeFormatter(prefix, keys);
        if (className.empty()) return {};
        if (className == "FormattingChannel" || className == "AsyncChannel" || className == "SplitterChannel")
            return buildRelay(prefix, className, formatter, keys);
        if (isFileClass(className)) {
            Channel::Ptr file = makeFile(className);
            configure(*file, className, keys);
            return buildEnd(file, formatter, file->getProperty("path"));
        }
        Channel::Ptr channel;
        try {
            channel = Poco::LoggingFactory::defaultFactory().createChannel(className);
        } catch (const Poco::Exception&) {
            fault(prefix + "class", " = " + className + ", expected " + kChannelClasses);
            return {};
        }
        configure(*channel, className, keys);
        return buildEnd(channel, formatter, "");
    }

    Built buildEnd(const Channel::Ptr& channel, Formatter::Ptr formatter, const std::string& path) {
        const bool always = !formatter.isNull();
        if (!always && path.empty()) formatter = new OneLineFormatter({});
        if (!always && !path.empty()) formatter = new LineFormatter;
        const Channel::Ptr step(new FormattingStep(channel, formatter, always));
        created.emplace_back(new GuardedChannel(step, _lost));
        return {created.back(), path};
    }
    Channel::Ptr makeFile(const std::string& className) const {
        Channel::Ptr file(new PrivateFileChannel(className));
        file->setProperty("path", absolute(_job.name + ".log"));
        if (className == "FileChannel") file->setProperty("archive", "number");
        return file;
    }
    Built buildDefault() {
        Channel::Ptr file = makeFile("FileChannel");
        file->setProperty("rotation", "10 M");
        file->setProperty("purgeCount", "10");
        file->setProperty("flush", "true");
        return buildEnd(file, {}, file->getProperty("path"));
    }

    /// A channel that hands on to others.
    Built buildRelay(const std::string& prefix, const std::string& className, const Formatter::Ptr& formatter,
                     Keys& keys) {
        const std::vector<Built> targets = takeTargets(prefix, className == "SplitterChannel", keys);
        if (targets.empty()) return {};
        Built built = targets.front();
        if (className == "FormattingChannel") {
            for (const auto& [property, key] : keys) fault(key, " is not known" + expectedOf(className, property));
        } else if (className == "AsyncChannel") {
            built.channel = new Poco::AsyncChannel(built.channel);
            created.push_back(built.channel);
            configure(*built.channel, className, keys);
        } else {
            Poco::AutoPtr<Poco::SplitterChannel> splitter(new Poco::SplitterChannel);
            for (const auto& target : targets) splitter->addChannel(target.channel);
            configure(*splitter, className, keys);
            const auto file =
                std::find_if(targets.begin(), targets.end(), [](const auto& t) { return !t.path.empty(); });
            built = {splitter, file == targets.end() ? "" : file->path};
        }
        if (formatter) built.channel = new FormattingStep(built.channel, formatter, true);
        return built;
    }
    std::vector<Built> takeTargets(const std::string& prefix, bool many, Keys& keys) {
        std::vector<Built> targets;
        bool named = false;
        for (auto key = keys.begin(); key != keys.end();) {
            // Poco takes channel, channels, channel1 … for the names of a splitter's channels.
            if (many ? !key->first.starts_with("channel") : key->first != "channel") {
                ++key;
                continue;
            }
            named = true;
            const auto referred = refer(key->second);
            targets.insert(targets.end(), referred.begin(), referred.end());
            key = keys.erase(key);
        }
        if (!named) missing(prefix, many ? "channels" : "channel", "one of " + namesOf(_channels));
        return targets;
    }

    /// The job writes with the root logger; others are only checked.
    void buildLogger(const std::string& section) {
        const std::string prefix = "logging.loggers." + section + ".";
        Keys keys = keysBelow(prefix);
        const std::string name = take(keys, "name");
        const bool isRoot = section == "root" && name.empty();
        if (!isRoot && name.empty())
            missing(prefix, "name", "the name of a logger; the job's own is logging.loggers.root");
        const int parsed = takeLevel(prefix, keys);
        std::vector<Built> targets;
        bool given = false;
        if (keys.contains("channel")) {
            given = true;
            targets = refer(prefix + "channel");
            keys.erase("channel");
        } else if (std::erase_if(keys, [](const auto& key) { return key.first.starts_with("channel."); }) > 0) {
            given = true;
            targets.push_back(buildChannel(prefix + "channel."));
        }
        for (const auto& [property, key] : keys) fault(key, " is not a known key, expected name, channel or level");
        if (!isRoot) return;
        level = parsed;
        _hasRootChannel = given;
        if (!targets.empty()) root = targets.front();
    }
    int takeLevel(const std::string& prefix, Keys& keys) {
        const std::string given = take(keys, "level");
        try {
            if (!given.empty()) return Poco::Logger::parseLevel(given);
        } catch (const Poco::Exception&) {
            fault(prefix + "level", " = " + given + ", expected " + kLevels);
        }
        return Poco::Message::PRIO_INFORMATION;
    }

    const JobConfig& _job;
    Poco::Path _logsDir;
    LostLines& _lost;
    std::map<std::string, Formatter::Ptr> _formatters;
    std::map<std::string, std::optional<Built>> _channels;
    std::set<std::string> _building;
    bool _hasRootChannel = false;
};

}  // namespace

struct JobLog::Channels {
    Channels(const std::string& job, SteadyNow now) : lost(job, std::move(now)) {}
    /// An AsyncChannel hands on what waits in it, so it is closed before the targets, which are older than it is.
    ~Channels() {
        for (auto channel = created.rbegin(); channel != created.rend(); ++channel) (*channel)->close();
    }
    Channels(const Channels&) = delete;
    Channels& operator=(const Channels&) = delete;

    LostLines lost;
    std::vector<Channel::Ptr> created;
    Built root;
    int level = Poco::Message::PRIO_INFORMATION;
};

JobLog::JobLog(const JobConfig& job, const std::string& logsDir, SteadyNow now)
    : _channels(std::make_unique<Channels>(job.name, std::move(now))) {
    ChannelBuilder builder(job, logsDir, _channels->lost);
    if (!builder.faults.empty()) throw Poco::InvalidArgumentException(builder.faults.front().sentence());
    _channels->created = std::move(builder.created);
    _channels->root = std::move(builder.root);
    _channels->level = builder.level;
}

JobLog::~JobLog() = default;

std::vector<ConfigFault> JobLog::check(const JobConfig& job, const std::string& logsDir) {
    LostLines lost(job.name, {});
    return ChannelBuilder(job, logsDir, lost).faults;
}

void JobLog::write(const std::string& run, Poco::Message::Priority level, Poco::Timestamp at,
                   const std::string& text) noexcept {
    if (level > _channels->level) return;
    try {
        Poco::Message message(std::string(), text, level);
        try {
            message.setTime(at);
            if (!run.empty()) message.set("run", run);
            _channels->root.channel->log(message);
        } catch (...) {
            _channels->lost.add(message);
        }
    } catch (...) {  // no memory for the message itself
    }
}

int JobLog::level() const noexcept {
    return _channels->level;
}

std::string JobLog::path() const {
    return _channels->root.path;
}

std::uint64_t JobLog::failures() const noexcept {
    return _channels->lost.count();
}

}  // namespace carillon
