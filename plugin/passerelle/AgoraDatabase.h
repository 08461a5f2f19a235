#pragma once

#include "AgoraSession.h"
#include "LogText.h"
#include "Settings.h"
#include "Settlement.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace passerelle {

/// Agora's own tables. It has the only SQL on them but for AgoraInspection, AgoraItems and ValidationIds. Functions
/// that take part in a batch's transaction are marked so; the others are statements of their own, with retries.
class AgoraDatabase {
public:
    explicit AgoraDatabase(AgoraSession& session);
    ~AgoraDatabase();

    /// Of the table settings; their zone is the session's from then on. Throws DatabaseFailed when it cannot be read.
    Settings readSettings();
    carillon::MailAccount readMailAccount();
    /// One of the table settings; empty where it is missing.
    std::string readSetting(const std::string& name);

    /// In the transaction: the rows of these tokens, their campaigns with their answers, all locked until its end, the
    /// campaigns first and in order of their ids, as Agora itself goes from campaign to tokens: so a rival waits and
    /// does not dead-lock. `lock` false: reads only.
    void readFacts(const std::vector<Validation>& items, Facts& facts, bool lock);
    /// In the transaction: writes what was decided, and notes the ids of the rows of `validations`, also in the items
    /// that they are of. `now` is in Agora's zone.
    void write(Effects& effects, const std::string& now);
    /// In the transaction: deletes tokens that expired before `before` (Agora's zone). Returns how many, `limit` at
    /// most.
    std::size_t deleteExpiredTokens(const std::string& before, std::size_t limit);

    /// Prepared statements belong to a session: to be called when it may have changed.
    void forgetStatements();

private:
    struct Statements;

    std::map<std::string, std::string> readRows(std::vector<std::string> names);
    bool readRowsOnce(std::vector<std::string>& names, std::map<std::string, std::string>& rows);
    std::map<std::int64_t, TokenRow*> findTokens(const std::vector<Validation>& items, Facts& facts);
    void readAllFacts(const std::vector<Validation>& items, Facts& facts, bool lock);
    void readCampaigns(const Facts& facts, std::unordered_map<std::int64_t, CampaignState>& campaigns, bool lock);
    void writeAll(Effects& effects, const std::string& now);
    void readVotes(std::vector<std::int64_t>& pending, std::unordered_map<std::int64_t, CampaignState>& campaigns);

    AgoraSession& _session;
    LogText _logText;
    std::unique_ptr<Statements> _statements;
};

}  // namespace passerelle
