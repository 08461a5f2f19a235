#pragma once

#include "shared/CrashPoint.h"

#include "Poco/Data/Session.h"
#include "Poco/Data/Statement.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace passerelle {

/// `?, ?, ?`
inline std::string placeholders(std::size_t count) {
    std::string text;
    text.reserve(count * 3);
    for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
    return text;
}

/// `1, 2, 3`. Numbers of our own may stand in a statement as they are; a bound one costs both sides several times that.
inline std::string literals(std::span<const std::int64_t> numbers) {
    std::string text;
    text.reserve(numbers.size() * 10);
    for (const auto number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
    return text;
}

/// A text that every character set of a server has.
inline bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Executes it between two places at which a test may end the process. Returns the rows that it changed or read.
inline std::size_t execute(Poco::Data::Statement& statement) {
    carillon::crashPoint("statement.before");
    const std::size_t rows = statement.execute();
    carillon::crashPoint("statement.after");
    return rows;
}

/// Calls `run` with the keys in pieces that one IN list takes. The keys must not move while a statement uses them.
template <typename Key, typename Run>
void inPieces(std::vector<Key>& keys, Run run) {
    constexpr std::size_t kPiece = 500;
    for (std::size_t first = 0; first < keys.size(); first += kPiece)
        run(std::span<Key>(keys).subspan(first, std::min(kPiece, keys.size() - first)));
}

/// Many rows by few statements: `INSERT … VALUES (…), (…), …` with bound values. The statement of a full block is
/// prepared once and used again. Row is a Poco::Tuple. Within one transaction of one session; after an exception it
/// must be dropped.
template <typename Row>
class BulkInsert {
public:
    /// `head` ends before VALUES; `tail` follows the rows.
    BulkInsert(Poco::Data::Session& session, std::string head, std::string tail = "")
        : _session(session), _head(std::move(head)), _tail(std::move(tail)), _block(kBlock) {}

    /// One row, column by column. `bytes` is what is large in it: a statement stays well below the smallest usual
    /// max_allowed_packet.
    template <typename... Values>
    void add(std::size_t bytes, const Values&... values) {
        if (_bytes + bytes > kMaxStatementBytes) flush();
        _bytes += bytes;
        setAll(_block[_rows++], std::index_sequence_for<Values...>(), values...);
        if (_rows == kBlock) flush();
    }

    /// Called after each statement with the number of its rows, which are the next ones in the order of add().
    void afterEach(std::function<void(std::size_t rows)> then) { _then = std::move(then); }

    void flush() {
        if (_rows == kBlock) {
            if (!_full) prepare(_full.emplace(_session));
            execute(*_full);
        } else if (_rows > 0) {
            Poco::Data::Statement rest(_session);
            prepare(rest);
            execute(rest);
        }
        const std::size_t rows = std::exchange(_rows, 0);
        _bytes = 0;
        if (_then && rows > 0) _then(rows);
    }

private:
    static constexpr std::size_t kBlock = 250;
    static constexpr std::size_t kMaxStatementBytes = 256 << 10;

    /// Over what the row had, whose memory its texts then use: a Poco::Tuple cannot be moved.
    template <std::size_t... Index, typename... Values>
    static void setAll(Row& row, std::index_sequence<Index...>, const Values&... values) {
        static_assert(sizeof...(Values) == static_cast<std::size_t>(Row::length));
        ((row.template get<static_cast<int>(Index)>() = values), ...);
    }

    /// For as many rows as there are now.
    void prepare(Poco::Data::Statement& statement) {
        const std::string row = "(" + placeholders(static_cast<std::size_t>(Row::length)) + ")";
        std::string sql = _head + " VALUES ";
        for (std::size_t i = 0; i < _rows; ++i) sql += (i == 0 ? "" : ", ") + row;
        statement << sql + _tail;
        for (std::size_t i = 0; i < _rows; ++i) statement, Poco::Data::Keywords::use(_block[i]);
    }

    Poco::Data::Session& _session;
    std::string _head;
    std::string _tail;
    std::vector<Row> _block;  // bound by address: never resized
    std::size_t _rows = 0;
    std::size_t _bytes = 0;
    std::optional<Poco::Data::Statement> _full;
    std::function<void(std::size_t)> _then{};
};

}  // namespace passerelle
