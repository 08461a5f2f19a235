#pragma once

#include <atomic>
#include <random>
#include <string>
#include <thread>

#include "Poco/Data/Session.h"
#include "support/Database.h"

/// Which of a scene's campaigns, by their numbers.
struct CampaignRange {
    long long first = 1;
    int count = 0;
};

/// Agora itself, as its users go on with their work during a synchronisation: one transaction after the other on a
/// campaign of the range, until the object ends. Each locks the campaign first and then goes on to its tokens, and
/// tells in campaign_logs what it did. A session as Agora has it: REPEATABLE READ.
class AgoraAtWork {
public:
    AgoraAtWork(TestDatabase& agora, CampaignRange campaigns, unsigned seed);
    ~AgoraAtWork() { stop(); }
    AgoraAtWork(const AgoraAtWork&) = delete;
    AgoraAtWork& operator=(const AgoraAtWork&) = delete;

    /// Lets it end the transaction in hand.
    void stop();

    int transactions() const { return _transactions; }
    /// After stop(): those that the database broke off, and what it said last.
    int refusals() const { return _refusals; }
    const std::string& refusal() const { return _refusal; }

private:
    void work();
    void workOn(const std::string& campaign);
    /// Both ways to renew tokens: other rows, and the same rows with other tokens.
    void edit(const std::string& campaign);
    void end(const std::string& campaign, const std::string& status, const std::string& action);
    void answer(const std::string& campaign, const std::string& user, const std::string& action);
    void decide(const std::string& campaign, const std::string& user);

    void execute(const std::string& sql);
    long long number(const std::string& sql);
    void log(const std::string& campaign, const std::string& user, const std::string& action,
             const std::string& newStatus = {});

    Poco::Data::Session _session;
    const CampaignRange _campaigns;
    std::mt19937 _random;
    std::atomic<bool> _end{false};
    std::atomic<int> _transactions{0};
    int _refusals = 0;
    std::string _refusal{};
    std::thread _thread;
};
