#pragma once

#include "base/ConfigSource.h"
#include "carillon/ConfigReader.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Reads what files of properties say. One thread. Who reads looks at faults() before using anything.
class SourceReader final : public ConfigReader {
public:
    /// Borrows the source. `prefix` is "" or ends with a dot. `onSecret` gets each secret as it is read.
    SourceReader(const ConfigSource& source, std::string prefix,
                 std::function<void(const std::string& secret)> onSecret = {});

    bool has(const std::string& key) override { return find(key) != nullptr; }
    std::optional<std::string> optionalText(const std::string& key) override;
    using ConfigReader::name;
    std::string name(const std::string& key) override;
    std::string path(const std::string& key, const std::string& fallback) override;
    std::optional<std::string> secret(const std::string& key) override;
    std::optional<std::string> sensitiveText(const std::string& key, std::string_view marker) override;
    void conceal(const std::string& secret) override;
    void requireTrust(const std::string& key, const std::string& path) override;
    void requireSecrecy(const std::string& key, const std::string& path) override;
    void fault(const std::string& key, const Message& problem) override;
    void unexpected(const std::string& key, const std::string& given, const Message& expected) override;
    void missing(const std::string& key) override;

    /// Accepts every key that begins so, read elsewhere.
    void acceptBelow(std::string_view keyPrefix) { _accepted.push_back(_prefix + std::string(keyPrefix)); }
    /// Faults every key below the prefix that was never asked for, with the nearest one that was.
    void refuseUnknown();

    const std::vector<ConfigFault>& faults() const { return _faults; }
    const std::vector<std::string>& secrets() const { return _secrets; }

private:
    const ConfigSource::Entry* find(const std::string& key);
    std::string absolutePath(const std::string& key, const std::string& given);
    const std::string& concealed(const std::string& secret);
    std::optional<std::string> readSecretFile(const std::string& key, const std::string& given);
    void refuseIfOthersReadPlaceOf(const std::string& key, const ConfigSource::Entry& entry);
    void refuseIfOthersRead(const std::string& key, const std::string& path);

    const ConfigSource& _source;
    std::string _prefix;
    std::function<void(const std::string& secret)> _onSecret;
    std::set<std::string> _asked;
    std::vector<std::string> _accepted;
    std::vector<ConfigFault> _faults;
    std::vector<std::string> _secrets;
};

}  // namespace carillon
