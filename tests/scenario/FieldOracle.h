#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "FieldTown.h"

/// Rows as lines of text, by table, in any order.
using FieldTables = std::map<std::string, std::multiset<std::string>>;

/// What one synchronisation must make of a town and its gateway's list, told by the rules of Agora alone.
class FieldOracle {
public:
    explicit FieldOracle(const FieldTown& town);

    const FieldTables& tables() const { return _tables; }
    /// Lines of a table that hold this part.
    long long count(const std::string& table, const std::string& part) const;
    long long applied() const { return _applied; }
    long long duplicate() const { return _duplicate; }
    long long rejected() const { return _rejected; }

private:
    void deliver(long long id, const FieldAnswer& given);
    /// Why it is put aside; empty: it is not.
    std::string judge(const FieldAnswer& given) const;
    void apply(const FieldAnswer& given);
    void log(const FieldQuestion& question, const std::string& rest);
    void tellTheRest();

    struct Votes {
        std::string status{};
        std::set<int> approvedBy{};
        bool refused = false;
    };

    const FieldTown& _town;
    FieldTables _tables{};
    std::map<int, Votes> _votes{};
    std::map<std::string, std::vector<Answer>> _stored{};  // by token, different ones
    std::set<std::string> _answered{};                     // tokens that an answer was applied with
    long long _applied = 0;
    long long _duplicate = 0;
    long long _rejected = 0;
};

/// What the tables hold. A token that was used between these times is told as one used by the run.
FieldTables fieldTablesIn(Scene& scene, std::chrono::sys_seconds from, std::chrono::sys_seconds until);

/// The first lines that only one of them has; empty: none.
std::string fieldDifference(const FieldTables& expected, const FieldTables& found);
