#pragma once

#include "carillon/ByteSize.h"
#include "carillon/ConfigSource.h"
#include "carillon/Duration.h"
#include "carillon/OddCharacter.h"
#include "carillon/SecretFile.h"
#include "carillon/Userinfo.h"

#include "Poco/File.h"
#include "Poco/Path.h"
#include "Poco/String.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// Reads typed values below a prefix and collects every fault instead of stopping at the first. After a fault the
/// fallback is returned, so that reading can go on; who reads looks at faults() before using anything.
/// What was asked for is what is known: refuseUnknown() faults the rest.
class ConfigReader {
public:
    /// Borrows the source. `prefix` is "" or ends with a dot. `onSecret` gets each secret as it is read.
    ConfigReader(const ConfigSource& source, std::string prefix,
                 std::function<void(const std::string& secret)> onSecret = {})
        : _source(source), _prefix(std::move(prefix)), _onSecret(std::move(onSecret)) {}

    bool has(const std::string& key) { return find(key) != nullptr; }

    /// A text that must be there.
    std::string text(const std::string& key) {
        const auto found = optionalText(key);
        if (!found) missing(key);
        return found.value_or("");
    }
    std::string text(const std::string& key, const std::string& fallback) {
        return optionalText(key).value_or(fallback);
    }
    std::optional<std::string> optionalText(const std::string& key) {
        const auto* entry = find(key);
        if (entry == nullptr || entry->value.empty()) return std::nullopt;
        if (hasUnsetVariable(*entry)) {
            fault(key, " = " + entry->value + ", which names a variable that is not set");
            return std::nullopt;
        }
        return entry->value;
    }
    /// The name of something: a text in which what looks like a plain character is one. Empty after a fault.
    std::string name(const std::string& key) {
        const std::string given = text(key);
        const std::string hint = oddCharacterHint(given);
        if (!hint.empty()) fault(key, " = " + given + hint);
        return hint.empty() ? given : "";
    }
    std::string name(const std::string& key, const std::string& fallback) {
        return optionalText(key) ? name(key) : fallback;
    }

    bool flag(const std::string& key, bool fallback) {
        return choice<bool>(key, fallback, {{"true", true}, {"false", false}});
    }
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
        const auto given = optionalText(key);
        if (!given) return fallback;
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
        if (error == std::errc{} && end == given->data() + given->size() && number >= least && number <= most)
            return number;
        fault(key, " = " + *given + ", expected a whole number from " + std::to_string(least) + " to " +
                       std::to_string(most) + oddCharacterHint(*given));
        return fallback;
    }
    /// A fraction with a point, 0 to 1.
    double ratio(const std::string& key, double fallback) {
        const auto given = optionalText(key);
        if (!given) return fallback;
        double number = 0;
        const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), number);
        if (error == std::errc{} && end == given->data() + given->size() && number >= 0 && number <= 1) return number;
        fault(key, " = " + *given + ", expected a fraction from 0 to 1 such as 0.5" + oddCharacterHint(*given));
        return fallback;
    }
    std::chrono::milliseconds duration(const std::string& key, std::chrono::milliseconds fallback,
                                       std::chrono::milliseconds least, std::chrono::milliseconds most) {
        const auto given = optionalText(key);
        if (!given) return fallback;
        const auto parsed = parseDuration(*given);
        if (parsed && *parsed >= least && *parsed <= most) return *parsed;
        fault(key, " = " + *given + ", expected a duration such as " + formatDuration(fallback) + " (" +
                       formatDuration(least) + " to " + formatDuration(most) + ")" + oddCharacterHint(*given));
        return fallback;
    }
    /// A number of bytes.
    std::uint64_t bytes(const std::string& key, std::uint64_t fallback, std::uint64_t least, std::uint64_t most) {
        const auto given = optionalText(key);
        if (!given) return fallback;
        const auto parsed = parseBytes(*given);
        if (parsed && *parsed >= least && *parsed <= most) return *parsed;
        fault(key, " = " + *given + ", expected a size such as " + formatBytes(std::max(fallback, least)) + " (" +
                       formatBytes(least) + " to " + formatBytes(most) + ")" + oddCharacterHint(*given));
        return fallback;
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
        fault(key, " = " + *given + ", expected one of " + known + oddCharacterHint(*given));
        return fallback;
    }

    /// A secret: the value of `key`, or the first line of the file that `key.file` names. A file that others may read
    /// or have written is a fault, be it that one or the one that holds the value itself: the source's, or that of its
    /// instances. The host conceals what is returned.
    std::optional<std::string> secret(const std::string& key) {
        const auto fromFile = optionalText(key + ".file");
        const auto* inPlace = find(key);
        // A row may leave it open, for others to give it.
        if (inPlace != nullptr && !inPlace->rowFile.empty() && inPlace->value.empty()) inPlace = nullptr;
        if (fromFile && inPlace != nullptr) fault(key, " and " + _prefix + key + ".file are both given, expected one");
        if (fromFile) return readSecretFile(key + ".file", *fromFile);
        if (inPlace == nullptr) return std::nullopt;
        if (inPlace->raw.empty()) return std::nullopt;
        refuseIfOthersReadPlaceOf(key, *inPlace);
        if (!inPlace->rowFile.empty()) return concealed(inPlace->value);
        // As written unless it is a variable: expansion damages a secret that contains "${".
        if (!isVariable(inPlace->raw)) return concealed(inPlace->raw);
        const auto value = optionalText(key);
        return value ? std::optional(concealed(*value)) : std::nullopt;
    }
    /// A text that may contain a secret, such as a connection string with a password in it: it does when it contains
    /// the marker, in letters of either case. The host conceals the whole; see conceal() for the part.
    std::optional<std::string> sensitiveText(const std::string& key, std::string_view marker) {
        const auto* entry = find(key);
        const bool isSensitive = entry != nullptr && Poco::toLower(entry->value).find(marker) != std::string::npos;
        if (!isSensitive) return optionalText(key);
        refuseIfOthersReadPlaceOf(key, *entry);
        if (!hasUnsetVariable(*entry)) return concealed(entry->value);
        fault(key, " names a variable that is not set");
        return std::nullopt;
    }

    /// Faults the file at `path`, which `key` names, when it is not trusted (TrustedPath.h). None, or one that is
    /// missing, is left to whoever opens it.
    void requireTrust(const std::string& key, const std::string& path, TrustRole role = TrustRole::Target) {
        const std::string refusal = path.empty() ? "" : trustedPath(path, O_PATH, role).refusal();
        if (!refusal.empty()) fault(key, " = " + path + " " + refusal);
    }

    /// Names a secret that stands within a value, such as the password of a URL.
    void conceal(const std::string& secret) {
        if (!secret.empty()) concealed(secret);
    }

    /// Adds a fault of the caller's own; `problem` follows the key's name in the sentence, in which no URL shows who
    /// logs in with what.
    void fault(const std::string& key, const std::string& problem) {
        _faults.push_back(_source.faultOf(_prefix + key, withoutUserinfo(problem)));
    }
    void missing(const std::string& key) { fault(key, " is missing or empty"); }

    /// Accepts every key that begins so, read elsewhere.
    void acceptBelow(std::string_view keyPrefix) { _accepted.push_back(_prefix + std::string(keyPrefix)); }
    /// Faults every key below the prefix that was never asked for, with the nearest one that was.
    void refuseUnknown() {
        for (const auto& [key, entry] : _source.entries()) {
            if (!key.starts_with(_prefix) || _asked.contains(key)) continue;
            const auto accepts = [&key = key](const std::string& prefix) { return key.starts_with(prefix); };
            if (std::any_of(_accepted.begin(), _accepted.end(), accepts)) continue;
            const std::string nearest = ConfigReader::nearest(key, _asked);
            _faults.push_back(_source.faultOf(
                key,
                " is not a known key" + (nearest.empty() ? "" : ", did you mean " + nearest) + oddCharacterHint(key)));
        }
    }

    const std::vector<ConfigFault>& faults() const { return _faults; }
    const std::vector<std::string>& secrets() const { return _secrets; }

    /// How many characters to insert, delete or replace to make b of a.
    static std::size_t editDistance(std::string_view a, std::string_view b) {
        std::vector<std::size_t> row(b.size() + 1);
        for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= b.size(); ++j) {
                const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
            }
        }
        return row[b.size()];
    }
    /// The name that looks most like `wanted`; empty when none does.
    template <typename Names>
    static std::string nearest(std::string_view wanted, const Names& names) {
        std::string nearest;
        std::size_t best = std::max<std::size_t>(3, wanted.size() / 4);
        for (const std::string& known : names) {
            const std::size_t distance = editDistance(wanted, known);
            if (distance < best) {
                best = distance;
                nearest = known;
            }
        }
        return nearest;
    }

private:
    const ConfigSource::Entry* find(const std::string& key) {
        _asked.insert(_prefix + key);
        return _source.find(_prefix + key);
    }

    /// What a row of instances gives is no variable, whatever it looks like.
    static bool hasUnsetVariable(const ConfigSource::Entry& entry) {
        return entry.rowFile.empty() && entry.value.find("${") != std::string::npos;
    }
    /// Nothing but one variable.
    static bool isVariable(std::string_view raw) {
        return raw.starts_with("${") && raw.find('}') == raw.size() - 1 && raw.find("${", 2) == std::string_view::npos;
    }

    const std::string& concealed(const std::string& secret) {
        if (_onSecret) _onSecret(secret);
        return _secrets.emplace_back(secret);
    }

    std::optional<std::string> readSecretFile(const std::string& key, const std::string& given) {
        const std::string path = Poco::Path(given).makeAbsolute(Poco::Path(_source.file()).makeParent()).toString();
        const SecretLine line = readSecretLine(path);
        if (!line.value.empty()) return concealed(line.value);
        fault(key, line.refusal.empty() ? " = " + given + ", a file that " + line.problem : ": " + line.refusal);
        return std::nullopt;
    }

    /// A value that is a variable alone stands in no file, unless a row gives it; one with more around it stands in its
    /// source's too.
    void refuseIfOthersReadPlaceOf(const std::string& key, const ConfigSource::Entry& entry) {
        if (!entry.rowFile.empty()) refuseIfOthersRead(key, entry.rowFile);
        if (entry.line > 0 && !isVariable(entry.raw)) refuseIfOthersRead(key, _source.file());
    }

    void refuseIfOthersRead(const std::string& key, const std::string& path) {
        if (const auto exposure = exposureOf(path)) fault(key, ": " + *exposure);
    }

    const ConfigSource& _source;
    std::string _prefix;
    std::function<void(const std::string& secret)> _onSecret;
    std::set<std::string> _asked;
    std::vector<std::string> _accepted;
    std::vector<ConfigFault> _faults;
    std::vector<std::string> _secrets;
};

}  // namespace carillon
