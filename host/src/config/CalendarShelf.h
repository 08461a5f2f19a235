#pragma once

#include "calendar/CalendarFile.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// The iCalendar files that the keys of one file of a job name. Each is read once, and parsed again only when its text
/// is another than that of a file that is in use already. One thread until all is read; then it is only looked at.
class CalendarShelf {
public:
    /// A file, or why there is none: the rest of a sentence that begins with its path.
    struct Entry {
        std::shared_ptr<const CalendarFile> file{};  ///< Null: it cannot be read at all.
        Message failure{};                           ///< Then why,
        int line = 0;                                ///< and on which line; 0: that is not so of one.
    };

    /// `folder`: where relative paths begin.
    explicit CalendarShelf(std::string folder) : _folder(std::move(folder)) {}

    /// The absolute path; empty: the text is none.
    std::string pathOf(const std::string& given) const;
    const Entry& read(const std::string& path);

    /// All that were read, by their paths.
    const std::map<std::string, Entry>& entries() const { return _entries; }

private:
    std::string _folder;
    std::map<std::string, Entry> _entries{};
};

}  // namespace carillon
