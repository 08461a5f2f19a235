#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/Scene.h"

/// What must have become of answers that were delivered one after the other, told from that order alone: the first one
/// to a question of Agora's counts, and each that differs from it conflicts.
class AnswerLedger {
public:
    /// Agora has no question of this token.
    void setUnknown(const std::string& token) { _unknown.insert(token); }

    /// A moment of the answers: UTC, 10:mm:ss on a day of Paris's summer time.
    static std::string momentOf(unsigned second);
    /// In the order of the gateway's list, when they were put into it in this one.
    static std::vector<Answer> listed(std::vector<Answer> answers);

    void deliver(const Answer& answer);
    void deliver(const std::vector<Answer>& answers);

    /// Each is stored as it must be, acknowledged, and nothing else is stored. `when` stands before what is wrong.
    void assertExact(Scene& scene, const std::string& when) const;
    /// The same of what is stored.
    void assertStored(Scene& scene, const std::string& when) const;

    long long conflicts() const;

private:
    std::string validations() const;
    std::string rejects() const;

    std::set<std::string> _unknown{};
    std::map<std::string, std::vector<Answer>> _delivered{};  // by token, different ones
};
