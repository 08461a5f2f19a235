#include "schedule/ZoneFile.h"

#include "schedule/ScheduleError.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string_view>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr std::size_t kHeaderSize = 44;
constexpr std::size_t kTypeSize = 6;
constexpr seconds kLargestOffset = 26h;             // RFC 8536
constexpr seconds kFarAway{std::int64_t{1} << 60};  // the compiler of the database writes -2^59 for the beginning

/// The bytes of one file; whatever lies past the end is a damaged file.
class Bytes {
public:
    Bytes(std::string_view bytes, const std::string& path) : _rest(bytes), _path(path) {}

    std::string_view take(std::uint64_t count) {
        if (count > _rest.size()) damaged("it ends too early");
        const auto taken = _rest.substr(0, static_cast<std::size_t>(count));
        _rest.remove_prefix(taken.size());
        return taken;
    }
    std::string_view rest() const { return _rest; }
    [[noreturn]] void damaged(const std::string& why) const {
        throw ScheduleError(_path + " is not a readable time zone: " + why + ", expected a TZif file as tzdata has it");
    }
    [[noreturn]] void refuseLeapSeconds() const {
        throw ScheduleError(_path +
                            " counts leap seconds, which the system's clock does not, expected the file of the "
                            "same zone outside the folder right");
    }

private:
    std::string_view _rest;
    const std::string& _path;
};

std::int64_t bigEndian(std::string_view bytes) {
    std::uint64_t value = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
}

struct Header {
    char version = 0;
    // In the order of the file: UT/local indicators, standard/wall indicators, leap seconds, transitions, types, names.
    std::array<std::uint64_t, 6> counts{};

    std::uint64_t leapSeconds() const { return counts[2]; }
    std::uint64_t transitions() const { return counts[3]; }
    std::uint64_t types() const { return counts[4]; }
    std::uint64_t tail(std::size_t timeSize) const {
        return counts[5] + counts[2] * (timeSize + 4) + counts[1] + counts[0];
    }
    std::uint64_t size(std::size_t timeSize) const {
        return transitions() * (timeSize + 1) + types() * kTypeSize + tail(timeSize);
    }
};

Header readHeader(Bytes& in) {
    const std::string_view bytes = in.take(kHeaderSize);
    if (bytes.substr(0, 4) != "TZif") in.damaged("it does not begin with TZif");
    Header header;
    header.version = bytes[4];
    for (std::size_t i = 0; i < header.counts.size(); ++i)
        header.counts[i] = static_cast<std::uint64_t>(bigEndian(bytes.substr(20 + 4 * i, 4))) & 0xffffffff;
    return header;
}

ZoneFile readBlock(Bytes& in, const Header& header, std::size_t timeSize) {
    if (header.types() == 0) in.damaged("it has no offset");
    if (header.leapSeconds() > 0) in.refuseLeapSeconds();
    const auto times = in.take(header.transitions() * timeSize);
    const auto indices = in.take(header.transitions());
    const auto types = in.take(header.types() * kTypeSize);
    in.take(header.tail(timeSize));
    const auto offsetOf = [&](std::size_t type) {
        if (type >= header.types()) in.damaged("a transition has an offset that is not there");
        const seconds offset(bigEndian(types.substr(type * kTypeSize, 4)));
        if (abs(offset) > kLargestOffset) in.damaged("an offset is longer than a day");
        return offset;
    };
    ZoneFile zone;
    zone.firstOffset = offsetOf(0);
    for (std::size_t i = 0; i < header.transitions(); ++i) {
        const sys_seconds at{seconds(bigEndian(times.substr(i * timeSize, timeSize)))};
        // Not abs(): the least number of all has no opposite.
        if (at.time_since_epoch() > kFarAway || at.time_since_epoch() < -kFarAway)
            in.damaged("a transition is out of all time");
        if (!zone.transitions.empty() && at <= zone.transitions.back().at) in.damaged("its transitions do not rise");
        zone.transitions.push_back({at, offsetOf(static_cast<unsigned char>(indices[i]))});
    }
    return zone;
}

void readFooter(Bytes& in, ZoneFile& zone) {
    const std::string_view footer = in.rest();
    if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') in.damaged("its last line is missing");
    const std::string_view text = footer.substr(1, footer.size() - 2);
    if (text.empty()) return;
    zone.rule = ZoneRule::parse(text);
    if (!zone.rule) in.damaged("its last line is " + std::string(text));
}

}  // namespace

ZoneFile ZoneFile::parse(const std::string& bytes, const std::string& path) {
    Bytes in(bytes, path);
    const Header old = readHeader(in);
    if (old.version == 0) return readBlock(in, old, 4);
    in.take(old.size(4));
    const Header header = readHeader(in);
    ZoneFile zone = readBlock(in, header, 8);
    readFooter(in, zone);
    return zone;
}

ZoneFile ZoneFile::read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw ScheduleError("the time zone's file " + path + " cannot be read");
    return parse(bytes, path);
}

}  // namespace carillon
