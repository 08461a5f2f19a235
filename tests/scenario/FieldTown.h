#pragma once

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/Scene.h"

struct FieldCampaign {
    std::string status = "en_validation";
    std::set<int> validators{};
    std::vector<int> approvedBefore{};  ///< Users who have answered in Agora itself.
};

/// A row of validation_tokens.
struct FieldQuestion {
    int campaign = 0;
    int user = 0;
    std::string expiresAt = "2030-01-01 00:00:00";  ///< Paris.
    std::string usedAt{};                           ///< Empty: not yet.
};

/// An answer as the original gateway's form stores it, in the order of its list: its row number is its place from 1.
struct FieldAnswer {
    Answer answer{};
    std::chrono::sys_seconds at{};
};

/// A town of some campaigns, and all that validators and strangers may have posted into its gateway. Made from a seed.
class FieldTown {
public:
    static constexpr int kAnswers = 300;

    explicit FieldTown(unsigned seed);

    /// Makes the rows of Agora's tables, in this collation.
    void install(Scene& scene, const std::string& collation) const;

    const std::map<int, FieldCampaign>& campaigns() const { return _campaigns; }
    const std::map<std::string, FieldQuestion>& questions() const { return _questions; }
    const std::vector<FieldAnswer>& answers() const { return _answers; }

    /// When those who have answered in Agora did so.
    static constexpr const char* kBefore = "2025-01-02 09:30:00";
    static std::pair<std::string, std::string> nameOf(int user);

private:
    void makeCampaigns();
    void addQuestion(int campaign, int user);
    void answerQuestions();
    void addJunk();
    void repeatSome();
    void setExpiry(const FieldAnswer& answer);
    bool chance(unsigned percent) { return _random() % 100 < percent; }
    std::size_t below(std::size_t end) { return _random() % end; }
    std::chrono::sys_seconds moment();
    std::string questionToken();
    std::string junkToken();

    std::mt19937 _random;
    std::map<int, FieldCampaign> _campaigns{};
    std::map<std::string, FieldQuestion> _questions{};
    std::vector<FieldAnswer> _answers{};
    int _tokens = 0;
};
