#include "LogText.h"

#include "BulkInsert.h"

#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <algorithm>
#include <map>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kCharacterSet = R"sql(
    SELECT character_set_name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = 'campaign_logs' AND column_name = 'description')sql";

/// By a SELECT of its own: within an INSERT a strict server refuses the same conversion. The cast: what is of unknown
/// length is a LONGTEXT, on which Poco crashes.
void convert(AgoraSession& session, const std::string& characterSet, std::map<std::string, std::string>& texts) {
    std::vector<std::string> originals;
    for (const auto& [original, stored] : texts) originals.push_back(original);
    inPieces(originals, [&](std::span<std::string> piece) {
        std::string sql;
        for (std::size_t i = 0; i < piece.size(); ++i)
            sql += (i == 0 ? "SELECT " : " UNION ALL SELECT ") + std::to_string(i) + ", CAST(CONVERT(? USING " +
                   characterSet + ") AS CHAR(1000))";
        std::vector<Poco::Tuple<std::int64_t, std::string>> rows;
        Statement select(session.get());
        select << sql, into(rows);
        for (auto& text : piece) select, use(text);
        execute(select);
        for (const auto& row : rows) texts[piece[static_cast<std::size_t>(row.get<0>())]] = row.get<1>();
    });
}

}  // namespace

std::string LogText::readCharacterSet() {
    if (_session.sqlite()) return "";
    std::vector<Poco::Nullable<std::string>> names;
    _session.get() << kCharacterSet, into(names), now;
    const std::string name = names.empty() ? "" : names.front().value("");
    return name == "utf8mb4" ? "" : name;
}

std::vector<std::string> LogText::fit(const std::vector<LogRow>& rows) {
    if (!rows.empty() && !_characterSet) _characterSet = readCharacterSet();
    std::map<std::string, std::string> stored;
    if (_characterSet && !_characterSet->empty()) {
        for (const auto& row : rows)
            if (!isAscii(row.description)) stored.try_emplace(row.description, row.description);
        convert(_session, *_characterSet, stored);
    }
    std::vector<std::string> texts;
    for (const auto& row : rows) {
        const auto it = stored.find(row.description);
        texts.push_back(it == stored.end() ? row.description : it->second);
    }
    return texts;
}

}  // namespace passerelle
