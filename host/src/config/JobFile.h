#pragma once

#include "config/InstanceTable.h"
#include "config/InstanceText.h"
#include "config/JobConfig.h"
#include "config/JobName.h"
#include "config/OffTimesKeys.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// One jobs/JOB.properties with its instances, as it was read. Immutable, safe from any thread.
/// Without jobs/JOB.instances.csv it makes one job of its own name; with it, a job JOB@name of each good row, and none
/// of its own name.
class JobFile {
public:
    /// Throws nothing for what stands in the files: that is in faults().
    static std::shared_ptr<const JobFile> read(const HostConfig& host, const std::string& name);

    const std::string& name() const { return _name; }
    const std::string& path() const { return _source.file(); }
    /// Of the file, then of its rows: those that make no job, and those that make one whose settings are wrong, each
    /// distinct problem once.
    const std::vector<ConfigFault>& faults() const { return _faults; }
    /// What is right but hardly meant: nothing is refused for it.
    const std::vector<ConfigFault>& warnings() const { return _warnings; }
    /// Whether there is a file of instances, be it empty or bad.
    bool hasInstances() const { return _hasInstances; }

    /// How many jobs it makes; they are in the order of their names.
    std::size_t size() const { return _hasInstances ? _table.size() : 1; }
    std::string jobName(std::size_t index) const;
    std::optional<std::size_t> find(std::string_view jobName) const;
    /// Those that the pattern means.
    std::vector<std::size_t> match(const JobPattern& pattern) const;
    /// Why find() finds nothing, and what there is instead: a sentence for people.
    Message describeAbsence(std::string_view jobName) const;

    /// One shared object for all jobs with the same settings.
    std::shared_ptr<const JobSettings> settings(std::size_t index) const { return _settings[settingOf(index)]; }
    /// Apart from the settings, since each instance may have its own.
    std::string title(std::size_t index) const;
    /// jobs.enabled means it: it fires by its schedule.
    bool enabled(std::size_t index) const { return _allEnabled || (!_enabled.empty() && _enabled[index]); }
    /// Its settings are wrong: it is known but must not fire. config() has the faults.
    bool isFaulty(std::size_t index) const {
        return !_fileFaults.empty() || _faultySettings.contains(settingOf(index));
    }
    /// Wrong whatever its instances: in the file itself, or in a key that all of them share.
    bool isWhollyFaulty() const { return !_fileFaults.empty(); }
    /// Everything expanded, for one run.
    JobConfig config(std::size_t index, const Overrides& overrides = {}) const;

    /// Whether any of its jobs has expectations.
    bool hasExpectations() const;

    /// The file with its variables as written, and its rows: what differenceOf() compares.
    const ConfigSource& source() const { return _source; }
    const InstanceTable& instances() const { return _table; }
    /// The iCalendar files that its jobs name, as they were read.
    const CalendarShelf& calendars() const { return _offTimes.shelf(); }
    /// Whether a key below the prefix has a variable, so that jobs may differ in it.
    bool variesBelow(std::string_view keyPrefix) const;

private:
    using Variables = std::vector<std::pair<std::string, InstanceText>>;

    JobFile(const HostConfig& host, const std::string& name);
    void readInstances(const std::string& path, std::vector<ConfigFault>& ofRows);
    void findVariables();
    void readSettings();
    void readSettingsOfRows(std::vector<ConfigFault>& faults);
    std::vector<std::size_t> columnsOfSettings() const;
    std::vector<ConfigFault> addSettingsOf(std::size_t row);
    void findEnabled(const std::vector<std::string>& patterns);
    ConfigSource sourceOf(std::size_t index, std::string_view keyPrefix = {}) const;
    const InstanceText* findVariable(std::string_view key) const;
    std::uint32_t settingOf(std::size_t index) const { return _settingOf.empty() ? 0 : _settingOf[index]; }

    std::string _name;
    HostKeys _host;
    bool _sendsMail;  ///< HostConfig::sendsMail
    bool _hasInstances = false;
    bool _allEnabled = false;
    std::vector<bool> _enabled{};  ///< By job; empty: none beside _allEnabled.
    std::string _jobsDir;
    OffTimesKeys _offTimes;  ///< Not changed once all is read.
    ConfigSource _source{};
    InstanceTable _table{};
    Variables _variables{};  ///< Of each key that has one.
    std::string _title{};
    std::vector<std::shared_ptr<const JobSettings>> _settings{};
    std::vector<std::uint32_t> _settingOf{};    ///< By job, in _settings; empty: all have the first.
    std::set<std::uint32_t> _faultySettings{};  ///< Places in _settings that the row's values make wrong.
    std::vector<ConfigFault> _sourceFaults{};   ///< Of the text and its variables, whatever the values.
    std::vector<ConfigFault> _fileFaults{};     ///< Those and of the keys that all jobs share.
    std::vector<ConfigFault> _faults{};
    std::vector<ConfigFault> _warnings{};
};

/// One job of a configuration. Cheap to copy; keeps its file.
struct JobRef {
    std::shared_ptr<const JobFile> file{};
    std::size_t index = 0;

    std::string name() const { return file->jobName(index); }
    std::string title() const { return file->title(index); }
    std::shared_ptr<const JobSettings> settings() const { return file->settings(index); }
    bool enabled() const { return file->enabled(index); }
    bool isFaulty() const { return file->isFaulty(index); }
    JobConfig config(const Overrides& overrides = {}) const { return file->config(index, overrides); }
};

}  // namespace carillon
