#include "config/JobFile.h"

#include "base/EditDistance.h"
#include "base/FilePath.h"
#include "base/TextFile.h"
#include "config/AlertSettings.h"
#include "config/JobName.h"
#include "config/PropertiesFile.h"
#include "config/SourceReader.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace carillon {
namespace {

constexpr std::size_t kMostRowFaults = 1000;

/// What is wrong with settings, and how many rows have them.
struct RowFaults {
    std::vector<ConfigFault> faults{};
    std::size_t rows = 0;
};

void append(std::vector<ConfigFault>& all, const std::vector<ConfigFault>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

ConfigSource withOverrides(ConfigSource source, const Overrides& overrides) {
    auto entries = source.entries();
    for (const auto& [key, value] : overrides) entries[key] = {value, value, 0, {}};
    return ConfigSource(source.file(), std::move(entries));
}

void refuseUnknownKeys(SourceReader& in, bool sendsMail) {
    readJobAlerts(in, sendsMail);  // for its faults: who sends alerts reads them again
    in.acceptBelow("task.");       // the task reads these itself, in SyncTask::configure
    in.acceptBelow("logging.");    // Poco's own keys, checked when the job's log is built
    in.refuseUnknown();
}

/// When there are very many, the rest is one more that says how many.
void appendByLine(std::vector<ConfigFault>& all, std::vector<ConfigFault> ofRows) {
    std::stable_sort(ofRows.begin(), ofRows.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    const std::size_t rest = ofRows.size() - std::min(ofRows.size(), kMostRowFaults);
    ofRows.resize(ofRows.size() - rest);
    append(all, ofRows);
    if (rest > 0) all.push_back({ofRows.front().file, 0, "", sayHost("row.more", {{"n", rest}})});
}

}  // namespace

std::shared_ptr<const JobFile> JobFile::read(const HostConfig& host, const std::string& name) {
    return std::shared_ptr<const JobFile>(new JobFile(host, name));
}

JobFile::JobFile(const HostConfig& host, const std::string& name)
    : _name(name),
      _host{host.groupMax, host.timezone},
      _sendsMail(host.sendsMail),
      _jobsDir(host.jobsDir),
      _offTimes(host.jobsDir) {
    std::vector<ConfigFault> ofRows;
    const std::string path = inFolder(host.jobsDir, name);
    _source = loadPropertiesFile(path + std::string(kJobFileSuffix), host.configDir, _sourceFaults, _warnings);
    readInstances(path + std::string(kInstancesSuffix), ofRows);
    if (_hasInstances) findVariables();
    readSettings();
    if (_hasInstances) readSettingsOfRows(ofRows);
    findEnabled(host.enabledJobs);
    _faults = _fileFaults;
    appendByLine(_faults, std::move(ofRows));
}

/// Without its columns nothing is known of any instance: that is a fault of the whole file.
void JobFile::readInstances(const std::string& path, std::vector<ConfigFault>& ofRows) {
    const TextFile file = readTextFile(path);
    _hasInstances = file.error != std::errc::no_such_file_or_directory;
    if (!_hasInstances) return;
    std::vector<ConfigFault> found;
    if (file.error)
        found.push_back({path, 0, "", sayFailure(file)});
    else if (file.flaw && !file.flaw->isLocal())
        found.push_back({path, file.flaw->line, "", sayFlaw(*file.flaw)});
    else  // a row in another encoding is that row's fault alone
        _table = InstanceTable(path, file.text, kLongestJobName - std::min(kLongestJobName, _name.size() + 1), found);
    append(_table.columns().empty() ? _sourceFaults : ofRows, found);
}

/// A variable that no column gives is a fault once, however often it comes.
void JobFile::findVariables() {
    std::set<std::string, std::less<>> unknown;
    for (const auto& [key, entry] : _source.entries()) {
        if (!InstanceText::isOne(entry.value)) continue;
        const auto refuse = [&, &key = key](std::string_view name) {
            if (_table.columns().empty() || !unknown.emplace(name).second) return;
            const std::string nearest = nearestOf(name, _table.columns());
            _sourceFaults.push_back(_source.faultOf(key, sayHost(nearest.empty() ? "row.nocolumn" : "row.nocolumnnear",
                                                                 {{"variable", "${instance." + std::string(name) + "}"},
                                                                  {"table", _table.path()},
                                                                  {"near", nearest}})));
        };
        InstanceText text(entry.value, _table, refuse);
        if (!text.columns().empty() && unknown.empty() && text.hasOtherVariable())
            _sourceFaults.push_back(_source.faultOf(key, sayHost("fault.unsetsecret")));
        _variables.emplace_back(key, std::move(text));
    }
}

/// What all jobs share. A key with a variable has no value yet, and is none that is missing.
void JobFile::readSettings() {
    auto entries = _source.entries();
    for (const auto& [key, text] : _variables) entries[key].raw = entries[key].value = "";
    const ConfigSource shared(_source.file(), std::move(entries));
    SourceReader in(shared, "");
    _settings.push_back(std::make_shared<const JobSettings>(readJobSettings(in, shared, _host, _offTimes)));
    _title = in.text("job.title", "");
    _fileFaults = _sourceFaults;
    if (_source.entries().empty() && !_sourceFaults.empty()) return;  // what is missing there is no news
    append(_warnings, settingWarnings(shared, *_settings.front()));
    for (const auto& fault : in.faults())
        if (findVariable(fault.key) == nullptr) _fileFaults.push_back(fault);
    const auto known = static_cast<std::ptrdiff_t>(in.faults().size());
    refuseUnknownKeys(in, _sendsMail);
    _fileFaults.insert(_fileFaults.end(), in.faults().begin() + known, in.faults().end());
}

/// Rows with the same values in what their settings need share them, and their faults.
void JobFile::readSettingsOfRows(std::vector<ConfigFault>& faults) {
    const auto columns = columnsOfSettings();
    if (columns.empty() || _table.size() == 0) return;
    _settings.clear();
    _settingOf.reserve(_table.size());
    std::unordered_map<std::string, std::uint32_t> known;
    std::map<std::uint32_t, RowFaults> faulty;
    std::string values;
    for (std::size_t row = 0; row < _table.size(); ++row) {
        values.clear();
        for (const auto column : columns) values.append(_table.value(row, column)).push_back('\0');
        const auto [it, isNew] = known.try_emplace(values, static_cast<std::uint32_t>(_settings.size()));
        if (isNew) {
            auto ofRow = addSettingsOf(row);
            if (!ofRow.empty()) faulty[it->second].faults = std::move(ofRow);
        }
        _settingOf.push_back(it->second);
        if (const auto bad = faulty.find(it->second); bad != faulty.end()) ++bad->second.rows;
    }
    _settings.shrink_to_fit();
    for (auto& [setting, bad] : faulty) {
        _faultySettings.insert(setting);
        for (auto& fault : bad.faults) {
            if (bad.rows > 1) fault.problem = sayHost("row.several", {{"fault", fault.problem}, {"n", bad.rows}});
            faults.push_back(std::move(fault));
        }
    }
}

std::vector<std::size_t> JobFile::columnsOfSettings() const {
    std::set<std::size_t> columns;
    for (const auto& [key, text] : _variables)
        if (key.starts_with("job.") && key != "job.title")
            for (const auto column : text.columns()) columns.insert(column);
    return {columns.begin(), columns.end()};
}

/// What is wrong with it by the row is returned; what is by the file is known.
std::vector<ConfigFault> JobFile::addSettingsOf(std::size_t row) {
    const ConfigSource source = sourceOf(row, "job.");
    SourceReader in(source, "");
    _settings.push_back(std::make_shared<const JobSettings>(readJobSettings(in, source, _host, _offTimes)));
    readJobAlerts(in, _sendsMail);
    auto faults = in.faults();
    for (const auto& warning : settingWarnings(source, *_settings.back()))
        if (warning.file == _table.path()) _warnings.push_back(warning);
    std::erase_if(faults, [this](const ConfigFault& fault) { return fault.file != _table.path(); });
    return faults;
}

void JobFile::findEnabled(const std::vector<std::string>& patterns) {
    for (const auto& text : patterns) {
        const JobPattern pattern(text);
        _allEnabled = _allEnabled || pattern.takesFile(_name);
        if (_allEnabled || !_hasInstances) continue;
        for (const auto index : match(pattern)) {
            _enabled.resize(size());
            _enabled[index] = true;
        }
    }
}

std::vector<std::size_t> JobFile::match(const JobPattern& pattern) const {
    std::vector<std::size_t> found;
    const bool all = pattern.takesFile(_name);
    if (!all && !(_hasInstances && pattern.mayTakeInstancesOf(_name))) return found;
    if (!all && pattern.isLiteral()) {
        if (const auto index = find(pattern.text())) found.push_back(*index);
        return found;
    }
    std::string name = _name + "@";
    const std::size_t begin = name.size();
    for (std::size_t i = 0; i < size(); ++i) {
        if (!all) name.replace(begin, std::string::npos, _table.name(i));
        if (all || pattern.takesJob(name)) found.push_back(i);
    }
    return found;
}

ConfigSource JobFile::sourceOf(std::size_t index, std::string_view keyPrefix) const {
    auto entries = _source.entries();
    if (!keyPrefix.empty()) std::erase_if(entries, [&](const auto& e) { return !e.first.starts_with(keyPrefix); });
    for (const auto& [key, text] : _variables) {
        const auto it = entries.find(key);
        if (it == entries.end()) continue;
        it->second.value = text.of(_table, index);
        it->second.line = _table.line(index);
        it->second.rowFile = _table.path();
    }
    return ConfigSource(_source.file(), std::move(entries));
}

const InstanceText* JobFile::findVariable(std::string_view key) const {
    const auto it = std::find_if(_variables.begin(), _variables.end(), [key](const auto& v) { return v.first == key; });
    return it == _variables.end() ? nullptr : &it->second;
}

std::string JobFile::jobName(std::size_t index) const {
    return _hasInstances ? _name + "@" + std::string(_table.name(index)) : _name;
}

std::string JobFile::title(std::size_t index) const {
    const auto* text = findVariable("job.title");
    return text == nullptr ? _title : text->of(_table, index);
}

std::optional<std::size_t> JobFile::find(std::string_view jobName) const {
    if (!_hasInstances) return jobName == _name ? std::optional<std::size_t>(0) : std::nullopt;
    if (fileOfJob(jobName) != _name || jobName.size() == _name.size()) return std::nullopt;
    return _table.find(jobName.substr(_name.size() + 1));
}

bool JobFile::variesBelow(std::string_view keyPrefix) const {
    return std::any_of(_variables.begin(), _variables.end(),
                       [keyPrefix](const auto& variable) { return variable.first.starts_with(keyPrefix); });
}

bool JobFile::hasExpectations() const {
    return std::any_of(_settings.begin(), _settings.end(),
                       [](const auto& settings) { return !settings->expectations.empty(); });
}

JobConfig JobFile::config(std::size_t index, const Overrides& overrides) const {
    JobConfig job;
    job.name = jobName(index);
    job.source = sourceOf(index);
    job.enabled = enabled(index);
    if (overrides.empty() && !isFaulty(index)) {
        static_cast<JobSettings&>(job) = *_settings[settingOf(index)];
        job.title = title(index);
        return job;
    }
    if (!overrides.empty()) job.source = withOverrides(std::move(job.source), overrides);
    SourceReader in(job.source, "");
    OffTimesKeys offTimes(_jobsDir);
    static_cast<JobSettings&>(job) = readJobSettings(in, job.source, _host, offTimes);
    job.title = in.text("job.title", "");
    refuseUnknownKeys(in, _sendsMail);
    job.faults = _sourceFaults;
    append(job.faults, in.faults());
    return job;
}

Message JobFile::describeAbsence(std::string_view jobName) const {
    constexpr std::size_t most = 5;
    if (!_hasInstances) return sayHost("nojob.noinstances", {{"job", jobName}, {"file", _name}});
    std::vector<std::string> names;
    for (std::size_t i = 0; i < size(); ++i) names.push_back(this->jobName(i));
    const std::string nearest = jobName == _name ? "" : nearestOf(jobName, names);
    std::string some;
    for (std::size_t i = 0; i < std::min(most, size()); ++i) some += (i == 0 ? "" : ", ") + names[i];
    if (size() > most) some += ", ...";
    const Message::Values values{{"job", jobName}, {"file", _name}, {"n", size()}, {"some", some}, {"near", nearest}};
    if (size() == 0) return sayHost(jobName == _name ? "nojob.onlyinstances" : "nojob.empty", values);
    if (jobName == _name) return sayHost("nojob.itself", values);
    return sayHost(nearest.empty() ? "nojob.others" : "nojob.nearinstance", values);
}

}  // namespace carillon
