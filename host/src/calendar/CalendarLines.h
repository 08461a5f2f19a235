#pragma once

#include "carillon/Message.h"

#include "Poco/Exception.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What in an iCalendar file is wrong, or is not understood. What is said() is the rest of a sentence that names the
/// part and what would be right; its code() is the line, from 1 on.
class CalendarError : public Poco::SyntaxException {
public:
    CalendarError(Message said, int line) : Poco::SyntaxException(said.text, line), _said(std::move(said)) {}
    const char* name() const noexcept override { return "Calendar"; }
    Poco::Exception* clone() const override { return new CalendarError(*this); }
    void rethrow() const override { throw *this; }

    const Message& said() const { return _said; }

private:
    Message _said;
};

/// One content line of RFC 5545, unfolded: `DTSTART;VALUE=DATE:20261225`.
struct CalendarLine {
    int number = 0;      ///< Where it begins, from 1 on.
    std::string name{};  ///< In capitals, as names of parameters are.
    std::vector<std::pair<std::string, std::string>> parameters{};
    std::string value{};  ///< As it stands.

    /// Empty: it is not given.
    std::string_view parameter(std::string_view wanted) const;
    /// The key of a text in which {name} is the name of the line, and {value} its value unless one is given.
    [[noreturn]] void refuse(const std::string& key, Message::Values values = {}) const;
};

/// `a,b` as its parts; one of them may be empty.
std::vector<std::string> commaParts(std::string_view text);

/// What a TEXT value says: its escapes as characters, in one line.
std::string plainText(std::string_view value);

std::string inCapitals(std::string_view text);

/// The content lines of a text of UTF-8, one after the other. Borrows the text.
class CalendarLines {
public:
    explicit CalendarLines(std::string_view text) : _text(text) {}

    /// Nothing: there is no more. Throws CalendarError for a line that is none.
    std::optional<CalendarLine> take();
    /// Of the line that was taken last.
    int number() const { return _number; }

private:
    std::string unfold();

    std::string_view _text;
    std::size_t _at = 0;
    int _number = 0;
    int _lines = 0;
};

}  // namespace carillon
