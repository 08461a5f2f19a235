#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// The last `n` complete lines of a log, oldest first; fewer when there are no more. Goes on into the rotated files
/// PATH.0, PATH.1 … and reads no more than it returns, in blocks from the end. A log that is not there is empty.
/// Throws Poco::OpenFileException or Poco::ReadFileException when it is there and cannot be read.
std::vector<std::string> lastLines(const std::string& path, std::size_t n);

/// The end of a log.
struct LogEnd {
    std::string text{};  ///< Complete lines, oldest first, each with its end.
    bool isCut = false;  ///< There is more before them.
};
/// The last `n` lines in one piece, of the last `bytes` alone: for who waits for them, however long they are.
LogEnd endOfLog(const std::string& path, std::size_t n, std::size_t bytes);

/// Hands out the lines of a log as they are completed, each once, over rotation (by number), truncation and removal.
/// A line without its end is kept back. For one thread. Blind to a file that was cut and has grown beyond its old
/// length between two calls, unless the cut shows at the old end.
class LogFollower {
public:
    /// Begins with the last `n` lines that are there now, and loses none between those and the next.
    explicit LogFollower(std::string path, std::size_t n = 0);
    ~LogFollower();
    LogFollower(const LogFollower&) = delete;
    LogFollower& operator=(const LogFollower&) = delete;

    /// The complete lines since the last call, without waiting. Throws as lastLines() does.
    std::vector<std::string> poll();

    class LogFile;

private:
    void readOn(std::vector<std::string>& lines);
    void moveOn(std::vector<std::string>& lines);

    std::string _path;
    std::unique_ptr<LogFile> _file;                // null: not there yet
    std::vector<std::unique_ptr<LogFile>> _older;  // until it is: what was rotated before we began
    std::uint64_t _offset = 0;                     // always behind the end of a line
    std::vector<std::string> _first;
};

}  // namespace carillon
