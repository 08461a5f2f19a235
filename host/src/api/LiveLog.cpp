#include "api/LiveLog.h"

#include "access/Secrets.h"
#include "base/JsonWriter.h"
#include "logs/LogLineParser.h"

#include "Poco/Exception.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace carillon {
namespace {

constexpr std::size_t kBlock = 16;  // of AES
using Block = std::array<unsigned char, kBlock>;

/// One direction of the cipher, for one block after the other.
class Cipher {
public:
    Cipher(const std::string& key, int encrypt) : _context(::EVP_CIPHER_CTX_new()) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
        if (!_context ||
            ::EVP_CipherInit_ex(_context.get(), ::EVP_aes_128_ecb(), nullptr, bytes, nullptr, encrypt) != 1)
            throw Poco::SystemException("the library has no AES");
        ::EVP_CIPHER_CTX_set_padding(_context.get(), 0);
    }
    Block apply(const Block& from) {
        Block to{};
        int size = 0;
        if (::EVP_CipherUpdate(_context.get(), to.data(), &size, from.data(), static_cast<int>(from.size())) != 1)
            throw Poco::SystemException("a number cannot be sealed");
        return to;
    }

private:
    struct Free {
        void operator()(EVP_CIPHER_CTX* context) const { ::EVP_CIPHER_CTX_free(context); }
    };
    std::unique_ptr<EVP_CIPHER_CTX, Free> _context;
};

std::optional<Block> parse(const std::string& digits) {
    Block block{};
    if (digits.size() != 2 * kBlock) return std::nullopt;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const char* const at = digits.data() + 2 * i;
        const auto [end, error] = std::from_chars(at, at + 2, block[i], 16);
        if (error != std::errc{} || end != at + 2) return std::nullopt;
    }
    return block;
}

}  // namespace

struct SealedNumber::Ciphers {
    explicit Ciphers(const std::string& key) : sealing(key, 1), opening(key, 0) {}
    Cipher sealing;
    Cipher opening;
};

SealedNumber::SealedNumber() : _ciphers(std::make_unique<Ciphers>(randomBytes(kBlock))) {}

SealedNumber::~SealedNumber() = default;

std::string SealedNumber::seal(std::uint64_t number) const {
    Block block{};
    std::memcpy(block.data(), &number, sizeof number);
    {
        const std::lock_guard lock(_mutex);
        block = _ciphers->sealing.apply(block);
    }
    return toHex({reinterpret_cast<const char*>(block.data()), block.size()});
}

// What it has not sealed has other bytes than zeros behind the number, but for one of 2^64.
std::optional<std::uint64_t> SealedNumber::open(const std::string& sealed) const {
    const auto parsed = parse(sealed);
    if (!parsed) return std::nullopt;
    Block block{};
    {
        const std::lock_guard lock(_mutex);
        block = _ciphers->opening.apply(*parsed);
    }
    std::uint64_t number = 0;
    std::uint64_t rest = 0;
    std::memcpy(&number, block.data(), sizeof number);
    std::memcpy(&rest, block.data() + sizeof number, sizeof rest);
    return rest == 0 ? std::optional(number) : std::nullopt;
}

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
