#include "config/SourceReader.h"

#include "base/EditDistance.h"
#include "shared/Userinfo.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"
#include "words/SecretFile.h"

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
Message refusalOf(const std::string& path, TrustRole role) {
    return path.empty() ? Message() : trustedPath(path, Opening::Look, role).refusal();
}

Message concealUserinfo(Message message) {
    message.text = withoutUserinfo(message.text);
    for (auto& [name, value] : message.values) value = concealUserinfo(std::move(value));
    return message;
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
    fault(key, sayHost("fault.unset", {{"given", entry->value}}));
    return std::nullopt;
}

std::string SourceReader::name(const std::string& key) {
    const std::string given = text(key);
    const Message hint = oddCharacterHint(given);
    if (!hint.empty()) fault(key, sayHost("fault.odd", {{"given", given}, {"hint", hint}}));
    return hint.empty() ? given : "";
}

/// Empty after a fault: some texts are no path at all, as C:logs on Windows, which a backslash may have stood in.
std::string SourceReader::absolutePath(const std::string& key, const std::string& given) {
    try {
        return Poco::Path(given).makeAbsolute(Poco::Path(_source.file()).makeParent()).makeFile().toString();
    } catch (const Poco::PathSyntaxException&) {
        unexpected(key, given, sayHost("wanted.path"));
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
    if (fromFile && inPlace != nullptr) fault(key, sayHost("fault.both", {{"other", _prefix + key + ".file"}}));
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
    fault(key, sayHost("fault.unsetsecret"));
    return std::nullopt;
}

void SourceReader::conceal(const std::string& secret) {
    if (!secret.empty()) concealed(secret);
}

void SourceReader::requireTrust(const std::string& key, const std::string& path) {
    const Message refusal = refusalOf(path, TrustRole::Target);
    if (!refusal.empty()) fault(key, sayHost("fault.file", {{"given", path}, {"why", refusal}}));
}

void SourceReader::requireSecrecy(const std::string& key, const std::string& path) {
    const Message refusal = refusalOf(path, TrustRole::Secret);
    if (!refusal.empty()) fault(key, sayHost("fault.file", {{"given", path}, {"why", refusal}}));
}

void SourceReader::fault(const std::string& key, const Message& problem) {
    _faults.push_back(_source.faultOf(_prefix + key, withHostTexts(concealUserinfo(problem))));
}

void SourceReader::unexpected(const std::string& key, const std::string& given, const Message& expected) {
    fault(key,
          sayHost("fault.unexpected", {{"given", given}, {"expected", expected}, {"hint", oddCharacterHint(given)}}));
}

void SourceReader::missing(const std::string& key) {
    const std::string whole = _prefix + key;
    const auto isOfKey = [&whole](const ConfigFault& fault) {
        return fault.key == whole || fault.key == whole + ".file";
    };
    if (std::none_of(_faults.begin(), _faults.end(), isOfKey)) fault(key, sayHost("fault.missing"));
}

void SourceReader::refuseUnknown() {
    for (const auto& [key, entry] : _source.entries()) {
        if (!key.starts_with(_prefix) || _asked.contains(key)) continue;
        const auto accepts = [&key = key](const std::string& prefix) { return key.starts_with(prefix); };
        if (std::any_of(_accepted.begin(), _accepted.end(), accepts)) continue;
        const std::string known = nearestOf(key, _asked);
        _faults.push_back(_source.faultOf(key, sayHost(known.empty() ? "fault.unknown" : "fault.unknownnear",
                                                       {{"near", known}, {"hint", oddCharacterHint(key)}})));
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
    fault(key, line.refusal.empty() ? sayHost("fault.secretfile", {{"given", given}, {"why", line.problem}})
                                    : sayHost("fault.refused", {{"why", line.refusal}}));
    return std::nullopt;
}

/// A value that is a variable alone stands in no file, unless a row gives it; one with more around it stands in its
/// source's too.
void SourceReader::refuseIfOthersReadPlaceOf(const std::string& key, const ConfigSource::Entry& entry) {
    if (!entry.rowFile.empty()) refuseIfOthersRead(key, entry.rowFile);
    if (entry.line > 0 && !isVariable(entry.raw)) refuseIfOthersRead(key, _source.file());
}

void SourceReader::refuseIfOthersRead(const std::string& key, const std::string& path) {
    if (const auto exposure = exposureOf(path)) fault(key, sayHost("fault.refused", {{"why", *exposure}}));
}

}  // namespace carillon
