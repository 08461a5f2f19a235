#include "config/ConfigDifference.h"

#include "shared/Userinfo.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

using Lines = std::vector<std::string>;

/// By file and name.
using FaultyKeys = std::set<std::pair<std::string, std::string>>;

constexpr std::size_t kMostNames = 10;

/// Whether the value is for nobody's eyes.
bool isSecret(std::string_view key, const ConfigSource::Entry* entry) {
    constexpr std::string_view endings[] = {"password",   "key",         "secret",  "token",
                                            "connection", "webhook.url", "ping.url"};
    return std::any_of(std::begin(endings), std::end(endings), [key](auto ending) { return key.ends_with(ending); }) ||
           (entry != nullptr && entry->value.find("password=") != std::string::npos);
}

std::string shown(const ConfigSource::Entry* entry) {
    return entry == nullptr || entry->value.empty() ? "(none)" : withoutUserinfo(entry->value);
}

/// One line for each key that has another value.
void compareKeys(const std::string& thing, const ConfigSource& before, const ConfigSource& after,
                 const FaultyKeys& faulty, Lines& lines) {
    std::set<std::string> keys;
    for (const auto* source : {&before, &after})
        for (const auto& [key, entry] : source->entries()) keys.insert(key);
    for (const auto& key : keys) {
        const auto* old = before.find(key);
        const auto* now = after.find(key);
        if (old != nullptr && now != nullptr && old->value == now->value) continue;
        const bool secret = isSecret(key, old) || isSecret(key, now) || faulty.contains({after.file(), key});
        lines.push_back("~ " + thing + ": " + key + (secret ? " changed" : " " + shown(old) + " -> " + shown(now)));
    }
}

/// `12 instances of sync: a, b, c, ...`
class NameList {
public:
    void add(std::string_view name) {
        if (_count++ < kMostNames) _names += (_names.empty() ? "" : ", ") + std::string(name);
    }
    void appendTo(Lines& lines, const std::string& sign, const std::string& file, const std::string& what = {}) const {
        if (_count == 0) return;
        lines.push_back(sign + " " + std::to_string(_count) + (_count == 1 ? " instance of " : " instances of ") +
                        file + what + ": " + _names + (_count > kMostNames ? ", ..." : ""));
    }

private:
    std::size_t _count = 0;
    std::string _names{};
};

/// Two states of one file of instances.
class InstanceComparison {
public:
    InstanceComparison(const JobFile& before, const JobFile& after) : _before(before), _after(after) {
        const auto& columns = before.instances().columns();
        for (std::size_t old = 0; old < columns.size(); ++old)
            if (const auto now = after.instances().findColumn(columns[old])) _columns.emplace_back(old, *now);
        walk();
    }

    void appendTo(Lines& lines) const {
        const std::string& name = _after.name();
        _added.appendTo(lines, "+", name);
        _removed.appendTo(lines, "-", name);
        _changed.appendTo(lines, "~", name);
        _enabled.appendTo(lines, "~", name, " now enabled");
        _disabled.appendTo(lines, "~", name, " no longer enabled");
    }

private:
    // Both are in the order of their names.
    void walk() {
        const auto& before = _before.instances();
        const auto& after = _after.instances();
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < before.size() || j < after.size()) {
            const int order = i == before.size() ? 1 : j == after.size() ? -1 : before.name(i).compare(after.name(j));
            if (order < 0) _removed.add(before.name(i));
            if (order > 0) _added.add(after.name(j));
            if (order == 0) compare(i, j);
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    void compare(std::size_t i, std::size_t j) {
        const auto& before = _before.instances();
        const auto& after = _after.instances();
        const bool same = std::all_of(_columns.begin(), _columns.end(), [&](const auto& column) {
            return before.value(i, column.first) == after.value(j, column.second);
        });
        if (!same) _changed.add(after.name(j));
        if (_before.enabled(i) != _after.enabled(j)) (_after.enabled(j) ? _enabled : _disabled).add(after.name(j));
    }

    const JobFile& _before;
    const JobFile& _after;
    std::vector<std::pair<std::size_t, std::size_t>> _columns{};  ///< Those that both have, before and after.
    NameList _added{};
    NameList _removed{};
    NameList _changed{};
    NameList _enabled{};
    NameList _disabled{};
};

/// The columns that only one of two tables has.
void compareColumns(const std::string& thing, const InstanceTable& before, const InstanceTable& after, Lines& lines) {
    for (const auto& column : after.columns())
        if (!before.findColumn(column)) lines.push_back("~ " + thing + ": new column " + column);
    for (const auto& column : before.columns())
        if (!after.findColumn(column)) lines.push_back("~ " + thing + ": no column " + column + " any more");
}

void appendAll(const JobFile& file, const std::string& sign, Lines& lines) {
    if (!file.hasInstances()) return lines.push_back(sign + " job " + file.name());
    NameList names;
    for (std::size_t i = 0; i < file.size(); ++i) names.add(file.instances().name(i));
    names.appendTo(lines, sign, file.name());
}

/// Those that both name and that say another thing now; what is named anew is seen in the keys.
void compareCalendars(const std::string& thing, const CalendarShelf& before, const CalendarShelf& after, Lines& lines) {
    for (const auto& [path, now] : after.entries()) {
        const auto old = before.entries().find(path);
        if (old == before.entries().end()) continue;
        const auto& file = old->second.file;
        if (file && now.file ? file->fingerprint() != now.file->fingerprint() : file != now.file)
            lines.push_back("~ " + thing + ": calendar " + path + " changed");
    }
}

void compareFiles(const JobFile& before, const JobFile& after, const FaultyKeys& faulty, Lines& lines) {
    if (before.hasInstances() != after.hasInstances()) {
        appendAll(before, "-", lines);
        appendAll(after, "+", lines);
        return;
    }
    const std::string thing = "job " + after.name();
    compareKeys(thing, before.source(), after.source(), faulty, lines);
    compareCalendars(thing, before.calendars(), after.calendars(), lines);
    if (after.hasInstances()) {
        compareColumns(thing, before.instances(), after.instances(), lines);
        InstanceComparison(before, after).appendTo(lines);
    } else if (before.enabled(0) != after.enabled(0)) {
        lines.push_back("~ " + thing + (after.enabled(0) ? ": now enabled" : ": no longer enabled"));
    }
}

}  // namespace

std::vector<std::string> differenceOf(const Configuration& before, const Configuration& after,
                                      const std::vector<ConfigFault>& faults) {
    Lines lines;
    FaultyKeys faulty;
    for (const auto& all : {before.allFaults(), after.allFaults(), faults})
        for (const auto& fault : all) faulty.emplace(fault.file, fault.key);
    compareKeys("host", before.host.source, after.host.source, faulty, lines);
    std::set<std::string> names;
    for (const auto* all : {&before, &after})
        for (const auto& file : all->files) names.insert(file->name());
    for (const auto& name : names) {
        const auto old = before.findFile(name);
        const auto now = after.findFile(name);
        if (old && now)
            compareFiles(*old, *now, faulty, lines);
        else
            appendAll(old ? *old : *now, old ? "-" : "+", lines);
    }
    return lines;
}

}  // namespace carillon
