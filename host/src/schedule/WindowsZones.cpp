#include "schedule/WindowsZones.h"

#include <algorithm>
#include <array>

namespace carillon {
namespace {

struct Names {
    std::string_view windows;
    std::string_view zone;
};

/// By the names that Windows has, without regard to capitals. Out of windowsZones.xml of the Unicode Common Locale Data
/// Repository, territory 001 (Debian's unicode-cldr-core); copyright 1991-2022 Unicode, Inc., Unicode-DFS-2016.
constexpr std::array kNames{
    Names{"Afghanistan Standard Time", "Asia/Kabul"},
    Names{"Alaskan Standard Time", "America/Anchorage"},
    Names{"Aleutian Standard Time", "America/Adak"},
    Names{"Altai Standard Time", "Asia/Barnaul"},
    Names{"Arab Standard Time", "Asia/Riyadh"},
    Names{"Arabian Standard Time", "Asia/Dubai"},
    Names{"Arabic Standard Time", "Asia/Baghdad"},
    Names{"Argentina Standard Time", "America/Buenos_Aires"},
    Names{"Astrakhan Standard Time", "Europe/Astrakhan"},
    Names{"Atlantic Standard Time", "America/Halifax"},
    Names{"AUS Central Standard Time", "Australia/Darwin"},
    Names{"Aus Central W. Standard Time", "Australia/Eucla"},
    Names{"AUS Eastern Standard Time", "Australia/Sydney"},
    Names{"Azerbaijan Standard Time", "Asia/Baku"},
    Names{"Azores Standard Time", "Atlantic/Azores"},
    Names{"Bahia Standard Time", "America/Bahia"},
    Names{"Bangladesh Standard Time", "Asia/Dhaka"},
    Names{"Belarus Standard Time", "Europe/Minsk"},
    Names{"Bougainville Standard Time", "Pacific/Bougainville"},
    Names{"Canada Central Standard Time", "America/Regina"},
    Names{"Cape Verde Standard Time", "Atlantic/Cape_Verde"},
    Names{"Caucasus Standard Time", "Asia/Yerevan"},
    Names{"Cen. Australia Standard Time", "Australia/Adelaide"},
    Names{"Central America Standard Time", "America/Guatemala"},
    Names{"Central Asia Standard Time", "Asia/Almaty"},
    Names{"Central Brazilian Standard Time", "America/Cuiaba"},
    Names{"Central Europe Standard Time", "Europe/Budapest"},
    Names{"Central European Standard Time", "Europe/Warsaw"},
    Names{"Central Pacific Standard Time", "Pacific/Guadalcanal"},
    Names{"Central Standard Time", "America/Chicago"},
    Names{"Central Standard Time (Mexico)", "America/Mexico_City"},
    Names{"Chatham Islands Standard Time", "Pacific/Chatham"},
    Names{"China Standard Time", "Asia/Shanghai"},
    Names{"Cuba Standard Time", "America/Havana"},
    Names{"Dateline Standard Time", "Etc/GMT+12"},
    Names{"E. Africa Standard Time", "Africa/Nairobi"},
    Names{"E. Australia Standard Time", "Australia/Brisbane"},
    Names{"E. Europe Standard Time", "Europe/Chisinau"},
    Names{"E. South America Standard Time", "America/Sao_Paulo"},
    Names{"Easter Island Standard Time", "Pacific/Easter"},
    Names{"Eastern Standard Time", "America/New_York"},
    Names{"Eastern Standard Time (Mexico)", "America/Cancun"},
    Names{"Egypt Standard Time", "Africa/Cairo"},
    Names{"Ekaterinburg Standard Time", "Asia/Yekaterinburg"},
    Names{"Fiji Standard Time", "Pacific/Fiji"},
    Names{"FLE Standard Time", "Europe/Kiev"},
    Names{"Georgian Standard Time", "Asia/Tbilisi"},
    Names{"GMT Standard Time", "Europe/London"},
    Names{"Greenland Standard Time", "America/Godthab"},
    Names{"Greenwich Standard Time", "Atlantic/Reykjavik"},
    Names{"GTB Standard Time", "Europe/Bucharest"},
    Names{"Haiti Standard Time", "America/Port-au-Prince"},
    Names{"Hawaiian Standard Time", "Pacific/Honolulu"},
    Names{"India Standard Time", "Asia/Calcutta"},
    Names{"Iran Standard Time", "Asia/Tehran"},
    Names{"Israel Standard Time", "Asia/Jerusalem"},
    Names{"Jordan Standard Time", "Asia/Amman"},
    Names{"Kaliningrad Standard Time", "Europe/Kaliningrad"},
    Names{"Korea Standard Time", "Asia/Seoul"},
    Names{"Libya Standard Time", "Africa/Tripoli"},
    Names{"Line Islands Standard Time", "Pacific/Kiritimati"},
    Names{"Lord Howe Standard Time", "Australia/Lord_Howe"},
    Names{"Magadan Standard Time", "Asia/Magadan"},
    Names{"Magallanes Standard Time", "America/Punta_Arenas"},
    Names{"Marquesas Standard Time", "Pacific/Marquesas"},
    Names{"Mauritius Standard Time", "Indian/Mauritius"},
    Names{"Middle East Standard Time", "Asia/Beirut"},
    Names{"Montevideo Standard Time", "America/Montevideo"},
    Names{"Morocco Standard Time", "Africa/Casablanca"},
    Names{"Mountain Standard Time", "America/Denver"},
    Names{"Mountain Standard Time (Mexico)", "America/Chihuahua"},
    Names{"Myanmar Standard Time", "Asia/Rangoon"},
    Names{"N. Central Asia Standard Time", "Asia/Novosibirsk"},
    Names{"Namibia Standard Time", "Africa/Windhoek"},
    Names{"Nepal Standard Time", "Asia/Katmandu"},
    Names{"New Zealand Standard Time", "Pacific/Auckland"},
    Names{"Newfoundland Standard Time", "America/St_Johns"},
    Names{"Norfolk Standard Time", "Pacific/Norfolk"},
    Names{"North Asia East Standard Time", "Asia/Irkutsk"},
    Names{"North Asia Standard Time", "Asia/Krasnoyarsk"},
    Names{"North Korea Standard Time", "Asia/Pyongyang"},
    Names{"Omsk Standard Time", "Asia/Omsk"},
    Names{"Pacific SA Standard Time", "America/Santiago"},
    Names{"Pacific Standard Time", "America/Los_Angeles"},
    Names{"Pacific Standard Time (Mexico)", "America/Tijuana"},
    Names{"Pakistan Standard Time", "Asia/Karachi"},
    Names{"Paraguay Standard Time", "America/Asuncion"},
    Names{"Qyzylorda Standard Time", "Asia/Qyzylorda"},
    Names{"Romance Standard Time", "Europe/Paris"},
    Names{"Russia Time Zone 10", "Asia/Srednekolymsk"},
    Names{"Russia Time Zone 11", "Asia/Kamchatka"},
    Names{"Russia Time Zone 3", "Europe/Samara"},
    Names{"Russian Standard Time", "Europe/Moscow"},
    Names{"SA Eastern Standard Time", "America/Cayenne"},
    Names{"SA Pacific Standard Time", "America/Bogota"},
    Names{"SA Western Standard Time", "America/La_Paz"},
    Names{"Saint Pierre Standard Time", "America/Miquelon"},
    Names{"Sakhalin Standard Time", "Asia/Sakhalin"},
    Names{"Samoa Standard Time", "Pacific/Apia"},
    Names{"Sao Tome Standard Time", "Africa/Sao_Tome"},
    Names{"Saratov Standard Time", "Europe/Saratov"},
    Names{"SE Asia Standard Time", "Asia/Bangkok"},
    Names{"Singapore Standard Time", "Asia/Singapore"},
    Names{"South Africa Standard Time", "Africa/Johannesburg"},
    Names{"South Sudan Standard Time", "Africa/Juba"},
    Names{"Sri Lanka Standard Time", "Asia/Colombo"},
    Names{"Sudan Standard Time", "Africa/Khartoum"},
    Names{"Syria Standard Time", "Asia/Damascus"},
    Names{"Taipei Standard Time", "Asia/Taipei"},
    Names{"Tasmania Standard Time", "Australia/Hobart"},
    Names{"Tocantins Standard Time", "America/Araguaina"},
    Names{"Tokyo Standard Time", "Asia/Tokyo"},
    Names{"Tomsk Standard Time", "Asia/Tomsk"},
    Names{"Tonga Standard Time", "Pacific/Tongatapu"},
    Names{"Transbaikal Standard Time", "Asia/Chita"},
    Names{"Turkey Standard Time", "Europe/Istanbul"},
    Names{"Turks And Caicos Standard Time", "America/Grand_Turk"},
    Names{"Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"},
    Names{"US Eastern Standard Time", "America/Indianapolis"},
    Names{"US Mountain Standard Time", "America/Phoenix"},
    Names{"UTC", "Etc/UTC"},
    Names{"UTC+12", "Etc/GMT-12"},
    Names{"UTC+13", "Etc/GMT-13"},
    Names{"UTC-02", "Etc/GMT+2"},
    Names{"UTC-08", "Etc/GMT+8"},
    Names{"UTC-09", "Etc/GMT+9"},
    Names{"UTC-11", "Etc/GMT+11"},
    Names{"Venezuela Standard Time", "America/Caracas"},
    Names{"Vladivostok Standard Time", "Asia/Vladivostok"},
    Names{"Volgograd Standard Time", "Europe/Volgograd"},
    Names{"W. Australia Standard Time", "Australia/Perth"},
    Names{"W. Central Africa Standard Time", "Africa/Lagos"},
    Names{"W. Europe Standard Time", "Europe/Berlin"},
    Names{"W. Mongolia Standard Time", "Asia/Hovd"},
    Names{"West Asia Standard Time", "Asia/Tashkent"},
    Names{"West Bank Standard Time", "Asia/Hebron"},
    Names{"West Pacific Standard Time", "Pacific/Port_Moresby"},
    Names{"Yakutsk Standard Time", "Asia/Yakutsk"},
    Names{"Yukon Standard Time", "America/Whitehorse"},
};

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool isBefore(std::string_view a, std::string_view b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](char one, char other) { return lower(one) < lower(other); });
}

static_assert(std::is_sorted(kNames.begin(), kNames.end(),
                             [](const Names& a, const Names& b) { return isBefore(a.windows, b.windows); }));

}  // namespace

std::string_view zoneOfWindowsName(std::string_view name) {
    const auto found =
        std::lower_bound(kNames.begin(), kNames.end(), name,
                         [](const Names& names, std::string_view wanted) { return isBefore(names.windows, wanted); });
    return found == kNames.end() || isBefore(name, found->windows) ? std::string_view() : found->zone;
}

}  // namespace carillon
