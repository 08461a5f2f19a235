#include "config/ExpectationWords.h"

#include "words/HostTexts.h"
#include "words/MessageWords.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace carillon {
namespace {

struct Unit {
    std::int64_t length;  ///< In milliseconds.
    std::string_view symbol;
};
constexpr std::array kUnits{Unit{86'400'000, "d"}, Unit{3'600'000, "h"}, Unit{60'000, "min"}, Unit{1'000, "s"},
                            Unit{1, "ms"}};

/// Days alone have a sign of each language.
Message amount(std::int64_t count, const Unit& unit) {
    if (unit.symbol == kUnits.front().symbol) return sayHost("length.days", {{"n", count}});
    return std::to_string(count) + ' ' + std::string(unit.symbol);
}

/// As somebody wrote it: in the largest unit that it is a whole number of. But 24 h are a day, and 26 h are 26 h.
Message boundSaid(std::int64_t length) {
    for (const Unit& unit : kUnits)
        if (length >= unit.length && length % unit.length == 0) return amount(length / unit.length, unit);
    return amount(length, kUnits.back());
}

/// To the millisecond below a minute: next to a bound, what is rounded could be told from it by nobody.
Message shortSaid(std::int64_t length) {
    if (length < 1'000) return amount(length, kUnits.back());
    std::string text = std::to_string(length / 1'000);
    std::string digits = std::to_string(1'000 + length % 1'000).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) return text + " s";
    return sayHost("length.seconds", {{"whole", std::move(text)}, {"rest", std::move(digits)}});
}

/// `12 min 5 s`: the two largest units. Rounded up to a second, so that what is above a bound does not look like it.
Message lengthSaid(std::int64_t length) {
    const std::int64_t whole = std::max<std::int64_t>(1, (length + 999) / 1'000) * 1'000;
    std::size_t first = 0;
    while (whole < kUnits[first].length) ++first;
    const std::int64_t rest = whole % kUnits[first].length / kUnits[first + 1].length;
    const Message largest = amount(whole / kUnits[first].length, kUnits[first]);
    return rest > 0 ? largest + " " + amount(rest, kUnits[first + 1]) : largest;
}

/// What a run took.
Message tookSaid(std::int64_t length) {
    return length < 60'000 ? shortSaid(length) : lengthSaid(length);
}

/// `1 or more`, `500 at most`, `1 to 500`, `3`.
Message countSaid(const Expectation& expectation) {
    const auto least = expectation.least.value_or(0);
    const auto most = expectation.most.value_or(0);
    if (!expectation.most) return sayHost("limit.more", {{"limit", least}});
    if (!expectation.least) return sayHost("limit.most", {{"limit", most}});
    return least == most ? Message(least) : sayHost("limit.between", {{"least", least}, {"most", most}});
}

/// Of a length of time.
Message limitSaid(const Expectation& expectation) {
    if (expectation.kind == ExpectationKind::Fast)
        return sayHost("limit.least", {{"limit", boundSaid(expectation.least.value_or(0))}});
    return sayHost("limit.most", {{"limit", boundSaid(expectation.most.value_or(0))}});
}

Message findingSaid(const ExpectationFinding& finding, const std::string& counter) {
    const std::int64_t found = finding.found.value_or(0);
    switch (finding.kind) {
        case ExpectationKind::Slow:
        case ExpectationKind::Fast:
            if (finding.isRunning)
                return sayHost("found.running", {{"length", lengthSaid(found)}, {"limit", limitSaid(finding)}});
            return sayHost("found.took", {{"length", tookSaid(found)}, {"limit", limitSaid(finding)}});
        case ExpectationKind::NoSuccess:
            return sayHost("found.nosuccess",
                           {{"length", lengthSaid(found)}, {"limit", boundSaid(finding.most.value_or(0))}});
        case ExpectationKind::Counter:
            if (!finding.found) return sayHost("found.untold", {{"counter", counter}, {"limit", countSaid(finding)}});
            return sayHost("found.told", {{"counter", counter}, {"found", found}, {"limit", countSaid(finding)}});
    }
    return {};
}

}  // namespace

Message sayExpectation(const Expectation& expectation, const std::string& counter) {
    switch (expectation.kind) {
        case ExpectationKind::Slow:
        case ExpectationKind::Fast:
            return sayHost("expect.run", {{"limit", limitSaid(expectation)}});
        case ExpectationKind::NoSuccess:
            return sayHost("expect.success", {{"limit", boundSaid(expectation.most.value_or(0))}});
        case ExpectationKind::Counter:
            return sayHost("expect.counter", {{"counter", counter}, {"limit", countSaid(expectation)}});
    }
    return {};
}

std::string expectationInWords(const Expectation& expectation, const std::string& counter, Language language) {
    return inWords(sayExpectation(expectation, counter), language, PluginTexts());
}

std::string findingInWords(const ExpectationFinding& finding, const std::string& counter, Language language) {
    return inWords(findingSaid(finding, counter), language, PluginTexts());
}

}  // namespace carillon
