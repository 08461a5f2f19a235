#include "Faults.h"

#include <algorithm>
#include <array>
#include <utility>

namespace testgateway {

namespace {

constexpr std::array<std::pair<FaultKind, std::string_view>, 22> kFaultNames{{
    {FaultKind::StringNumbers, "string_numbers"},
    {FaultKind::PhpWarning, "php_warning"},
    {FaultKind::Html, "html"},
    {FaultKind::Unauthorized, "unauthorized"},
    {FaultKind::Status, "status"},
    {FaultKind::TooMany, "too_many"},
    {FaultKind::Slow, "slow"},
    {FaultKind::Drip, "drip"},
    {FaultKind::Cut, "cut"},
    {FaultKind::LostAnswer, "lost_answer"},
    {FaultKind::RefusedConnection, "refused_connection_after_accept"},
    {FaultKind::NotJson, "not_json"},
    {FaultKind::WrongType, "wrong_type"},
    {FaultKind::BadUtf8, "bad_utf8"},
    {FaultKind::Redirect, "redirect"},
    {FaultKind::SuccessFalse, "success_false"},
    {FaultKind::CountWrong, "count_wrong"},
    {FaultKind::Duplicate, "duplicate"},
    {FaultKind::Reversed, "reversed"},
    {FaultKind::MissingEnd, "missing_end"},
    {FaultKind::EmptyBody, "empty_body"},
    {FaultKind::BigString, "big_string"},
}};

constexpr std::array<std::pair<Call, std::string_view>, 4> kCallNames{{
    {Call::Pending, "pending"},
    {Call::Acknowledge, "acknowledge"},
    {Call::Stats, "stats"},
    {Call::Health, "health"},
}};

template <typename Table, typename Key>
std::string_view nameIn(const Table& table, Key key) {
    return std::find_if(table.begin(), table.end(), [key](const auto& row) { return row.first == key; })->second;
}

template <typename Key, std::size_t Size>
std::optional<Key> keyIn(const std::array<std::pair<Key, std::string_view>, Size>& table, std::string_view name) {
    const auto row = std::find_if(table.begin(), table.end(), [name](const auto& it) { return it.second == name; });
    if (row == table.end()) return std::nullopt;
    return row->first;
}

bool concernsTheList(FaultKind kind) {
    switch (kind) {
        case FaultKind::BadUtf8:
        case FaultKind::CountWrong:
        case FaultKind::Duplicate:
        case FaultKind::Reversed:
        case FaultKind::BigString:
            return true;
        default:
            return false;
    }
}

bool meets(const Fault& fault, Call call) {
    if (fault.call && *fault.call != call) return false;
    return call == Call::Pending || !concernsTheList(fault.kind);
}

template <typename Entry>
Entry use(std::list<Entry>& entries, typename std::list<Entry>::iterator entry) {
    const Entry used = *entry;
    if (entry->times > 0) --entry->times;
    if (entry->times == 0) entries.erase(entry);
    return used;
}

}  // namespace

std::string_view nameOf(FaultKind kind) {
    return nameIn(kFaultNames, kind);
}

std::optional<FaultKind> faultKindOf(std::string_view name) {
    return keyIn(kFaultNames, name);
}

std::string_view nameOf(Call call) {
    return nameIn(kCallNames, call);
}

std::optional<Call> callOf(std::string_view name) {
    return keyIn(kCallNames, name);
}

void Faults::add(Fault fault) {
    if (fault.times == 0) return;
    const std::scoped_lock lock(_mutex);
    _faults.push_back(std::move(fault));
}

void Faults::add(RawAnswer answer) {
    if (answer.times == 0) return;
    const std::scoped_lock lock(_mutex);
    _rawAnswers.push_back(std::move(answer));
}

std::optional<Fault> Faults::takeFault(Call call) {
    const std::scoped_lock lock(_mutex);
    const auto fault =
        std::find_if(_faults.begin(), _faults.end(), [call](const Fault& it) { return meets(it, call); });
    if (fault == _faults.end()) return std::nullopt;
    return use(_faults, fault);
}

std::optional<RawAnswer> Faults::takeRawAnswer() {
    const std::scoped_lock lock(_mutex);
    if (_rawAnswers.empty()) return std::nullopt;
    return use(_rawAnswers, _rawAnswers.begin());
}

void Faults::clear() {
    const std::scoped_lock lock(_mutex);
    _faults.clear();
    _rawAnswers.clear();
}

}  // namespace testgateway
