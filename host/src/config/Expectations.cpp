#include "config/Expectations.h"

#include "carillon/Duration.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include "Poco/String.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLongest = std::chrono::days(366);
constexpr const char* kDuration = "job.expect.duration";
constexpr const char* kSuccess = "job.expect.success_within";
constexpr std::string_view kCounters = "job.expect.counters.";
constexpr std::string_view kDots = "..";

using Bound = std::optional<std::int64_t>;
using Parse = std::function<Bound(const std::string&)>;

struct Range {
    Bound least{};
    Bound most{};
};

Bound parseSpan(const std::string& text) {
    const auto span = parseDuration(text);
    return span && *span > 0ms && *span <= kLongest ? Bound(span->count()) : std::nullopt;
}

Bound parseCount(const std::string& text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    return error == std::errc{} && end == text.data() + text.size() ? Bound(count) : std::nullopt;
}

/// `A..B`, `A..` or `..B`; nothing: it is none of these.
std::optional<Range> parseRange(const std::string& text, const Parse& parse) {
    const auto at = text.find(kDots);
    if (at == std::string::npos) return std::nullopt;
    const std::string from = Poco::trim(text.substr(0, at));
    const std::string to = Poco::trim(text.substr(at + kDots.size()));
    const Range range{parse(from), parse(to)};
    const bool isRead = (from.empty() || range.least) && (to.empty() || range.most) && !(from.empty() && to.empty());
    return isRead ? std::optional(range) : std::nullopt;
}

/// A range that nothing is in is none.
std::optional<Range> readRange(ConfigReader& in, const std::string& key, const Parse& parse, const Message& expected) {
    const auto text = in.optionalText(key);
    if (!text) return std::nullopt;
    auto range = parseRange(*text, parse);
    if (!range) {
        in.unexpected(key, *text, expected);
    } else if (range->least && range->most && *range->least > *range->most) {
        in.fault(key, sayHost("expect.order", {{"given", *text}}));
        range.reset();
    }
    return range;
}

/// A run that takes too long is another trouble than one that takes no time.
void addDuration(ConfigReader& in, std::vector<Expectation>& all) {
    const auto range = readRange(in, kDuration, parseSpan, sayHost("wanted.durations"));
    if (!range) return;
    if (range->most) all.push_back({ExpectationKind::Slow, "", {}, range->most});
    if (range->least) all.push_back({ExpectationKind::Fast, "", range->least, {}});
}

void addSuccess(ConfigReader& in, std::vector<Expectation>& all) {
    if (!in.optionalText(kSuccess)) return;
    const auto span = in.duration(kSuccess, 26h, 1s, kLongest);
    all.push_back({ExpectationKind::NoSuccess, "", {}, span.count()});
}

bool isCounterName(const std::string& name) {
    return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
}

void addCounter(ConfigReader& in, const std::string& key, std::vector<Expectation>& all) {
    const std::string name = key.substr(kCounters.size());
    const auto exactly = parseCount(in.text(key, ""));
    const auto range = exactly ? Range{exactly, exactly} : readRange(in, key, parseCount, sayHost("wanted.counts"));
    if (!isCounterName(name))
        in.fault(key, sayHost("expect.countername", {{"hint", oddCharacterHint(name)}}));
    else if (range)
        all.push_back({ExpectationKind::Counter, name, range->least, range->most});
}

/// A key without a bound expects nothing, which its author hardly meant. A row of instances may leave its cell empty,
/// and `--set` may take an expectation away.
void refuseEmpty(ConfigReader& in, const ConfigSource& source) {
    for (const auto& [key, entry] : source.entries()) {
        const bool isKnown = key == kDuration || key == kSuccess || key.starts_with(kCounters);
        if (isKnown && entry.value.empty() && entry.line > 0 && entry.rowFile.empty())
            in.fault(key, sayHost("expect.empty"));
    }
}

}  // namespace

std::vector<Expectation> readExpectations(ConfigReader& in, const ConfigSource& source) {
    std::vector<Expectation> all;
    refuseEmpty(in, source);
    addDuration(in, all);
    addSuccess(in, all);
    // The names are the author's own: they are taken from the file, and asked for, so that they are known.
    for (const auto& [key, entry] : source.entries())
        if (key.starts_with(kCounters)) addCounter(in, key, all);
    return all;
}

}  // namespace carillon
