#include "platform/FileFacts.h"

#include "windows/FileStatus.h"

namespace carillon {
namespace {

/// From 100 ns since 1601.
std::int64_t nanosecondsOf(std::uint64_t ticks) {
    constexpr std::int64_t kEpoch = 116'444'736'000'000'000;
    return (static_cast<std::int64_t>(ticks) - kEpoch) * 100;
}

FileKind kindOf(HANDLE file, DWORD attributes) {
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return FileKind::Folder;
    return ::GetFileType(file) == FILE_TYPE_DISK ? FileKind::Regular : FileKind::Other;
}

}  // namespace

std::optional<FileFacts> OpenFile::facts(std::error_code& error) const {
    error.clear();
    FileFacts facts;
    const HANDLE file = handleOf(*this);
    if (::GetFileType(file) == FILE_TYPE_PIPE) {
        facts.kind = FileKind::Pipe;
        return facts;
    }
    BY_HANDLE_FILE_INFORMATION status{};
    FILE_BASIC_INFO times{};
    if (!::GetFileInformationByHandle(file, &status) ||
        !::GetFileInformationByHandleEx(file, FileBasicInfo, &times, sizeof times)) {
        error = lastError();
        return std::nullopt;
    }
    facts.kind = kindOf(file, status.dwFileAttributes);
    facts.identity = {status.dwVolumeSerialNumber, joined(status.nFileIndexHigh, status.nFileIndexLow)};
    facts.size = facts.kind == FileKind::Regular ? joined(status.nFileSizeHigh, status.nFileSizeLow) : 0;
    facts.modifiedAt = nanosecondsOf(ticksOf(status.ftLastWriteTime));
    facts.changedAt = nanosecondsOf(static_cast<std::uint64_t>(times.ChangeTime.QuadPart));
    return facts;
}

std::optional<FileFacts> factsOf(const std::string& path) {
    const OpenFile file = openThere(wide(path), FILE_READ_ATTRIBUTES);
    std::error_code ignored;
    return file ? file.facts(ignored) : std::nullopt;
}

bool mayBeAt(const std::string& path) {
    if (::GetFileAttributesW(wide(path).c_str()) != INVALID_FILE_ATTRIBUTES) return true;
    return lastError() != std::errc::no_such_file_or_directory;
}

}  // namespace carillon
