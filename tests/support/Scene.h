#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "GatewayServer.h"
#include "Poco/JSON/Object.h"
#include "support/Command.h"
#include "support/Database.h"
#include "support/WaitUntil.h"

/// A validator's answer, as it is put into the gateway.
struct Answer {
    std::string token{};
    std::string action = "valide";
    std::optional<std::string> comment{};
    std::string validatedAt = "2026-06-15 10:00:00";  ///< UTC: 12:00:00 in Paris.
};

struct GatewayState {
    long long pending = 0;
    long long synced = 0;
    long long total = 0;
    std::map<std::string, long long> requests{};  ///< By call: pending, acknowledge, stats, health.
    long long largestAcknowledge = 0;
};

/// A run with --json, and what it reported.
struct RunEnd {
    CommandResult command{};
    Poco::JSON::Object::Ptr report{};  ///< Null when it printed none.

    std::string member(const std::string& name) const;
    /// -1 when there is no such counter.
    long long counter(const std::string& name) const;
};

/// One test's world: Agora's database, a gateway that listens, a configuration folder, and the real program between
/// them. One thread.
class Scene {
public:
    /// The two secrets. No ordinary text contains them, since what does is hidden.
    static constexpr const char* kKey = "cle-de-passerelle-7Hq2";
    static constexpr const char* kPassword = "mot-de-passe-4Kz9";
    static constexpr const char* kJob = "sync-passerelle";

    explicit Scene(TestDatabase::Kind kind = TestDatabase::Kind::MySql);
    ~Scene();
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    TestDatabase& agora() { return _agora; }
    /// The program's own account on MySQL, with all rights on its schema.
    const std::string& user() const { return _user; }
    const std::filesystem::path& folder() const { return _folder; }
    std::filesystem::path configFile() const { return _folder / "carillon.properties"; }
    std::filesystem::path jobFile(const std::string& job = kJob) const;

    /// A campaign in the state en_validation whose validators are these users; each has a token. Users that are missing
    /// are made: `Prenom4 Nom4`.
    void addCampaign(int id, const std::vector<int>& users, const std::string& statut = "en_validation");
    void addUsers(int first, int last);
    /// 64 hexadecimal digits.
    static std::string tokenOf(int campaign, int user);
    /// The token of item `number` of a backlog of the test gateway.
    static std::string backlogToken(long long number);
    /// Tokens of the backlog's items first … first+count-1: five of them a campaign, whose validators they are.
    void addBacklogTokens(long long first, long long count);

    /// Between these the test's own session holds the locks of what it read FOR UPDATE or wrote.
    void beginTransaction() { _agora.session().begin(); }
    void commitTransaction();

    /// A call of the test gateway's control API. Throws when it is refused.
    Poco::JSON::Object::Ptr control(const std::string& path, const std::string& json = "{}");
    /// `more`: further members, such as `"times":2,"status":500`.
    void fault(const std::string& name, const std::string& call = "any", const std::string& more = "");
    void offer(const std::vector<Answer>& answers);
    void offerBacklog(long long count, const std::string& more = "");
    /// The next pending list is this text, whatever its bytes.
    void answerPending(const std::string& body);
    GatewayState gatewayState();
    std::string gatewayAddress() const { return _gateway->address(); }
    /// By TLS too, the gateway's second address.
    void listenByTls(const testgateway::TlsOptions& options) { _gateway->listenByTls(options); }
    std::string tlsAddress() const { return _gateway->tlsAddress(); }
    void stopGateway() { _gateway->stop(); }

    void setSetting(const std::string& cle, const std::string& valeur) { _agora.setSetting(cle, valeur); }
    /// A key of the job's file; an empty value removes it. `task.` and the rest as written there.
    void setJobKey(const std::string& key, const std::string& value, const std::string& job = kJob);
    /// A file below the folder of the configuration.
    std::filesystem::path write(const std::filesystem::path& name, const std::string& text, bool secret = false);
    static std::string read(const std::filesystem::path& file);

    Command carillon(std::vector<std::string> words) const;
    CommandResult run(const std::vector<std::string>& words) const { return carillon(words).run(); }
    /// `carillon run sync-passerelle --json` with these words more.
    RunEnd sync(const std::vector<std::string>& more = {}) const;
    static RunEnd endOf(CommandResult command);
    std::string log(const std::string& job = kJob) const;

    /// Rows of a table, or of `table WHERE …`.
    long long rows(const std::string& table) { return _agora.count("SELECT COUNT(*) FROM " + table); }
    /// Those of the inbox that meet a condition; none before it is made.
    long long inboxRows(const std::string& condition = "1 = 1");
    /// What is wrong with Agora's tables as a whole; empty: each validation is there as a whole, and every campaign of
    /// addCampaign() or addBacklogTokens() has the status that its validations give.
    std::string findHalfDone();

private:
    void createUser();
    void tearDown();
    void writeJobFile(const std::string& job);
    std::map<std::string, std::string> databaseKeys() const;

    TestDatabase _agora;
    std::string _user{};
    std::filesystem::path _folder{};
    std::unique_ptr<testgateway::GatewayServer> _gateway{};
    std::map<std::string, std::map<std::string, std::string>> _jobs{};
};

/// Waits for the command's end; the largest resident memory, in KiB, of any one of its processes.
long peakMemory(RunningCommand& command);

/// An environment variable of the test's MariaDB; throws as TestDatabase does without it.
std::string requireEnvironment(const char* name);

/// All that the command left.
std::string textOf(const CommandResult& result);
void assertExit(int expected, const CommandResult& result);
void assertContains(const std::string& wanted, const std::string& text);
void assertNotContains(const std::string& unwanted, const std::string& text);
