#include "logs/LogTail.h"

#include "platform/FileRights.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kBlock = 64 * 1024;

std::optional<FileIdentity> identityOf(const std::string& path) {
    const auto facts = factsOf(path);
    return facts && facts->kind == FileKind::Regular ? std::optional(facts->identity) : std::nullopt;
}

}  // namespace

class LogFollower::LogFile {
public:
    /// Null when there is no file. A device or a pipe counts as none: it has no end to read back from.
    static std::unique_ptr<LogFile> open(const std::string& path) {
        TrustedPath trusted = trustedPath(path, Opening::ReadNow);
        if (trusted.error() == std::errc::no_such_file_or_directory || trusted.error() == std::errc::not_a_directory)
            return nullptr;
        if (!trusted) throw Poco::OpenFileException(path, trusted.reason());
        auto file = std::unique_ptr<LogFile>(new LogFile(path, trusted.take()));
        return file->facts().kind == FileKind::Regular ? std::move(file) : nullptr;
    }

    FileFacts facts() const {
        std::error_code error;
        const auto facts = _file.facts(error);
        if (!facts) throw Poco::ReadFileException(_path, error.message());
        return *facts;
    }
    FileIdentity id() const { return facts().identity; }
    std::uint64_t size() const { return facts().size; }

    /// Up to `most` bytes from `offset`, fewer at the end of the file.
    std::string read(std::uint64_t offset, std::size_t most) const {
        std::string bytes(most, '\0');
        std::error_code error;
        bytes.resize(_file.readAt(offset, bytes.data(), most, error));
        if (error) throw Poco::ReadFileException(_path, error.message());
        return bytes;
    }

    /// The offset behind the `count`-th line end before `end`, counted backwards, or the first one of fewer after
    /// `floor`; 0 when there are fewer in all.
    std::uint64_t findBack(std::uint64_t end, std::size_t count, std::uint64_t floor = 0) const {
        std::uint64_t found = end;
        while (end > floor) {
            const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(end - floor, kBlock));
            const std::string block = read(end - length, length);
            for (std::size_t i = block.size(); i-- > 0;) {
                if (block[i] != '\n') continue;
                found = end - length + i + 1;
                if (--count == 0) return found;
            }
            end -= length;
        }
        return floor == 0 ? 0 : found;
    }

    /// Appends the complete lines from `offset` on; returns the offset behind the last one.
    std::uint64_t readLines(std::uint64_t offset, std::vector<std::string>& lines) const {
        std::string pending;
        for (std::uint64_t position = offset;;) {
            const std::string block = read(position, kBlock);
            position += block.size();
            std::string_view rest = block;
            for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
                offset += pending.size() + end + 1;
                pending += rest.substr(0, end);
                lines.push_back(std::exchange(pending, {}));
                rest.remove_prefix(end + 1);
            }
            pending += rest;
            if (block.size() < kBlock) return offset;
        }
    }

    /// The same for a file that nobody writes to any more: what follows the last line end is a line too.
    void readAll(std::uint64_t offset, std::vector<std::string>& lines) const {
        offset = readLines(offset, lines);
        const std::uint64_t end = size();
        if (end > offset) lines.push_back(read(offset, static_cast<std::size_t>(end - offset)));
    }

private:
    LogFile(std::string path, OpenFile file) : _path(std::move(path)), _file(std::move(file)) {}

    std::string _path;
    OpenFile _file;
};

namespace {

using LogFile = LogFollower::LogFile;

/// One number may be missing: Poco purges by whole seconds, and may take the newest of those of the same second.
std::string rotated(const std::string& path, int number) {
    return path + "." + std::to_string(number);
}

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// What was read back of a log.
struct Back {
    LogEnd log{};
    std::uint64_t end = 0;  ///< Where `current` had complete lines up to.
};

/// From there to `end`, with the end of the last line.
std::string readPart(const LogFile& file, std::uint64_t begin, std::uint64_t end) {
    std::string part = file.read(begin, static_cast<std::size_t>(end - begin));
    if (!part.empty() && part.back() != '\n') part += '\n';
    return part;
}

std::size_t countLines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The last `n` lines up to where `current` has them complete now, of the last `bytes`.
Back readBack(const LogFile* current, const std::string& path, std::size_t n, std::uint64_t bytes = kNoLimit) {
    Back back;
    auto& [text, isCut] = back.log;
    std::size_t lines = 0;
    std::vector<FileIdentity> read;
    const auto take = [&](const LogFile& file, std::uint64_t end) {
        const auto begin = lines >= n ? end : file.findBack(end, n - lines + 1, end - std::min(end, bytes));
        isCut = begin > 0;
        bytes -= std::min(bytes, end - begin);
        std::string part = readPart(file, begin, end);
        lines += countLines(part);
        text.insert(0, part);
        read.push_back(file.id());
    };
    if (current != nullptr) {
        back.end = current->findBack(current->size(), 1);
        take(*current, back.end);
    }
    for (int number = 0, gap = 0; !isCut; ++number) {
        const auto file = LogFile::open(rotated(path, number));
        if (!file && gap++ == 0) continue;
        if (!file) break;
        gap = 0;
        // A rotation in between moves a file that was read already to the next number.
        if (std::find(read.begin(), read.end(), file->id()) == read.end()) take(*file, file->size());
    }
    // A line without its end, the last one of a file that was rotated, came on top of those that were asked for.
    for (; lines > n; --lines) text.erase(0, text.find('\n') + 1);
    return back;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> lines;
    for (; !text.empty(); text.remove_prefix(lines.back().size() + 1)) lines.emplace_back(text, 0, text.find('\n'));
    return lines;
}

using LogFiles = std::vector<std::unique_ptr<LogFile>>;

bool contains(const LogFiles& files, FileIdentity id) {
    return std::any_of(files.begin(), files.end(), [id](const auto& file) { return file->id() == id; });
}

/// The rotated files that are newer than `last`, or than all of `older` without one, newest first; `current` is not
/// among them. A rotation meanwhile only makes numbers grow, so that going up misses none.
LogFiles rotatedSince(const std::string& path, const LogFile* last, const LogFiles& older, const LogFile* current) {
    LogFiles files;
    for (int number = 0, gap = 0;; ++number) {
        auto file = LogFile::open(rotated(path, number));
        if (!file && gap++ == 0) continue;
        if (!file) break;
        gap = 0;
        const FileIdentity id = file->id();
        if ((last != nullptr && id == last->id()) || contains(older, id)) return files;
        if ((current == nullptr || id != current->id()) && !contains(files, id)) files.push_back(std::move(file));
    }
    // The last one was purged or moved elsewhere: its successors are those that were written after it.
    if (last != nullptr)
        std::erase_if(files, [last](const auto& file) { return file->facts().modifiedAt < last->facts().modifiedAt; });
    return files;
}

}  // namespace

std::vector<std::string> lastLines(const std::string& path, std::size_t n) {
    return split(readBack(LogFile::open(path).get(), path, n).log.text);
}

LogEnd endOfLog(const std::string& path, std::size_t n, std::size_t bytes) {
    return readBack(LogFile::open(path).get(), path, n, bytes).log;
}

LogFollower::LogFollower(std::string path, std::size_t n) : _path(std::move(path)), _file(LogFile::open(_path)) {
    Back back = readBack(_file.get(), _path, n);
    _first = split(back.log.text);
    _offset = back.end;
    if (!_file) _older = rotatedSince(_path, nullptr, {}, nullptr);
}

LogFollower::~LogFollower() = default;

std::vector<std::string> LogFollower::poll() {
    std::vector<std::string> lines = std::exchange(_first, {});
    for (;;) {
        // Asked before reading: once another file stands at the path, nothing is added to ours.
        const auto now = identityOf(_path);
        if (_file) readOn(lines);
        if (!now || (_file && *now == _file->id())) return lines;
        moveOn(lines);
        if (!_file) return lines;
    }
}

void LogFollower::readOn(std::vector<std::string>& lines) {
    const bool cut = _offset > _file->size() || (_offset > 0 && _file->read(_offset - 1, 1) != "\n");
    if (cut) _offset = 0;
    _offset = _file->readLines(_offset, lines);
}

void LogFollower::moveOn(std::vector<std::string>& lines) {
    auto current = LogFile::open(_path);
    if (!current) return;
    const auto between = rotatedSince(_path, _file.get(), _older, current.get());
    if (_file) _file->readAll(_offset, lines);
    for (auto file = between.rbegin(); file != between.rend(); ++file) (*file)->readAll(0, lines);
    _older.clear();
    _file = std::move(current);
    _offset = 0;
}

}  // namespace carillon
