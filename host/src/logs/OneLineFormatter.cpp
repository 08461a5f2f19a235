#include "logs/OneLineFormatter.h"

#include "logs/LineFormatter.h"

#include "Poco/Message.h"

#include <utility>

namespace carillon {

OneLineFormatter::OneLineFormatter(Poco::Formatter::Ptr inner) : _inner(std::move(inner)) {}

void OneLineFormatter::format(const Poco::Message& message, std::string& line) {
    const std::string text = toOneLine(message.getText());
    line = _inner ? "" : text;
    if (_inner) _inner->format(Poco::Message(message, text), line);
}

}  // namespace carillon
