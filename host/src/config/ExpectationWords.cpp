#include "config/ExpectationWords.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace carillon {
namespace {

bool isFrench(Language language) {
    return language == Language::French;
}

std::string_view choose(Language language, std::string_view english, std::string_view french) {
    return isFrench(language) ? french : english;
}

struct Unit {
    std::int64_t length;  ///< In milliseconds.
    std::string_view english;
    std::string_view french;
};
constexpr std::array kUnits{Unit{86'400'000, "d", "j"}, Unit{3'600'000, "h", "h"}, Unit{60'000, "min", "min"},
                            Unit{1'000, "s", "s"}, Unit{1, "ms", "ms"}};

std::string amount(std::int64_t count, const Unit& unit, Language language) {
    return std::to_string(count) + ' ' + std::string(choose(language, unit.english, unit.french));
}

/// As somebody wrote it: in the largest unit that it is a whole number of. But 24 h are a day, and 26 h are 26 h.
std::string boundText(std::int64_t length, Language language) {
    for (const Unit& unit : kUnits)
        if (length >= unit.length && length % unit.length == 0) return amount(length / unit.length, unit, language);
    return amount(length, kUnits.back(), language);
}

/// To the millisecond below a minute: next to a bound, what is rounded could be told from it by nobody.
std::string shortText(std::int64_t length, Language language) {
    if (length < 1'000) return amount(length, kUnits.back(), language);
    std::string text = std::to_string(length / 1'000);
    std::string digits = std::to_string(1'000 + length % 1'000).substr(1);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (!digits.empty()) text += std::string(choose(language, ".", ",")) + digits;
    return text + " s";
}

/// `12 min 5 s`: the two largest units. Rounded up to a second, so that what is above a bound does not look like it.
std::string lengthText(std::int64_t length, Language language) {
    const std::int64_t whole = std::max<std::int64_t>(1, (length + 999) / 1'000) * 1'000;
    std::size_t first = 0;
    while (whole < kUnits[first].length) ++first;
    const std::int64_t rest = whole % kUnits[first].length / kUnits[first + 1].length;
    return amount(whole / kUnits[first].length, kUnits[first], language) +
           (rest > 0 ? ' ' + amount(rest, kUnits[first + 1], language) : "");
}

/// What a run took.
std::string tookText(std::int64_t length, Language language) {
    return length < 60'000 ? shortText(length, language) : lengthText(length, language);
}

/// `1 or more`, `500 at most`, `1 to 500`, `3`.
std::string countText(const Expectation& expectation, Language language) {
    const std::string least = std::to_string(expectation.least.value_or(0));
    const std::string most = std::to_string(expectation.most.value_or(0));
    if (!expectation.most) return least + std::string(choose(language, " or more", " ou plus"));
    if (!expectation.least) return most + std::string(choose(language, " at most", " au plus"));
    return least == most ? least : least + std::string(choose(language, " to ", " à ")) + most;
}

/// Of a length of time.
std::string limitText(const Expectation& expectation, Language language) {
    if (expectation.kind == ExpectationKind::Fast)
        return boundText(expectation.least.value_or(0), language) +
               std::string(choose(language, " at least", " au moins"));
    return boundText(expectation.most.value_or(0), language) + std::string(choose(language, " at most", " au plus"));
}

std::string expected(const std::string& what, Language language) {
    return isFrench(language) ? " (attendu : " + what + ')' : ", expected " + what;
}

}  // namespace

std::string expectationInWords(const Expectation& expectation, const std::string& counter, Language language) {
    switch (expectation.kind) {
        case ExpectationKind::Slow:
        case ExpectationKind::Fast:
            return std::string(choose(language, "a run takes ", "une exécution dure ")) +
                   limitText(expectation, language);
        case ExpectationKind::NoSuccess:
            return std::string(choose(language, "the last success was ", "le dernier succès remonte à ")) +
                   boundText(expectation.most.value_or(0), language) +
                   std::string(choose(language, " ago at most", " au plus"));
        case ExpectationKind::Counter:
            return counter + std::string(choose(language, " is ", " vaut ")) + countText(expectation, language);
    }
    return {};
}

std::string findingInWords(const ExpectationFinding& finding, const std::string& counter, Language language) {
    const std::int64_t found = finding.found.value_or(0);
    switch (finding.kind) {
        case ExpectationKind::Slow:
        case ExpectationKind::Fast:
            return (finding.isRunning ? std::string(choose(language, "has been running for ", "dure depuis ")) +
                                            lengthText(found, language)
                                      : std::string(choose(language, "took ", "a duré ")) + tookText(found, language)) +
                   expected(limitText(finding, language), language);
        case ExpectationKind::NoSuccess:
            return std::string(choose(language, "has had no success for ", "reste sans succès depuis ")) +
                   lengthText(found, language) +
                   expected(isFrench(language) ? limitText(finding, language)
                                               : "one within " + boundText(finding.most.value_or(0), language),
                            language);
        case ExpectationKind::Counter:
            if (!finding.found)
                return std::string(choose(language, "tells no ", "ne mentionne pas ")) + counter +
                       expected(countText(finding, language), language);
            return std::string(choose(language, "tells ", "indique ")) + counter + " = " + std::to_string(found) +
                   expected(countText(finding, language), language);
    }
    return {};
}

}  // namespace carillon
