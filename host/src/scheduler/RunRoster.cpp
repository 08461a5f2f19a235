#include "scheduler/RunRoster.h"

#include "words/HostTexts.h"

#include <algorithm>
#include <utility>

namespace carillon {

Room RunRoster::take(const std::string& group, bool isBrief) {
    if (isFull()) return Room::Full;
    _filled = _runs.size() + _taken.size() + 1 >= _most + ahead();
    if (isGroupFull(group)) return Room::GroupFull;
    if (!group.empty()) ++_groupRuns[group];
    if (!isBrief) ++_lengthy;
    _taken.push_back({group, isBrief});
    return Room::Free;
}

bool RunRoster::isFull() const {
    return _runs.size() + _taken.size() >= _most + (_filled ? ahead() / 2 : ahead());
}

// Invariant: what is claimed for a seat that is not free waits for a brief run only. Where each seat is taken by one
// that is not, or has ended no more than one, nothing tells that one will be free soon.
std::size_t RunRoster::ahead() const {
    if (_lengthy >= _most) return 0;
    const auto age = _now() - _windowBegan;
    const std::size_t ends = age < kAheadFor       ? std::max(_endsInWindow, _endsBefore)
                             : age < 2 * kAheadFor ? _endsInWindow
                                                   : 0;
    const std::size_t turning = _most - _lengthy;
    return ends > turning ? std::min(ends - turning, kAhead) : 0;
}

void RunRoster::countEnd() {
    const auto now = _now();
    if (const auto age = now - _windowBegan; age >= kAheadFor) {
        _endsBefore = age < 2 * kAheadFor ? _endsInWindow : 0;
        _endsInWindow = 0;
        _windowBegan = now;
    }
    ++_endsInWindow;
}

void RunRoster::release() {
    for (const auto& [group, isBrief] : _taken) {
        if (!group.empty()) --_groupRuns[group];
        if (!isBrief) --_lengthy;
    }
    _taken.clear();
}

bool RunRoster::isGroupFull(const std::string& group) const {
    const auto most = _groupMost.find(group);
    const auto runs = _groupRuns.find(group);
    return most != _groupMost.end() && runs != _groupRuns.end() && runs->second >= most->second;
}

void RunRoster::add(Entry entry) {
    if (!entry.group.empty()) ++_groupRuns[entry.group];
    if (!entry.isBrief) ++_lengthy;
    std::string run = entry.identity.run;
    _runs.emplace(std::move(run), std::move(entry));
}

void RunRoster::remove(const std::string& run) {
    const auto entry = _runs.find(run);
    if (entry == _runs.end()) return;
    countEnd();
    if (!entry->second.group.empty()) --_groupRuns[entry->second.group];
    if (!entry->second.isBrief) --_lengthy;
    _runs.erase(entry);
}

std::vector<RunIdentity> RunRoster::lockHolders() const {
    std::vector<RunIdentity> holders;
    for (const auto& [run, entry] : _runs)
        if (entry.exclusive && entry.lost.empty()) holders.push_back(entry.identity);
    return holders;
}

void RunRoster::loseLock(const std::string& run, const Message& how) {
    const auto entry = _runs.find(run);
    if (entry == _runs.end()) return;
    entry->second.lost = how;
    entry->second.handle->requestStop(how);
}

Message RunRoster::howLockWasLost(const std::string& run) const {
    const auto entry = _runs.find(run);
    return entry == _runs.end() ? Message() : entry->second.lost;
}

std::vector<Message> RunRoster::lostLocks() const {
    std::vector<Message> sentences;
    for (const auto& [run, entry] : _runs)
        if (!entry.lost.empty())
            sentences.push_back(sayHost("host.runlostlock", {{"run", run}, {"job", entry.job}, {"how", entry.lost}}));
    return sentences;
}

const RunRoster::Entry* RunRoster::findRunOf(const std::string& job) const {
    const auto entry =
        std::find_if(_runs.begin(), _runs.end(), [&job](const auto& run) { return run.second.job == job; });
    return entry == _runs.end() ? nullptr : &entry->second;
}

void RunRoster::stopAll(const Message& why) const {
    for (const auto& [run, entry] : _runs) entry.handle->requestStop(why);
}

void RunRoster::stopJob(const std::string& job, const Message& why) const {
    for (const auto& [run, entry] : _runs)
        if (entry.job == job) entry.handle->requestStop(why);
}

void RunRoster::stopBy(const std::string& jobOrRun, const std::string& who, StopResult& result) const {
    for (const auto& [run, entry] : _runs) {
        if (run != jobOrRun && entry.job != jobOrRun) continue;
        if (!entry.handle->stopReason().empty()) result.ended.push_back(run);
        entry.handle->requestStopBy(who);
        result.runs.push_back(entry.identity);
    }
}

}  // namespace carillon
