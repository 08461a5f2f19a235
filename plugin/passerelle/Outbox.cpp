#include "Outbox.h"

#include "BulkInsert.h"
#include "ServerNeeds.h"
#include "Validation.h"

#include "carillon/data/Migrations.h"
#include "carillon/data/TransactionScope.h"
#include "shared/CrashPoint.h"
#include "shared/EmbeddedText.h"

#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <chrono>
#include <unordered_set>

namespace passerelle::schema::outbox_mysql {
extern const std::vector<carillon::EmbeddedText> files;
}
namespace passerelle::schema::outbox_sqlite {
extern const std::vector<carillon::EmbeddedText> files;
}

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kOutboxMigrations = "passerelle_migration";
constexpr const char* kInsertMail = R"sql(
    INSERT INTO passerelle_outbox
      (occasion, kind, campaign_id, user_id, token_id, state, created_at, due_at, attempts))sql";
// A rival may have planned the same meanwhile.
constexpr const char* kPlannedAlreadyMySql = " ON DUPLICATE KEY UPDATE occasion = VALUES(occasion)";
constexpr const char* kPlannedAlreadySqlite = " ON CONFLICT (occasion) DO NOTHING";
constexpr const char* kOccasions = "SELECT occasion FROM passerelle_outbox WHERE occasion IN (";
constexpr const char* kReminders = R"sql(
    SELECT token_id, SUBSTR(created_at, 1, 19) FROM passerelle_outbox WHERE kind = 'reminder' ORDER BY id)sql";
constexpr const char* kClaim = R"sql(
    UPDATE passerelle_outbox SET state = 'sending', run = ?, claimed_at = ?, attempts = attempts + 1
     WHERE id = ? AND state = 'planned')sql";
constexpr const char* kClaimed =
    "SELECT COUNT(*) FROM passerelle_outbox WHERE id = ? AND state = 'sending' AND run = ?";
// Also where another run took it for abandoned meanwhile: this one knows.
constexpr const char* kMarkSent = R"sql(
    UPDATE passerelle_outbox SET state = 'sent', sent_at = ?, reason = NULL, detail = NULL
     WHERE id = ? AND run = ? AND (state = 'sending' OR (state = 'aside' AND reason = 'uncertain')))sql";
// MySQL assigns from left to right: perhaps_sent_at sees the state from before. What was taken for abandoned was not
// sent.
constexpr const char* kRelease = R"sql(
    UPDATE passerelle_outbox
       SET perhaps_sent_at = CASE WHEN state = 'aside' AND perhaps_sent_at = claimed_at THEN NULL
                                  ELSE perhaps_sent_at END,
           state = 'planned', due_at = ?, attempts = attempts - ?, detail = ?, reason = NULL
     WHERE id = ? AND run = ? AND (state = 'sending' OR (state = 'aside' AND reason = 'uncertain')))sql";
constexpr const char* kEnd = R"sql(
    UPDATE passerelle_outbox
       SET perhaps_sent_at = CASE WHEN ? = 'uncertain' THEN COALESCE(perhaps_sent_at, claimed_at)
                                  ELSE perhaps_sent_at END,
           state = ?, reason = ?, detail = ?
     WHERE id = ? AND run = ? AND (state = 'sending' OR (state = 'aside' AND reason = 'uncertain')))sql";
const std::string kAbandon = R"sql(
    UPDATE passerelle_outbox SET state = 'aside', reason = 'uncertain', detail = ?,
           perhaps_sent_at = COALESCE(perhaps_sent_at, claimed_at)
     WHERE id = ? AND )sql";
/// No mail is put off for longer.
constexpr std::chrono::hours kLongestDelay{24};
using Text = std::string;
using MailInsert =
    Poco::Tuple<Text, Text, std::int64_t, Poco::Nullable<std::int64_t>, std::int64_t, Text, Text, Text, std::int64_t>;
/// As long as the column; at a character.
std::string fitMailDetail(const std::string& detail) {
    return detail.size() <= 250 ? detail : beginningOf(detail, 250) + "…";
}

}  // namespace

void Outbox::migrate() {
    const carillon::Migrations migrations(
        _session.sqlite() ? schema::outbox_sqlite::files : schema::outbox_mysql::files, kOutboxMigrations,
        carillon::crashPoint);
    _session.withRetries("prepare the outbox", [&] {
        ServerNeeds(_session).require();
        try {
            migrations.apply(_session.forTransaction(), _clock);
        } catch (const Poco::Data::DataException& e) {
            if (!isDenied(e)) throw;
            throw DatabaseFailed(withSemicolon(say("db.nocreate", {{"why", databaseMessage(e)}}),
                                               say("todo.create", {{"script", script()}})));
        }
    });
}

std::string Outbox::script() {
    std::string script = carillon::Migrations(schema::outbox_mysql::files, kOutboxMigrations).script(_clock);
    const std::string grants = DatabaseRights(_session).missingGrants(RightsOf::Mails, "passerelle_");
    return grants.empty() ? script : script + "; " + grants;
}

bool Outbox::exists() {
    try {
        std::vector<std::int64_t> none;
        _session.get() << "SELECT id FROM passerelle_outbox WHERE id < 0", into(none), now;
        return true;
    } catch (const Poco::Data::DataException&) {
        return false;
    }
}

std::vector<PlannedMail> Outbox::newOf(const std::vector<PlannedMail>& mails) {
    std::vector<std::string> occasions;
    for (const auto& mail : mails) occasions.push_back(mail.occasion);
    std::unordered_set<std::string> known;
    inPieces(occasions, [&](std::span<std::string> piece) {
        std::vector<std::string> found;
        Statement select(_session.get());
        select << kOccasions + placeholders(piece.size()) + ")", into(found);
        for (auto& occasion : piece) select, use(occasion);
        execute(select);
        known.insert(found.begin(), found.end());
    });
    std::vector<PlannedMail> fresh;
    for (const auto& mail : mails)
        if (known.insert(mail.occasion).second) fresh.push_back(mail);
    return fresh;
}

std::int64_t Outbox::plan(const std::vector<PlannedMail>& mails) {
    if (mails.empty()) return 0;
    std::vector<PlannedMail> fresh;
    namingRights(_session, RightsOf::Notifying, [&] {
        fresh = newOf(mails);
        const std::string at = utcText(_clock.now());
        BulkInsert<MailInsert> insert(_session.get(), kInsertMail,
                                      _session.sqlite() ? kPlannedAlreadySqlite : kPlannedAlreadyMySql);
        for (const auto& mail : fresh) {
            const auto user = mail.user ? Poco::Nullable<std::int64_t>(*mail.user) : Poco::Nullable<std::int64_t>();
            insert.add(0, mail.occasion, std::string(mailKindName(mail.kind)), mail.campaign, user, mail.token,
                       std::string("planned"), at, at, std::int64_t{0});
        }
        insert.flush();
    });
    return static_cast<std::int64_t>(fresh.size());
}

std::map<std::int64_t, Reminded> Outbox::reminded(const AgoraTime& time) {
    std::vector<std::int64_t> tokens;
    std::vector<std::string> moments;
    Statement select(_session.get());
    select << kReminders, into(tokens), into(moments);
    execute(select);
    std::map<std::int64_t, Reminded> reminded;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto at = parseUtcText(moments[i]);
        const auto local = at ? parseDateTime(time.fromUtc(*at)) : std::nullopt;
        Reminded& of = reminded[tokens[i]];
        ++of.count;
        if (local) of.lastOn = std::chrono::floor<std::chrono::days>(local->local);
    }
    return reminded;
}

std::vector<OutboxMail> Outbox::due(std::span<const MailKind> kinds, std::size_t limit) {
    const std::string tooFar = "due_at > '" + utcText(_clock.now() + kLongestDelay) + "'";
    return selectMails(_session, kinds, "state = 'planned' AND (due_at <= ? OR " + tooFar + ")", utcText(_clock.now()),
                       static_cast<std::int64_t>(limit));
}

/// Invariant: of all runs that see a mail planned, one alone changes it to sending, since the condition is judged under
/// the row's lock. The second look tells which, also where the answer to the change was lost and it is done again.
bool Outbox::claim(std::int64_t id, const std::string& run) {
    std::int64_t own = 0;
    _session.withRetries("claim a mail", [&] {
        std::string by = run;
        std::string at = utcText(_clock.now());
        std::int64_t mail = id;
        namingRights(_session, RightsOf::Mails, [&] {
            _session.forTransaction() << kClaim, use(by), use(at), use(mail), now;
            _session.get() << kClaimed, use(mail), use(by), into(own), now;
        });
    });
    return own == 1;
}

void Outbox::markSent(std::int64_t id, const std::string& run) {
    _session.withRetries("note that a mail is sent", [&] {
        std::string by = run;
        std::string at = utcText(_clock.now());
        std::int64_t mail = id;
        _session.forTransaction() << kMarkSent, use(at), use(mail), use(by), now;
    });
}

void Outbox::release(std::int64_t id, const std::string& run, carillon::TimePoint dueAt, bool counts,
                     const std::string& detail) {
    _session.withRetries("plan a mail again", [&] {
        std::string by = run;
        std::string at = utcText(dueAt);
        std::int64_t less = counts ? 0 : 1;
        std::int64_t mail = id;
        std::string why = fitMailDetail(detail);
        _session.forTransaction() << kRelease, use(at), use(less), use(why), use(mail), use(by), now;
    });
}

void Outbox::end(std::int64_t id, const std::string& run, const char* state, const char* reason,
                 const std::string& detail) {
    _session.withRetries("note what became of a mail", [&] {
        std::string by = run;
        std::string as = state;
        std::string why = reason;
        std::string sameWhy = reason;
        std::string words = fitMailDetail(detail);
        std::int64_t mail = id;
        _session.forTransaction() << kEnd, use(sameWhy), use(as), use(why), use(words), use(mail), use(by), now;
    });
}

void Outbox::putAside(std::int64_t id, const std::string& run, const char* reason, const std::string& detail) {
    end(id, run, "aside", reason, detail);
}

void Outbox::drop(std::int64_t id, const std::string& run, const char* reason) {
    end(id, run, "dropped", reason, "");
}

std::vector<OutboxMail> Outbox::noteAbandoned(std::span<const MailKind> kinds, const AbandonedBounds& bounds) {
    auto mails = selectMails(_session, kinds, isAbandoned(bounds) + " AND id > ?", "0", 1'000);
    for (const auto& mail : mails)
        _session.withRetries("put a mail aside", [&] {
            std::string why = abandonedMail().text;
            std::int64_t id = mail.id;
            _session.forTransaction() << kAbandon + isAbandoned(bounds), use(why), use(id), now;
        });
    return mails;
}

}  // namespace passerelle
