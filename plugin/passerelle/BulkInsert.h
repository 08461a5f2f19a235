#pragma once

#include "Poco/Data/Session.h"
#include "Poco/Data/Statement.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace passerelle {

/// `?, ?, ?`
inline std::string placeholders(std::size_t count) {
    std::string text;
    text.reserve(count * 3);
    for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
    return text;
}

/// Calls `run` with the keys in pieces that one IN list takes. The keys must not move while a statement uses them.
template <typename Key, typename Run>
void inPieces(std::vector<Key>& keys, Run run) {
    constexpr std::size_t kPiece = 500;
    for (std::size_t first = 0; first < keys.size(); first += kPiece)
        run(std::span<Key>(keys).subspan(first, std::min(kPiece, keys.size() - first)));
}

/// Many rows by few statements: `INSERT … VALUES (…), (…), …` with bound values, each statement prepared once and used
/// again, in sizes that together take any number of rows. Row is a Poco::Tuple. Within one transaction of one session;
/// after an exception it must be dropped.
template <typename Row>
class BulkInsert {
public:
    /// `head` ends before VALUES; `tail` follows the rows.
    BulkInsert(Poco::Data::Session& session, std::string head, std::string tail = "")
        : _session(session), _head(std::move(head)), _tail(std::move(tail)) {}

    /// `bytes` is what is large in the row: a statement stays well below the smallest usual max_allowed_packet.
    void add(Row row, std::size_t bytes = 0) {
        if (_bytes + bytes > kMaxStatementBytes) flush();
        _bytes += bytes;
        _rows.push_back(std::move(row));
        if (_rows.size() == kSizes.front()) flush();
    }

    void flush() {
        std::size_t done = 0;
        for (std::size_t s = 0; s < kSizes.size(); ++s)
            for (; _rows.size() - done >= kSizes[s]; done += kSizes[s]) execute(_sized[s], kSizes[s], done);
        _rows.clear();
        _bytes = 0;
    }

private:
    static constexpr std::array<std::size_t, 3> kSizes{250, 25, 1};
    static constexpr std::size_t kMaxStatementBytes = 256 << 10;

    struct Sized {
        std::vector<Row> slots;  // bound by address: never resized once the statement is made
        std::optional<Poco::Data::Statement> statement{};
    };

    void execute(Sized& sized, std::size_t size, std::size_t first) {
        if (!sized.statement) prepare(sized, size);
        std::move(_rows.begin() + static_cast<std::ptrdiff_t>(first),
                  _rows.begin() + static_cast<std::ptrdiff_t>(first + size), sized.slots.begin());
        sized.statement->execute();
    }

    void prepare(Sized& sized, std::size_t size) {
        const std::string row = "(" + placeholders(static_cast<std::size_t>(Row::length)) + ")";
        std::string sql = _head + " VALUES ";
        for (std::size_t i = 0; i < size; ++i) sql += (i == 0 ? "" : ", ") + row;
        sized.slots.resize(size);
        sized.statement.emplace(_session);
        *sized.statement << sql + _tail;
        for (auto& slot : sized.slots) *sized.statement, Poco::Data::Keywords::use(slot);
    }

    Poco::Data::Session& _session;
    std::string _head;
    std::string _tail;
    std::vector<Row> _rows;
    std::size_t _bytes = 0;
    std::array<Sized, kSizes.size()> _sized{};
};

}  // namespace passerelle
