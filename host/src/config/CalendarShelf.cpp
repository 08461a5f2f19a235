#include "config/CalendarShelf.h"

#include "base/FilePath.h"
#include "base/TextFile.h"
#include "schedule/CronCalendar.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"
#include "Poco/Path.h"

#include <mutex>
#include <tuple>
#include <utility>

namespace carillon {
namespace {

/// Of a text: its hash and size, and the name of the file, which events without a name have.
using TextKey = std::tuple<std::uint64_t, std::size_t, std::string>;

std::mutex inUseMutex;
std::map<TextKey, std::weak_ptr<const CalendarFile>> inUse;  // guarded

std::shared_ptr<const CalendarFile> parse(const std::string& text, const std::string& name) {
    const TextKey key{stableHash(text), text.size(), name};
    const std::lock_guard lock(inUseMutex);
    std::erase_if(inUse, [](const auto& entry) { return entry.second.expired(); });
    if (const auto known = inUse[key].lock()) return known;
    auto made = std::make_shared<const CalendarFile>(text, name);
    inUse[key] = made;
    return made;
}

CalendarShelf::Entry readEntry(const std::string& path) {
    const TextFile file = readTextFile(path);
    if (file.error) return {nullptr, sayFailure(file), 0};
    if (file.flaw) return {nullptr, sayFlaw(*file.flaw), file.flaw->line};
    if (file.text.size() > kLargestCalendar) return {nullptr, sayHost("off.large"), 0};
    return {parse(file.text, textOf(pathFrom(path).filename())), {}, 0};
}

}  // namespace

std::string CalendarShelf::pathOf(const std::string& given) const {
    try {
        return Poco::Path(given).makeAbsolute(Poco::Path(_folder).makeDirectory()).makeFile().toString();
    } catch (const Poco::PathSyntaxException&) {
        return {};
    }
}

const CalendarShelf::Entry& CalendarShelf::read(const std::string& path) {
    const auto known = _entries.find(path);
    return known != _entries.end() ? known->second : _entries.emplace(path, readEntry(path)).first->second;
}

}  // namespace carillon
