#include "logs/LogKeeping.h"

#include "base/FilePath.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace carillon {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".log";

/// Of a file that is no link; empty: it is no log.
struct LogName {
    bool isLog = false;
    bool isRotated = false;
};
LogName judge(const std::string& name) {
    const auto place = name.find(std::string(kEnding) + '.');
    if (place != std::string::npos && place > 0) return {true, true};
    return {name.size() > kEnding.size() && name.ends_with(kEnding), false};
}

TimePoint writtenAt(const fs::directory_entry& entry, std::error_code& error) {
    const auto at = std::chrono::file_clock::to_sys(entry.last_write_time(error));
    return std::chrono::time_point_cast<TimePoint::duration>(at);
}

/// `take(entry, name, written)` each log of the folder.
template <class Take>
void eachLog(const std::string& logsDir, Take take) {
    std::error_code error;
    for (fs::directory_iterator entry(pathFrom(logsDir), error), end; !error && entry != end; entry.increment(error)) {
        std::error_code own;
        const LogName name = judge(textOf(entry->path().filename()));
        if (!name.isLog || !fs::is_regular_file(entry->symlink_status(own))) continue;
        const TimePoint written = writtenAt(*entry, own);
        if (!own) take(*entry, name, written);
    }
}

}  // namespace

void removeOldLogs(const std::string& logsDir, TimePoint before) {
    eachLog(logsDir, [before](const fs::directory_entry& entry, const LogName& name, TimePoint written) {
        std::error_code error;
        if (name.isRotated && written < before) fs::remove(entry.path(), error);
    });
}

LogExtent readLogExtent(const std::string& logsDir) {
    LogExtent extent;
    eachLog(logsDir, [&extent](const fs::directory_entry& entry, const LogName&, TimePoint written) {
        std::error_code error;
        const auto size = entry.file_size(error);
        if (error) return;
        extent.bytes += size;
        extent.since = std::min(extent.since.value_or(written), written);
    });
    return extent;
}

}  // namespace carillon
