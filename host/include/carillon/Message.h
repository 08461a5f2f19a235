#pragma once

#include <concepts>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What is said to people: a sentence or a part of one, to be worded in the language of whoever reads it. Plain data.
///
/// A text alone stands for itself in every language, so a plugin that speaks one language just gives texts. One that
/// speaks several gives a code and values, `say("run.done", {{"n", applied}})`, and has a text for the code in
/// PLUGIN.en.properties and PLUGIN.fr.properties beside its library:
///
///     run.done.one = {n} item applied
///     run.done.many = {n} items applied
///
/// `{name}` stands for a value, `{#name}` for one that is a number, as the language writes numbers. Of a code with
/// `.one` and `.many` the value `n` chooses. A value may be a message of its own.
struct Message {
    /// Values with their names, in any order.
    using Values = std::vector<std::pair<std::string, Message>>;

    std::string text{};  ///< In English, for programs and logs. A task may leave it to the host where there is a code.
    std::string code{};  ///< Letters, digits, `_`, `-` and points, 100 at most; empty: the text is all there is.
    Values values{};

    Message() = default;
    Message(std::string text_) : text(std::move(text_)) {}
    Message(const char* text_) : text(text_) {}
    Message(std::string_view text_) : text(text_) {}
    template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) Message(Number number)
        : text(std::to_string(number)) {}

    bool empty() const { return text.empty() && code.empty(); }
    operator const std::string&() const { return text; }
    bool operator==(const Message&) const = default;
};

/// The code of messages that follow each other: their values, one behind the other.
inline constexpr std::string_view kJoined = "joined";

inline Message say(std::string code, Message::Values values = {}) {
    Message message;
    message.code = std::move(code);
    message.values = std::move(values);
    return message;
}

/// One behind the other, such as `say("run.done") + "; " + say("run.left")`. What is between them is the caller's.
inline Message operator+(Message first, Message second) {
    if (first.empty()) return second;
    if (second.empty()) return first;
    Message both;
    const auto append = [&both](Message part) {
        both.text += part.text;
        if (part.code == kJoined)
            for (auto& [name, value] : part.values)
                both.values.emplace_back(std::to_string(both.values.size() + 1), std::move(value));
        else
            both.values.emplace_back(std::to_string(both.values.size() + 1), std::move(part));
    };
    const bool isPlain = first.code.empty() && second.code.empty();
    append(std::move(first));
    append(std::move(second));
    if (isPlain) return both.text;
    both.code = kJoined;
    return both;
}
inline Message& operator+=(Message& message, Message more) {
    return message = std::move(message) + std::move(more);
}

inline std::ostream& operator<<(std::ostream& out, const Message& message) {
    return out << message.text;
}

}  // namespace carillon
