#pragma once

#include <cstdint>
#include <string>
#include "Poco/DateTime.h"

namespace testgateway {

struct BacklogSpec {
    std::int64_t count = 0;
    std::int64_t first = 0;
    /// Every so-many-th item is a refusal; 0 = none.
    std::int64_t refusals = 20;
    Poco::DateTime start{};
};

/// Makes the items of a backlog: the same number always gives the same item.
class Backlog {
public:
    explicit Backlog(const BacklogSpec& spec) : _spec(spec) {}

    void moveTo(std::int64_t number);

    /// Lower-case hexadecimal SHA-256 of the number's decimal text.
    const std::string& token() const { return _token; }
    const char* action() const { return _refusal ? "refuse" : "valide"; }
    bool hasComment() const { return _hasComment; }
    const std::string& comment() const { return _comment; }
    /// UTC, YYYY-MM-DD HH:MM:SS; 50 items share a second.
    const std::string& validatedAt() const { return _validatedAt; }

private:
    BacklogSpec _spec;
    std::int64_t _second = -1;
    bool _refusal = false;
    bool _hasComment = false;
    std::string _token{};
    std::string _comment{};
    std::string _validatedAt{};
};

}  // namespace testgateway
