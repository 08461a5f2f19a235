#include "platform/SystemPlaces.h"

#include "windows/System.h"

#include <shlobj.h>

#include <filesystem>

namespace carillon {

/// Not from the environment, which is the starter's.
std::string machineConfigurationFolder() {
    wchar_t* found = nullptr;
    std::string folder = "C:\\ProgramData";
    if (::SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &found) == S_OK) folder = utf8(found);
    ::CoTaskMemFree(found);
    return folder + "\\Carillon";
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
