#include "ValidationIds.h"

#include "BulkInsert.h"

#include "Poco/Tuple.h"

#include <cstdint>
#include <string>
#include <vector>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kFirstIdMySql =
    "SELECT CAST(LAST_INSERT_ID() AS SIGNED), CAST(@@auto_increment_increment AS SIGNED)";
constexpr const char* kLastIdSqlite = "SELECT last_insert_rowid(), 1";
constexpr const char* kSums = R"sql(
    SELECT COUNT(*), CAST(COALESCE(SUM(campaign_id), 0) AS SIGNED), CAST(COALESCE(SUM(user_id), 0) AS SIGNED)
      FROM validations WHERE id IN ()sql";
constexpr const char* kSumsSqlite = R"sql(
    SELECT COUNT(*), COALESCE(SUM(campaign_id), 0), COALESCE(SUM(user_id), 0) FROM validations WHERE id IN ()sql";

using Numbers = Poco::Tuple<std::int64_t, std::int64_t>;
using Sums = Poco::Tuple<std::int64_t, std::int64_t, std::int64_t>;

std::vector<std::int64_t> idsOf(AgoraSession& session, std::size_t count) {
    std::vector<Numbers> found;
    Statement select(session.get());
    select << (session.sqlite() ? kLastIdSqlite : kFirstIdMySql), into(found);
    execute(select);
    std::vector<std::int64_t> ids;
    if (found.empty() || found.front().get<0>() <= 0) return ids;
    const std::int64_t step = found.front().get<1>();
    std::int64_t id = found.front().get<0>();
    if (session.sqlite()) id -= static_cast<std::int64_t>(count) - 1;
    for (std::size_t i = 0; i < count; ++i, id += step) ids.push_back(id);
    return ids;
}

bool areThese(AgoraSession& session, const std::vector<std::int64_t>& ids, std::span<const ValidationRow> rows) {
    std::int64_t campaigns = 0;
    std::int64_t users = 0;
    for (const auto& row : rows) {
        campaigns += row.campaign;
        users += row.user;
    }
    std::vector<Sums> found;
    Statement select(session.get());
    select << (session.sqlite() ? kSumsSqlite : kSums) + literals(ids) + ")", into(found);
    execute(select);
    return !found.empty() && found.front().get<0>() == static_cast<std::int64_t>(rows.size()) &&
           found.front().get<1>() == campaigns && found.front().get<2>() == users;
}

}  // namespace

void noteIds(AgoraSession& session, std::span<ValidationRow> rows) {
    const auto ids = idsOf(session, rows.size());
    if (ids.empty() || !areThese(session, ids, rows)) return;
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].id = ids[i];
}

}  // namespace passerelle
