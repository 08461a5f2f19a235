#include "CampaignReader.h"

#include "BulkInsert.h"
#include "ServerNeeds.h"

#include "Poco/Nullable.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"
#include "Poco/Tuple.h"

#include <map>
#include <set>
#include <utility>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

// SUBSTR: the types are the server's affair, and Poco crashes on a LONGTEXT as such.
constexpr const char* kColumnsMySql = R"sql(
    SELECT CONCAT(SUBSTR(LOWER(table_name), 1, 64), '.', SUBSTR(LOWER(column_name), 1, 64)),
           SUBSTR(LOWER(data_type), 1, 20) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name IN ('users', 'campaigns', 'validation_tokens'))sql";
constexpr const char* kColumnsSqlite = R"sql(
    SELECT 'users.' || LOWER(name), LOWER(type) FROM pragma_table_info('users')
    UNION ALL SELECT 'campaigns.' || LOWER(name), LOWER(type) FROM pragma_table_info('campaigns')
    UNION ALL SELECT 'validation_tokens.' || LOWER(name), 'timestamp' FROM pragma_table_info('validation_tokens'))sql";
// A validator who has neither approved nor refused. A request for changes is answered by a new invitation.
constexpr const char* kSilent = R"sql( NOT EXISTS (SELECT 1 FROM validations a
     WHERE a.campaign_id = v.campaign_id AND a.user_id = v.user_id AND a.action IN ('valide', 'refuse')))sql";
constexpr const char* kFromInvitations = R"sql(
      FROM validation_tokens t JOIN campaigns c ON c.id = t.campaign_id JOIN users u ON u.id = t.user_id
      JOIN campaign_validators v ON v.campaign_id = t.campaign_id AND v.user_id = t.user_id
     WHERE c.statut = 'en_validation' AND t.used_at IS NULL AND t.expires_at > ? AND NOT EXISTS
      (SELECT 1 FROM validation_tokens n
        WHERE n.campaign_id = t.campaign_id AND n.user_id = t.user_id AND n.id > t.id) AND)sql";
constexpr const char* kAnswers = R"sql(
    SELECT COALESCE(u.prenom, ''), COALESCE(u.nom, ''), a.action, COALESCE(SUBSTR(a.commentaire, 1, 4000), ''),
           COALESCE(SUBSTR(a.validated_at, 1, 19), '')
      FROM validations a LEFT JOIN users u ON u.id = a.user_id
     WHERE a.campaign_id = ? AND a.action IN ('valide', 'refuse') AND NOT EXISTS
      (SELECT 1 FROM validations b WHERE b.campaign_id = a.campaign_id AND b.user_id = a.user_id AND b.id > a.id
          AND b.action IN ('valide', 'refuse'))
     ORDER BY a.id)sql";

/// Does a SELECT, again where the database was away.
template <typename Row, typename Bind>
std::vector<Row> selectForMails(AgoraSession& session, const std::string& sql, Bind bind) {
    std::vector<Row> rows;
    session.withRetries("read the campaigns", [&] {
        rows.clear();
        Statement select(session.forTransaction());
        select << sql, into(rows);
        bind(select);
        namingRights(session, RightsOf::Mails, [&] { execute(select); });
    });
    return rows;
}

std::string nameOf(const std::string& first, const std::string& last) {
    return Poco::trim(first + " " + last);
}

Message absentColumn(const std::string& name, Message what, const char* key) {
    return say("column.absent", {{"column", name}, {"what", std::move(what)}, {"key", key}});
}

}  // namespace

std::optional<std::chrono::local_days> dayOf(const std::string& text) {
    const auto parsed = parseDateTime(text.size() == 10 ? text + " 00:00:00" : text);
    if (!parsed) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(parsed->local);
}

CampaignReader::CampaignReader(AgoraSession& session, const AgoraTime& time, CampaignColumns columns)
    : _session(session), _time(time), _columns(std::move(columns)) {}

Message CampaignReader::lookAtColumns() {
    std::map<std::string, std::string> types;
    using Row = Poco::Tuple<std::string, std::string>;
    for (const auto& row :
         selectForMails<Row>(_session, _session.sqlite() ? kColumnsSqlite : kColumnsMySql, [](Statement&) {}))
        types[row.get<0>()] = row.get<1>();
    _hasActive = types.contains("users.actif");
    _createdIsInstant = types["validation_tokens.created_at"] == "timestamp";
    const auto isAbsent = [&types](const std::string& name) {
        return !name.empty() && !types.contains("campaigns." + Poco::toLower(name));
    };
    Message missing;
    if (isAbsent(_columns.creator))
        missing = absentColumn(_columns.creator, say("column.creator"), "task.column.creator");
    if (!isAbsent(_columns.deadline)) return missing;
    if (_columns.needsDeadline)
        return withSemicolon(missing, absentColumn(_columns.deadline, say("column.deadline"), "task.column.deadline"));
    _columns.deadline.clear();
    return missing;
}

/// A TIMESTAMP is an instant, which the server shows by the offset of today, whatever it was then: so it is asked for
/// as a number. A DATETIME is a time of Agora's zone.
std::string CampaignReader::createdColumn() const {
    if (!_createdIsInstant) return "SUBSTR(t.created_at, 1, 19)";
    return _session.sqlite() ? "CAST(strftime('%s', t.created_at) AS TEXT)"
                             : "CAST(UNIX_TIMESTAMP(t.created_at) AS CHAR(20))";
}

std::chrono::local_days CampaignReader::dayOfCreation(const std::string& text) const {
    Poco::Int64 seconds = 0;
    if (_createdIsInstant && Poco::NumberParser::tryParse64(text.substr(0, text.find('.')), seconds)) {
        const std::string local = _time.fromUtc(carillon::TimePoint(std::chrono::seconds(seconds)));
        return dayOf(local).value_or(std::chrono::local_days{});
    }
    return dayOf(text).value_or(std::chrono::local_days{});
}

std::string CampaignReader::deadlineColumn() const {
    return _columns.deadline.empty() ? "''" : "COALESCE(SUBSTR(c." + _columns.deadline + ", 1, 19), '')";
}

std::vector<Invitation> CampaignReader::invitations(const std::string& now) {
    std::string at = now;
    using Row = Poco::Tuple<std::int64_t, std::int64_t, std::int64_t, std::string, std::string>;
    const std::string sql = "SELECT t.id, t.campaign_id, t.user_id, " + createdColumn() + ", " + deadlineColumn() +
                            kFromInvitations + kSilent + (_hasActive ? " AND u.actif = 1" : "") + " ORDER BY t.id";
    std::vector<Invitation> found;
    for (const auto& row : selectForMails<Row>(_session, sql, [&](Statement& select) { select, use(at); }))
        found.push_back({row.get<0>(), row.get<1>(), row.get<2>(), dayOfCreation(row.get<3>()), dayOf(row.get<4>())});
    return found;
}

std::optional<MailInvitation> CampaignReader::lastInvitation(std::int64_t campaign, std::int64_t user) {
    using Row = Poco::Tuple<std::int64_t, std::string, std::string, std::string, std::int64_t>;
    const std::string sql = "SELECT t.id, t.token, " + createdColumn() +
                            ", SUBSTR(t.expires_at, 1, 19), CASE WHEN t.used_at IS NULL THEN 0 ELSE 1 END "
                            "FROM validation_tokens t WHERE t.campaign_id = ? AND t.user_id = ? "
                            "ORDER BY t.id DESC LIMIT 1";
    const auto rows = selectForMails<Row>(_session, sql, [&](Statement& select) { select, use(campaign), use(user); });
    if (rows.empty()) return std::nullopt;
    const auto& row = rows.front();
    return MailInvitation{row.get<0>(), row.get<1>(), dayOfCreation(row.get<2>()), row.get<3>(), row.get<4>() != 0};
}

std::optional<bool> CampaignReader::hasAnswered(std::int64_t campaign, std::int64_t user) {
    using Row = Poco::Tuple<std::int64_t>;
    const std::string sql = "SELECT CASE WHEN" + std::string(kSilent) +
                            " THEN 0 ELSE 1 END FROM campaign_validators v WHERE v.campaign_id = ? AND v.user_id = ?";
    const auto rows = selectForMails<Row>(_session, sql, [&](Statement& select) { select, use(campaign), use(user); });
    if (rows.empty()) return std::nullopt;
    return rows.front().get<0>() != 0;
}

std::vector<CampaignDeadline> CampaignReader::deadlines(std::int64_t& unreadable) {
    unreadable = 0;
    using Row = Poco::Tuple<std::int64_t, std::string>;
    const std::string column = "SUBSTR(c." + _columns.deadline + ", 1, 19)";
    const std::string sql = "SELECT c.id, " + column + " FROM campaigns c WHERE c.statut = 'en_validation' AND c." +
                            _columns.deadline + " IS NOT NULL ORDER BY c.id";
    std::vector<CampaignDeadline> found;
    for (const auto& row : selectForMails<Row>(_session, sql, [](Statement&) {})) {
        if (const auto day = dayOf(row.get<1>()))
            found.push_back({row.get<0>(), *day, silentValidators(row.get<0>())});
        else
            ++unreadable;
    }
    return found;
}

std::vector<std::int64_t> CampaignReader::silentValidators(std::int64_t campaign) {
    using Row = Poco::Tuple<std::int64_t>;
    const std::string sql =
        "SELECT v.user_id FROM campaign_validators v JOIN users u ON u.id = v.user_id WHERE v.campaign_id = ? AND" +
        std::string(kSilent) + (_hasActive ? " AND u.actif = 1" : "") + " ORDER BY v.user_id";
    std::vector<std::int64_t> users;
    for (const auto& row : selectForMails<Row>(_session, sql, [&](Statement& select) { select, use(campaign); }))
        users.push_back(row.get<0>());
    return users;
}

std::optional<MailCampaign> CampaignReader::campaign(std::int64_t id) {
    using Row = Poco::Tuple<std::string, std::string, std::int64_t, std::string>;
    const std::string creator = _columns.creator.empty() ? "0" : "COALESCE(c." + _columns.creator + ", 0)";
    const auto rows = selectForMails<Row>(_session,
                                          "SELECT SUBSTR(c.titre, 1, 400), c.statut, " + creator + ", " +
                                              deadlineColumn() + " FROM campaigns c WHERE c.id = ?",
                                          [&](Statement& select) { select, use(id); });
    if (rows.empty()) return std::nullopt;
    const auto& row = rows.front();
    return MailCampaign{row.get<0>(), row.get<1>(), row.get<2>(), row.get<3>()};
}

std::optional<MailPerson> CampaignReader::person(std::int64_t id) {
    using Row = Poco::Tuple<std::string, std::string, std::string, std::int64_t>;
    const auto rows =
        selectForMails<Row>(_session,
                            "SELECT COALESCE(u.prenom, ''), COALESCE(u.nom, ''), "
                            "COALESCE(SUBSTR(u.email, 1, 400), ''), " +
                                std::string(_hasActive ? "COALESCE(u.actif, 0)" : "1") + " FROM users u WHERE u.id = ?",
                            [&](Statement& select) { select, use(id); });
    if (rows.empty()) return std::nullopt;
    const auto& row = rows.front();
    return MailPerson{nameOf(row.get<0>(), row.get<1>()), row.get<2>(), row.get<3>() != 0};
}

std::vector<MailAnswer> CampaignReader::answers(std::int64_t campaign) {
    using Row = Poco::Tuple<std::string, std::string, std::string, std::string, std::string>;
    std::vector<MailAnswer> found;
    for (const auto& row : selectForMails<Row>(_session, kAnswers, [&](Statement& select) { select, use(campaign); })) {
        const std::string name = nameOf(row.get<0>(), row.get<1>());
        found.push_back(
            {name.empty() ? "Validateur inconnu" : name, row.get<2>() == "refuse", row.get<3>(), row.get<4>()});
    }
    return found;
}

}  // namespace passerelle
