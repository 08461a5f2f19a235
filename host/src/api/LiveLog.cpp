#include "api/LiveLog.h"

#include "base/JsonWriter.h"
#include "logs/LogLineParser.h"

#include <algorithm>

namespace carillon {

const std::string& LiveLine::json() const {
    std::call_once(_once, [this] {
        JsonWriter json;
        const TimePoint at{std::chrono::microseconds(_at.epochMicroseconds())};
        json.beginObject().member("time", toRfc3339(at));
        json.member("level", kLogLevels.at(static_cast<std::size_t>(_level) - Poco::Message::PRIO_FATAL));
        json.member("job", _job).member("run", _run).member("text", _text);
        _json = json.endObject().text();
    });
    return _json;
}

void LiveLog::add(std::shared_ptr<const LiveLine> line) {
    const std::lock_guard lock(_mutex);
    _bytes += line->bytes();
    _lines.push_back(std::move(line));
    while (_lines.size() > _limits.lines || _bytes > _limits.bytes) {
        _bytes -= _lines.front()->bytes();
        _lines.pop_front();
    }
    ++_end;
}

std::uint64_t LiveLog::since(Poco::Timestamp then, std::size_t most) const {
    const std::lock_guard lock(_mutex);
    std::uint64_t number = _end.load();
    for (auto line = _lines.rbegin(); line != _lines.rend() && most > 0 && (*line)->at() >= then; ++line, --most)
        --number;
    return number;
}

LiveLog::Piece LiveLog::read(std::uint64_t from, std::size_t most) const {
    Piece piece;
    piece.first = from;
    if (from >= end()) return piece;  // without the mutex: as a rule there is nothing new
    const std::lock_guard lock(_mutex);
    const std::uint64_t first = _end.load() - _lines.size();
    piece.first = std::max(from, first);
    piece.missed = piece.first - from;
    const auto begin = _lines.begin() + static_cast<std::ptrdiff_t>(piece.first - first);
    const auto count = std::min<std::size_t>(most, static_cast<std::size_t>(_lines.end() - begin));
    piece.lines.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    return piece;
}

std::optional<std::uint64_t> LiveLog::numberOf(const std::string& id) const {
    const auto number = _ids.open(id);
    return number && *number <= end() ? number : std::nullopt;
}

}  // namespace carillon
