#include "config/SourceReader.h"

#include "base/EditDistance.h"
#include "base/OddCharacter.h"
#include "base/SecretFile.h"
#include "shared/Userinfo.h"

#include "Poco/Path.h"
#include "Poco/String.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// What a row of instances gives is no variable, whatever it looks like.
bool hasUnsetVariable(const ConfigSource::Entry& entry) {
    return entry.rowFile.empty() && entry.value.find("${") != std::string::npos;
}

/// Nothing but one variable.
bool isVariable(std::string_view raw) {
    return raw.starts_with("${") && raw.find('}') == raw.size() - 1 && raw.find("${", 2) == std::string_view::npos;
}

/// Nothing, or what one has against it.
std::string refusalOf(const std::string& path, TrustRole role) {
    return path.empty() ? "" : trustedPath(path, Opening::Look, role).refusal();
}

}  // namespace

SourceReader::SourceReader(const ConfigSource& source, std::string prefix,
                           std::function<void(const std::string& secret)> onSecret)
    : _source(source), _prefix(std::move(prefix)), _onSecret(std::move(onSecret)) {}

const ConfigSource::Entry* SourceReader::find(const std::string& key) {
    _asked.insert(_prefix + key);
    return _source.find(_prefix + key);
}

std::optional<std::string> SourceReader::optionalText(const std::string& key) {
    const auto* entry = find(key);
    if (entry == nullptr || entry->value.empty()) return std::nullopt;
    if (!hasUnsetVariable(*entry)) return entry->value;
    fault(key, " = " + entry->value + ", which names a variable that is not set");
    return std::nullopt;
}

std::string SourceReader::name(const std::string& key) {
    const std::string given = text(key);
    const std::string hint = oddCharacterHint(given);
    if (!hint.empty()) fault(key, " = " + given + hint);
    return hint.empty() ? given : "";
}

/// Empty after a fault: some texts are no path at all, as C:logs on Windows, which a backslash may have stood in.
std::string SourceReader::absolutePath(const std::string& key, const std::string& given) {
    try {
        return Poco::Path(given).makeAbsolute(Poco::Path(_source.file()).makeParent()).makeFile().toString();
    } catch (const Poco::PathSyntaxException&) {
        unexpected(key, given, "a path; a backslash is written \\\\ here, and / does as well");
        return {};
    }
}

std::string SourceReader::path(const std::string& key, const std::string& fallback) {
    const std::string given = text(key, fallback);
    return given.empty() ? given : absolutePath(key, given);
}

std::optional<std::string> SourceReader::secret(const std::string& key) {
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

std::optional<std::string> SourceReader::sensitiveText(const std::string& key, std::string_view marker) {
    const auto* entry = find(key);
    const bool isSensitive = entry != nullptr && Poco::toLower(entry->value).find(marker) != std::string::npos;
    if (!isSensitive) return optionalText(key);
    refuseIfOthersReadPlaceOf(key, *entry);
    if (!hasUnsetVariable(*entry)) return concealed(entry->value);
    fault(key, " names a variable that is not set");
    return std::nullopt;
}

void SourceReader::conceal(const std::string& secret) {
    if (!secret.empty()) concealed(secret);
}

void SourceReader::requireTrust(const std::string& key, const std::string& path) {
    const std::string refusal = refusalOf(path, TrustRole::Target);
    if (!refusal.empty()) fault(key, " = " + path + " " + refusal);
}

void SourceReader::requireSecrecy(const std::string& key, const std::string& path) {
    const std::string refusal = refusalOf(path, TrustRole::Secret);
    if (!refusal.empty()) fault(key, " = " + path + " " + refusal);
}

void SourceReader::fault(const std::string& key, const std::string& problem) {
    _faults.push_back(_source.faultOf(_prefix + key, withoutUserinfo(problem)));
}

void SourceReader::unexpected(const std::string& key, const std::string& given, const std::string& expected) {
    fault(key, " = " + given + ", expected " + expected + oddCharacterHint(given));
}

void SourceReader::missing(const std::string& key) {
    const std::string whole = _prefix + key;
    const auto isOfKey = [&whole](const ConfigFault& fault) {
        return fault.key == whole || fault.key == whole + ".file";
    };
    if (std::none_of(_faults.begin(), _faults.end(), isOfKey)) fault(key, " is missing or empty");
}

void SourceReader::refuseUnknown() {
    for (const auto& [key, entry] : _source.entries()) {
        if (!key.starts_with(_prefix) || _asked.contains(key)) continue;
        const auto accepts = [&key = key](const std::string& prefix) { return key.starts_with(prefix); };
        if (std::any_of(_accepted.begin(), _accepted.end(), accepts)) continue;
        const std::string known = nearestOf(key, _asked);
        _faults.push_back(_source.faultOf(
            key, " is not a known key" + (known.empty() ? "" : ", did you mean " + known) + oddCharacterHint(key)));
    }
}

const std::string& SourceReader::concealed(const std::string& secret) {
    if (_onSecret) _onSecret(secret);
    return _secrets.emplace_back(secret);
}

std::optional<std::string> SourceReader::readSecretFile(const std::string& key, const std::string& given) {
    const std::string path = absolutePath(key, given);
    if (path.empty()) return std::nullopt;
    const SecretLine line = readSecretLine(path);
    if (!line.value.empty()) return concealed(line.value);
    fault(key, line.refusal.empty() ? " = " + given + ", a file that " + line.problem : ": " + line.refusal);
    return std::nullopt;
}

/// A value that is a variable alone stands in no file, unless a row gives it; one with more around it stands in its
/// source's too.
void SourceReader::refuseIfOthersReadPlaceOf(const std::string& key, const ConfigSource::Entry& entry) {
    if (!entry.rowFile.empty()) refuseIfOthersRead(key, entry.rowFile);
    if (entry.line > 0 && !isVariable(entry.raw)) refuseIfOthersRead(key, _source.file());
}

void SourceReader::refuseIfOthersRead(const std::string& key, const std::string& path) {
    if (const auto exposure = exposureOf(path)) fault(key, ": " + *exposure);
}

}  // namespace carillon
