#pragma once

#include "carillon/Clock.h"

#include "Poco/Data/Session.h"
#include "Poco/Data/Statement.h"
#include "Poco/Nullable.h"
#include "Poco/Tuple.h"
#include "Poco/Types.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Runs a statement and returns how many rows it changed. Values are copied, so that its references to them hold.
template <class... Values>
std::size_t execute(Poco::Data::Session& session, std::string_view sql, Values... values) {
    Poco::Data::Statement statement(session);
    statement << std::string(sql);
    (statement.addBind(Poco::Data::Keywords::use(values)), ...);
    return statement.execute();
}

/// Runs a statement once for each row of these columns, which are vectors of the same length, in one go. Returns how
/// many rows the last of them changed.
template <class... Columns>
std::size_t executeRows(Poco::Data::Session& session, std::string_view sql, Columns... columns) {
    if ((columns.empty() || ...)) return 0;
    Poco::Data::Statement statement(session);
    statement << std::string(sql);
    (statement.addBind(Poco::Data::Keywords::use(columns)), ...);
    return statement.execute();
}

/// One column of the rows: what `read` makes of each.
template <class Rows, class Read>
auto column(const Rows& rows, Read read) {
    std::vector<decltype(read(rows.front()))> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(read(row));
    return values;
}

template <class Row, class Condition>
std::vector<Row> filtered(const std::vector<Row>& rows, Condition condition) {
    std::vector<Row> some;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(some), condition);
    return some;
}

/// How many rows this session has changed so far; Poco tells it of the last row of a statement only.
inline Poco::Int64 countChanges(Poco::Data::Session& session) {
    Poco::Int64 count = 0;
    session << "SELECT total_changes()", Poco::Data::Keywords::into(count), Poco::Data::Keywords::now;
    return count;
}

/// All rows of a SELECT, each a Poco::Tuple.
template <class Row, class... Values>
std::vector<Row> select(Poco::Data::Session& session, std::string_view sql, Values... values) {
    std::vector<Row> rows;
    Poco::Data::Statement statement(session);
    statement << std::string(sql);
    (statement.addBind(Poco::Data::Keywords::use(values)), ...);
    statement.addExtract(Poco::Data::Keywords::into(rows));
    statement.execute();
    return rows;
}

using NullableInt64 = Poco::Nullable<Poco::Int64>;
using NullableText = Poco::Nullable<std::string>;

/// Instants are stored as microseconds since 1970.
inline Poco::Int64 toMicros(TimePoint at) {
    return at.time_since_epoch().count();
}
inline NullableInt64 toMicros(const std::optional<TimePoint>& at) {
    return at ? NullableInt64(toMicros(*at)) : NullableInt64();
}
inline TimePoint fromMicros(Poco::Int64 micros) {
    return TimePoint(std::chrono::microseconds(micros));
}

}  // namespace carillon
