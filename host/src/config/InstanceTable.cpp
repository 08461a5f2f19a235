#include "config/InstanceTable.h"

#include "carillon/ByteSize.h"
#include "config/CsvRows.h"
#include "config/JobName.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"
#include "words/OddCharacter.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kLargestFile = 1 << 30;  // an offset has 32 bits

bool isColumnName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    });
}

/// Empty: it has its values.
Message sayUnread(const CsvRow& row) {
    if (row.problem == CsvRow::Problem::None) return {};
    return sayHost(row.problem == CsvRow::Problem::Long ? "row.long" : "row.quotes");
}

Message problemOfRow(const CsvRow& row, std::size_t columns, std::size_t nameColumn, std::size_t longestName) {
    if (Message unread = sayUnread(row); !unread.empty()) return unread;
    if (row.values.size() != columns) return sayHost("row.values", {{"n", row.values.size()}, {"columns", columns}});
    for (const auto value : row.values)
        if (const auto flaw = findOtherEncoding(value)) return sayHost("row.flaw", {{"flaw", sayFlaw(*flaw)}});
    const std::string_view name = row.values[nameColumn];
    const std::string_view shown = name.substr(0, kLongestJobName);
    if (!isInstanceName(name)) return sayHost("row.name", {{"name", shown}, {"hint", oddCharacterHint(name)}});
    if (name.size() > longestName) return sayHost("row.longname", {{"name", shown}, {"most", kLongestJobName}});
    return {};
}

}  // namespace

InstanceTable::InstanceTable(std::string path, std::string_view text, std::size_t longestName,
                             std::vector<ConfigFault>& faults)
    : _path(std::move(path)) {
    if (text.size() > kLargestFile) {
        faults.push_back({_path, 0, "", sayHost("row.largefile", {{"most", formatBytes(kLargestFile)}})});
        return;
    }
    _text.reserve(text.size());
    bool isFirst = true;
    forEachCsvRow(text, [&](const CsvRow& row) {
        if (std::exchange(isFirst, false)) return takeColumns(row, faults);
        if (_columns.empty()) return;
        Message problem = problemOfRow(row, _columns.size(), _nameColumn, longestName);
        problem.empty() ? takeRow(row) : faults.push_back({_path, row.line, "", std::move(problem)});
    });
    if (isFirst) faults.push_back({_path, 0, "", sayHost("row.nofirst")});
    sortByName(faults);
    _text.shrink_to_fit();
    _ends.shrink_to_fit();
    _rows.shrink_to_fit();
}

void InstanceTable::takeColumns(const CsvRow& row, std::vector<ConfigFault>& faults) {
    std::vector<std::string> columns(row.values.begin(), row.values.end());
    const auto refuse = [&](Message problem) { faults.push_back({_path, row.line, "", std::move(problem)}); };
    if (Message unread = sayUnread(row); !unread.empty()) return refuse(std::move(unread));
    for (auto it = columns.begin(); it != columns.end(); ++it) {
        if (const auto flaw = findOtherEncoding(*it))
            return refuse(sayHost("row.headflaw", {{"flaw", sayFlaw(*flaw)}}));
        if (!isColumnName(*it))
            // Not the name itself: without a first line of names it is a value of the first row.
            return refuse(
                sayHost("row.columnname", {{"number", it - columns.begin() + 1}, {"hint", oddCharacterHint(*it)}}));
        if (std::find(columns.begin(), it, *it) != it) return refuse(sayHost("row.columntwice", {{"column", *it}}));
    }
    const auto name = std::find(columns.begin(), columns.end(), "name");
    if (name == columns.end()) return refuse(sayHost("row.nonamecolumn"));
    _nameColumn = static_cast<std::size_t>(name - columns.begin());
    _columns = std::move(columns);
}

void InstanceTable::takeRow(const CsvRow& row) {
    const std::size_t place = _ends.size() / _columns.size();
    for (const auto value : row.values) {
        _text.append(value);
        _ends.push_back(static_cast<std::uint32_t>(_text.size()));
    }
    _rows.push_back({static_cast<std::uint32_t>(row.line), static_cast<std::uint32_t>(place)});
}

void InstanceTable::sortByName(std::vector<ConfigFault>& faults) {
    const auto before = [this](const Row& a, const Row& b) { return nameOf(a) < nameOf(b); };
    if (!std::is_sorted(_rows.begin(), _rows.end(), before)) std::stable_sort(_rows.begin(), _rows.end(), before);
    // Of rows with the same name the first in the file is the instance.
    std::optional<Row> kept;
    std::erase_if(_rows, [&](const Row& row) {
        if (!kept || nameOf(*kept) != nameOf(row)) {
            kept = row;
            return false;
        }
        faults.push_back({_path, static_cast<int>(row.line), "",
                          sayHost("row.sametwice", {{"name", nameOf(row)}, {"line", kept->line}})});
        return true;
    });
}

std::optional<std::size_t> InstanceTable::findColumn(std::string_view name) const {
    const auto it = std::find(_columns.begin(), _columns.end(), name);
    return it == _columns.end() ? std::nullopt : std::optional<std::size_t>(it - _columns.begin());
}

std::string_view InstanceTable::valueOf(const Row& row, std::size_t column) const {
    const std::size_t index = row.place * _columns.size() + column;
    const std::size_t from = index == 0 ? 0 : _ends[index - 1];
    return std::string_view(_text).substr(from, _ends[index] - from);
}

std::optional<std::size_t> InstanceTable::find(std::string_view name) const {
    const auto it = std::lower_bound(_rows.begin(), _rows.end(), name,
                                     [this](const Row& row, std::string_view wanted) { return nameOf(row) < wanted; });
    if (it == _rows.end() || nameOf(*it) != name) return std::nullopt;
    return static_cast<std::size_t>(it - _rows.begin());
}

}  // namespace carillon
