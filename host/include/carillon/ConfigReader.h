#pragma once

#include "carillon/ByteSize.h"
#include "carillon/Duration.h"
#include "carillon/Interface.h"
#include "carillon/Message.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace carillon {

/// Reads typed values below a prefix, for a task those below `task.`, and collects every fault instead of stopping at
/// the first. After a fault the fallback is returned, so that reading can go on; who reads is not run then.
/// What was asked for is what is known: any other key is a fault.
class CARILLON_INTERFACE ConfigReader {
public:
    virtual ~ConfigReader() = default;

    virtual bool has(const std::string& key) = 0;

    /// Nothing: it is missing or empty.
    virtual std::optional<std::string> optionalText(const std::string& key) = 0;
    /// The name of something: a text in which what looks like a plain character is one. Empty after a fault.
    virtual std::string name(const std::string& key) = 0;
    /// The path of a file or folder, made absolute: a relative one begins in the folder of the file that names it, not
    /// where the process was started. The fallback likewise; an empty one stays empty.
    virtual std::string path(const std::string& key, const std::string& fallback) = 0;
    /// A secret: the value of `key`, or the first line of the file that `key.file` names. A file that others may read
    /// or have written is a fault, be it that one or the one that holds the value itself. The host conceals what is
    /// returned.
    virtual std::optional<std::string> secret(const std::string& key) = 0;
    /// A text that may contain a secret, such as a connection string with a password in it: it does when it contains
    /// the marker, in letters of either case. The host conceals the whole; see conceal() for the part.
    virtual std::optional<std::string> sensitiveText(const std::string& key, std::string_view marker) = 0;

    /// Names a secret that stands within a value, such as the password of a URL.
    virtual void conceal(const std::string& secret) = 0;

    /// Faults the file at `path`, which `key` names, when others than root and oneself may have written it. None, or
    /// one that is missing, is left to whoever opens it.
    virtual void requireTrust(const std::string& key, const std::string& path) = 0;
    /// The same, and when others may read it.
    virtual void requireSecrecy(const std::string& key, const std::string& path) = 0;

    /// Adds a fault of the caller's own, in English or with a code (Message.h); `problem` follows the key's name in the
    /// sentence, with a blank between them where it begins with a letter, a digit or `=`. No URL in it shows who logs
    /// in with what.
    virtual void fault(const std::string& key, const Message& problem) = 0;
    /// What was given is not what was expected: `a duration such as 30s (100ms to 10m)`.
    virtual void unexpected(const std::string& key, const std::string& given, const Message& expected) = 0;
    /// It has to be there. Silent where the key, or its `key.file`, has another fault already.
    virtual void missing(const std::string& key) = 0;

    /// A text that must be there.
    std::string text(const std::string& key) {
        const auto found = optionalText(key);
        if (!found) missing(key);
        return found.value_or("");
    }
    std::string text(const std::string& key, const std::string& fallback) {
        return optionalText(key).value_or(fallback);
    }
    std::string name(const std::string& key, const std::string& fallback) {
        return optionalText(key) ? name(key) : fallback;
    }
    bool flag(const std::string& key, bool fallback) {
        return choice<bool>(key, fallback, {{"true", true}, {"false", false}});
    }
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
        return within(key, fallback, least, most, parseWhole<std::int64_t>, [&] {
            return say("host.wanted.integer", {{"least", least}, {"most", most}});
        });
    }
    /// A fraction with a point, 0 to 1.
    double ratio(const std::string& key, double fallback) {
        return within(key, fallback, 0.0, 1.0, parseWhole<double>, [] { return say("host.wanted.ratio"); });
    }
    std::chrono::milliseconds duration(const std::string& key, std::chrono::milliseconds fallback,
                                       std::chrono::milliseconds least, std::chrono::milliseconds most) {
        return within(key, fallback, least, most, parseDuration, [&] {
            constexpr std::chrono::milliseconds kUsual = std::chrono::seconds(30);
            const auto example = fallback.count() > 0 ? fallback : std::clamp(kUsual, least, most);
            return say("host.wanted.duration", {{"example", formatDuration(example)},
                                                {"least", formatDuration(least)},
                                                {"most", formatDuration(most)}});
        });
    }
    /// A number of bytes.
    std::uint64_t bytes(const std::string& key, std::uint64_t fallback, std::uint64_t least, std::uint64_t most) {
        return within(key, fallback, least, most, parseBytes, [&] {
            return say("host.wanted.size", {{"example", formatBytes(std::max(fallback, least))},
                                            {"least", formatBytes(least)},
                                            {"most", formatBytes(most)}});
        });
    }
    /// One of a few words.
    template <typename Value>
    Value choice(const std::string& key, Value fallback,
                 std::initializer_list<std::pair<std::string_view, Value>> words) {
        const auto given = optionalText(key);
        if (!given) return fallback;
        std::string known;
        for (const auto& [word, value] : words) {
            if (word == *given) return value;
            known += (known.empty() ? "" : ", ") + std::string(word);
        }
        unexpected(key, *given, say("host.wanted.choice", {{"known", known}}));
        return fallback;
    }

private:
    /// All of the text is the number.
    template <typename Number>
    static std::optional<Number> parseWhole(std::string_view text) {
        Number number{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
    }

    template <typename Value, typename Parse, typename Describe>
    Value within(const std::string& key, Value fallback, Value least, Value most, Parse parse, Describe describe) {
        const auto given = optionalText(key);
        if (!given) return fallback;
        const auto parsed = parse(*given);
        if (parsed && *parsed >= least && *parsed <= most) return *parsed;
        unexpected(key, *given, describe());
        return fallback;
    }
};

}  // namespace carillon
