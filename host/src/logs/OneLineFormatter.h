#pragma once

#include "Poco/Formatter.h"

#include <string>

namespace carillon {

/// For a formatter, or none, that writes the text as it is.
class OneLineFormatter final : public Poco::Formatter {
public:
    explicit OneLineFormatter(Poco::Formatter::Ptr inner);
    void format(const Poco::Message& message, std::string& line) override;

private:
    Poco::Formatter::Ptr _inner;
};

}  // namespace carillon
