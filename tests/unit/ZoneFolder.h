#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

/// What a compiled time zone (TZif, RFC 8536) is made of.
struct ZoneContents {
    std::vector<std::int32_t> offsets{0};                              // seconds east of UTC
    std::vector<std::pair<std::int64_t, std::uint8_t>> transitions{};  // when, and from then on which offset
    std::string footer{};
    std::int32_t leapSeconds = 0;
};

enum class ZoneForm {
    Old,   ///< 32-bit times alone, no footer.
    Slim,  ///< 64-bit times alone: the first block is empty.
    Fat    ///< Both.
};

inline void appendBigEndian(std::string& bytes, std::int64_t value, int size) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
}

inline std::string zoneBlock(const ZoneContents& zone, char version, int timeSize) {
    const std::string names("XXX\0", 4);
    std::string bytes = "TZif" + std::string(1, version) + std::string(15, '\0');
    for (const std::size_t count : {std::size_t{0}, std::size_t{0}, static_cast<std::size_t>(zone.leapSeconds),
                                    zone.transitions.size(), zone.offsets.size(), names.size()})
        appendBigEndian(bytes, static_cast<std::int64_t>(count), 4);
    for (const auto& [at, type] : zone.transitions) appendBigEndian(bytes, at, timeSize);
    for (const auto& [at, type] : zone.transitions) bytes += static_cast<char>(type);
    for (const auto offset : zone.offsets) {
        appendBigEndian(bytes, offset, 4);
        bytes += std::string(2, '\0');
    }
    bytes += names;
    for (std::int32_t n = 1; n <= zone.leapSeconds; ++n) {
        appendBigEndian(bytes, 78'796'800 + n * 31'536'000L, timeSize);
        appendBigEndian(bytes, n, 4);
    }
    return bytes;
}

inline std::string compiledZone(const ZoneContents& zone, ZoneForm form) {
    if (form == ZoneForm::Old) return zoneBlock(zone, '\0', 4);
    std::string bytes = zoneBlock(form == ZoneForm::Fat ? zone : ZoneContents{}, '2', 4);
    return bytes + zoneBlock(zone, '2', 8) + '\n' + zone.footer + '\n';
}

/// Paris since 1976, as short as it can be told: the last recorded change is that of October 1996.
inline ZoneContents slimParis() {
    return {{3'600, 7'200}, {{828'234'000, 1}, {846'378'000, 0}}, "CET-1CEST,M3.5.0,M10.5.0/3"};
}

/// A time-zone database of the test's own, in force as long as this lives.
class ZoneFolder {
public:
    ZoneFolder() {
        std::string path = (std::filesystem::temp_directory_path() / "zones.XXXXXX").string();
        _path = mkdtemp(path.data());
        ::setenv("TZDIR", _path.c_str(), 1);
    }
    ~ZoneFolder() {
        ::unsetenv("TZDIR");
        std::error_code ignored;
        std::filesystem::remove_all(_path, ignored);
    }
    ZoneFolder(const ZoneFolder&) = delete;
    ZoneFolder& operator=(const ZoneFolder&) = delete;

    const std::filesystem::path& path() const { return _path; }
    void add(const std::string& name, const std::string& bytes) const {
        std::filesystem::create_directories((_path / name).parent_path());
        std::ofstream(_path / name, std::ios::binary) << bytes;
    }

private:
    std::filesystem::path _path{};
};
