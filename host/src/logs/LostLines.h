#pragma once

#include "Poco/Channel.h"
#include "Poco/Formatter.h"
#include "Poco/Message.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// Counts the lines of a log that were not written, and tells of them on stderr, at most once in 10 s.
/// Safe from any thread.
class LostLines {
public:
    using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

    LostLines(std::string job, SteadyNow now);

    /// In a catch block only: the notice says what was caught.
    void add(const Poco::Message& message) noexcept;

    std::uint64_t count() const noexcept { return _count; }

private:
    bool isNoticeDue();

    std::string _job;
    SteadyNow _now;
    std::atomic<std::uint64_t> _count{0};
    std::mutex _mutex;
    std::optional<std::chrono::steady_clock::time_point> _noticed;
};

/// Poco's FormattingChannel, except that the next one in the chain knows that the line is finished.
class FormattingStep final : public Poco::Channel {
public:
    /// `always`: also a line that is finished is formatted again.
    FormattingStep(Poco::Channel::Ptr target, Poco::Formatter::Ptr formatter, bool always);

    void log(const Poco::Message& message) override;
    void close() override;

    /// Whether the text of the message is a finished line.
    static bool isFinished(const Poco::Message& message);

private:
    Poco::Channel::Ptr _target;
    Poco::Formatter::Ptr _formatter;
    bool _always;
};

/// The end of a chain: nothing is thrown out of here, and after a failure the next line finds the channel closed.
/// Safe from any thread, whatever the target is.
class GuardedChannel final : public Poco::Channel {
public:
    /// Borrows `lost`.
    GuardedChannel(Poco::Channel::Ptr target, LostLines& lost);

    void log(const Poco::Message& message) override;
    void close() override;

private:
    void closeQuietly() noexcept;

    Poco::Channel::Ptr _target;
    LostLines& _lost;
    std::mutex _mutex;
};

}  // namespace carillon
