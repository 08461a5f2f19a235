#include "platform/SystemPlaces.h"

#include "windows/System.h"

#include <array>
#include <filesystem>

namespace carillon {
namespace {

std::wstring systemDrive() {
    std::array<wchar_t, MAX_PATH> folder{};
    ::GetSystemWindowsDirectoryW(folder.data(), static_cast<UINT>(folder.size()));
    return std::filesystem::path(folder.data()).root_name().native();
}

/// Where the system says that it is, without the shell's library, which takes longer to load than all others together.
/// Not from the environment, which is the starter's.
std::wstring programData() {
    constexpr const wchar_t* kProfiles = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";
    constexpr std::wstring_view kDrive = L"%SystemDrive%";
    std::array<wchar_t, MAX_PATH> found{};
    DWORD bytes = sizeof found;
    if (::RegGetValueW(HKEY_LOCAL_MACHINE, kProfiles, L"ProgramData",
                       RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, nullptr, found.data(),
                       &bytes) != ERROR_SUCCESS)
        return systemDrive() + L"\\ProgramData";
    const std::wstring folder = found.data();
    return folder.starts_with(kDrive) ? systemDrive() + folder.substr(kDrive.size()) : folder;
}

}  // namespace

std::string machineConfigurationFolder() {
    return utf8(programData() + L"\\Carillon");
}

/// The system has none of this form: it comes with the program.
std::string zoneFolder() {
    const auto program = std::filesystem::path(fileOfThisProgram());
    return utf8((program.parent_path().parent_path() / L"share" / L"zoneinfo").native());
}

std::string localZoneFile() {
    return "";
}

/// The key of the registry is the name in English, whatever the language of the system is.
std::string localZoneName() {
    DYNAMIC_TIME_ZONE_INFORMATION zone{};
    if (::GetDynamicTimeZoneInformation(&zone) == TIME_ZONE_ID_INVALID) return "";
    return utf8(zone.TimeZoneKeyName);
}

}  // namespace carillon
