#pragma once

#include "carillon/Clock.h"

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// Numbers in a form that tells nothing of them, and that nobody else can make: an encrypted block, with a key that
/// lives as long as this. Any thread.
class SealedNumber {
public:
    /// Throws Poco::SystemException when the library cannot.
    SealedNumber();
    ~SealedNumber();

    /// 32 hexadecimal digits, the same ones for the same number.
    std::string seal(std::uint64_t number) const;
    /// What seal() was given; nothing: this has not sealed it.
    std::optional<std::uint64_t> open(const std::string& sealed) const;

private:
    struct Ciphers;

    mutable std::mutex _mutex;  // of what is below
    const std::unique_ptr<Ciphers> _ciphers;
};

/// A line of a job's log, on its way to who follows the logs.
class LiveLine {
public:
    LiveLine(std::string job, std::string run, Poco::Message::Priority level, Poco::Timestamp at, std::string text)
        : _job(std::move(job)), _run(std::move(run)), _level(level), _at(at), _text(std::move(text)) {}

    const std::string& job() const { return _job; }
    Poco::Timestamp at() const { return _at; }
    Poco::Message::Priority level() const { return _level; }
    std::size_t bytes() const { return sizeof *this + _job.size() + _run.size() + _text.size(); }

    /// `{"time":…,"level":…,"job":…,"run":…,"text":…}`, made when somebody asks for it and then kept. Any thread.
    const std::string& json() const;

private:
    const std::string _job;
    const std::string _run;
    const Poco::Message::Priority _level;
    const Poco::Timestamp _at;
    const std::string _text;
    mutable std::once_flag _once;
    mutable std::string _json{};
};

/// The last lines of the logs of all jobs, numbered from 0 on, for any number of readers, each of which remembers where
/// it is. Any thread.
/// Invariant: who adds a line waits for no reader. A reader holds the mutex for as long as it takes to copy some
/// pointers, and one that is too slow is overtaken: it learns how many lines it has missed.
class LiveLog {
public:
    struct Limits {
        std::size_t lines = 10'000;
        std::size_t bytes = 4'000'000;
    };
    struct Piece {
        std::vector<std::shared_ptr<const LiveLine>> lines{};
        std::uint64_t first = 0;   ///< The number of the first of them, or of the next line.
        std::uint64_t missed = 0;  ///< So many before them are not kept any longer.
    };

    LiveLog() : LiveLog(Limits{}) {}
    explicit LiveLog(Limits limits) : _limits(limits) {}

    void add(std::shared_ptr<const LiveLine> line);

    /// The number of the next line.
    std::uint64_t end() const { return _end.load(); }
    /// The number from which on the lines are from then or later, `most` of them at most.
    std::uint64_t since(Poco::Timestamp then, std::size_t most) const;
    /// From this number on, `most` at most.
    Piece read(std::uint64_t from, std::size_t most) const;

    /// Of all before the line `next`, for Last-Event-ID. Tells nobody how many lines there were.
    std::string idOf(std::uint64_t next) const { return _ids.seal(next); }
    /// What idOf() was given; nothing: no id of this log.
    std::optional<std::uint64_t> numberOf(const std::string& id) const;

private:
    const SealedNumber _ids{};
    const Limits _limits;
    std::atomic<std::uint64_t> _end{0};
    mutable std::mutex _mutex;  // of all below
    std::deque<std::shared_ptr<const LiveLine>> _lines{};
    std::size_t _bytes = 0;
};

}  // namespace carillon
