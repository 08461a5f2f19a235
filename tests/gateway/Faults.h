#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace testgateway {

enum class Call { Pending, Acknowledge, Stats, Health };

enum class FaultKind {
    StringNumbers,
    PhpWarning,
    Html,
    Unauthorized,
    Status,
    TooMany,
    Slow,
    Drip,
    Cut,
    LostAnswer,
    RefusedConnection,
    NotJson,
    WrongType,
    BadUtf8,
    Redirect,
    SuccessFalse,
    CountWrong,
    Duplicate,
    Reversed,
    MissingEnd,
    EmptyBody,
    BigString
};

/// The kind's name on the control API, and back; an unknown name is nothing.
std::string_view nameOf(FaultKind kind);
std::optional<FaultKind> faultKindOf(std::string_view name);
/// "pending", "acknowledge", "stats" or "health".
std::string_view nameOf(Call call);
std::optional<Call> callOf(std::string_view name);

struct Fault {
    FaultKind kind = FaultKind::Html;
    /// Nothing: any call.
    std::optional<Call> call{};
    /// How many calls it still meets; negative = until cleared.
    long times = 1;

    int status = 503;
    std::chrono::seconds retryAfter{30};
    /// slow: before the answer; drip: between two pieces.
    std::chrono::milliseconds delay{1'000};
    /// drip: size of a piece; big_string: length of the comment.
    std::size_t bytes = 1'024;
    std::size_t afterBytes = 0;
    bool chunked = false;
    bool reset = false;
    bool topArray = false;
    std::string location{};
};

struct RawAnswer {
    std::string body{};
    int status = 200;
    std::string contentType = "application/json";
    long times = 1;
};

/// What goes wrong with which call. First come, first served, one fault a call. Any thread.
class Faults {
public:
    void add(Fault fault);
    void add(RawAnswer answer);

    /// The fault this call meets, counted as used. A fault of the list never meets another call than pending.
    std::optional<Fault> takeFault(Call call);
    std::optional<RawAnswer> takeRawAnswer();
    void clear();

private:
    std::mutex _mutex;
    std::list<Fault> _faults;
    std::list<RawAnswer> _rawAnswers;
};

}  // namespace testgateway
