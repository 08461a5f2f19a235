#include "api/ProgressBook.h"

namespace carillon {

void ProgressBook::progressed(const std::string& job, const std::string& run, const Progress& progress) {
    const std::lock_guard lock(_mutex);
    _entries[run] = {job, progress};
}

void ProgressBook::ended(const std::string& run) {
    const std::lock_guard lock(_mutex);
    _entries.erase(run);
}

std::optional<Progress> ProgressBook::of(const std::string& run) const {
    const std::lock_guard lock(_mutex);
    const auto found = _entries.find(run);
    return found == _entries.end() ? std::nullopt : std::optional(found->second.progress);
}

std::map<std::string, ProgressBook::Entry> ProgressBook::all() const {
    const std::lock_guard lock(_mutex);
    return _entries;
}

}  // namespace carillon
