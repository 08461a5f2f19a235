#include "windows/ReparsePoint.h"

#include <winioctl.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace carillon {
namespace {

/// The head of what FSCTL_GET_REPARSE_POINT returns, which only the kit for drivers declares. A symbolic link has a
/// word of flags before the text.
struct LinkHead {
    ULONG tag;
    USHORT length;
    USHORT reserved;
    USHORT targetOffset;
    USHORT targetLength;
    USHORT shownOffset;
    USHORT shownLength;
};

constexpr std::size_t kLongest = 16 * 1024;  // as much as the system keeps of one
constexpr std::wstring_view kKernelPrefix = L"\\??\\";

}  // namespace

std::optional<std::wstring> targetOfLink(HANDLE link) {
    alignas(LinkHead) std::array<std::byte, kLongest> bytes{};
    DWORD size = 0;
    if (!::DeviceIoControl(link, FSCTL_GET_REPARSE_POINT, nullptr, 0, bytes.data(), static_cast<DWORD>(bytes.size()),
                           &size, nullptr))
        return std::nullopt;
    LinkHead head{};
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.tag != IO_REPARSE_TAG_SYMLINK && head.tag != IO_REPARSE_TAG_MOUNT_POINT) return std::nullopt;
    const std::size_t text = sizeof head + (head.tag == IO_REPARSE_TAG_SYMLINK ? sizeof(ULONG) : 0);
    if (text + head.targetOffset + head.targetLength > size) return std::nullopt;
    std::wstring target(head.targetLength / sizeof(wchar_t), L'\0');
    std::memcpy(target.data(), bytes.data() + text + head.targetOffset, target.size() * sizeof(wchar_t));
    // The kernel's way to write a path that is not to be interpreted.
    if (target.starts_with(kKernelPrefix)) target.replace(0, kKernelPrefix.size(), L"\\\\?\\");
    return target;
}

bool isLink(HANDLE file) {
    FILE_ATTRIBUTE_TAG_INFO found{};
    return ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &found, sizeof found) &&
           (found.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && IsReparseTagNameSurrogate(found.ReparseTag);
}

}  // namespace carillon
