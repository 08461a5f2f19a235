// How long Schedule::next() takes, on the 13 expressions that the peers were measured with: each call goes on from the
// slot that the one before gave, from 2025-12-31T23:59:59 local time on, up to 200,000 calls. Prints a table, or JSON
// with --json.

#include "schedule/Schedule.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

namespace {

constexpr std::array kExpressions = {
    "* * * * *",  "*/5 * * * *", "0 2 * * *",       "30 2 * * *", "0 0 29 2 *",   "0 9-17/2 * * 1-5", "15,45 3 1 */3 *",
    "0 0 31 * *", "0 0 1 1 *",   "23 0-20/2 * * *", "5 4 * * 0",  "0 22 * * 1-5", "0 0 13 * 5"};
constexpr std::array kZones = {"UTC", "Europe/Paris"};
constexpr int kCalls = 200'000;
constexpr int kRounds = 5;
constexpr double kGoals[] = {150, 400};
constexpr double kGoalOfEach = 1000;

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

struct Measured {
    double nanoseconds = 0;  // a call
    int calls = 0;           // in a chain, until 2200 ends it
};

Measured chain(const Schedule& schedule, TimePoint from) {
    int calls = 0;
    const auto begin = Clock::now();
    for (std::optional<TimePoint> at = from; at && calls < kCalls; ++calls) at = schedule.next(*at);
    return {Nanoseconds(Clock::now() - begin).count() / calls, calls};
}

/// The quickest of some rounds, since other work only ever slows one down; a short chain is repeated within a round.
Measured measure(const char* text, const char* zone) {
    const auto schedule = Schedule::parse(text, zone, "job");
    const TimePoint utc = std::chrono::sys_days(2026y / std::chrono::January / 1) - 1s;
    const TimePoint from = utc - schedule->zone().periodAt(std::chrono::floor<std::chrono::seconds>(utc)).offset;
    const Measured warm = chain(*schedule, from);
    std::vector<double> rounds;
    for (int round = 0; round < kRounds; ++round) {
        double sum = 0;
        const int chains = kCalls / warm.calls;
        for (int i = 0; i < chains; ++i) sum += chain(*schedule, from).nanoseconds;
        rounds.push_back(sum / chains);
    }
    return {*std::min_element(rounds.begin(), rounds.end()), warm.calls};
}

using Row = std::array<Measured, kZones.size()>;

double geometricMean(const std::vector<Row>& rows, std::size_t zone) {
    double logs = 0;
    for (const auto& row : rows) logs += std::log(row[zone].nanoseconds);
    return std::exp(logs / static_cast<double>(rows.size()));
}

double slowest(const std::vector<Row>& rows) {
    double most = 0;
    for (const auto& row : rows)
        for (const auto& measured : row) most = std::max(most, measured.nanoseconds);
    return most;
}

void printTable(const std::vector<Row>& rows) {
    std::printf("%-18s  %8s  %12s  %s\n", "Next firing, ns", kZones[0], kZones[1], "calls in a chain");
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::printf("%-18s  %8.1f  %12.1f  %d\n", kExpressions[i], rows[i][0].nanoseconds, rows[i][1].nanoseconds,
                    rows[i][0].calls);
    std::printf("%-18s  %8.1f  %12.1f\n", "geometric mean", geometricMean(rows, 0), geometricMean(rows, 1));
    std::printf("%-18s  %8.0f  %12.0f  (each expression: %.0f)\n", "at most", kGoals[0], kGoals[1], kGoalOfEach);
}

void printJson(const std::vector<Row>& rows) {
    std::printf("{\"bench\":\"next_firing\",\"unit\":\"ns\",\"expressions\":[");
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::printf("%s{\"expression\":\"%s\",\"calls\":%d,\"utc\":%.1f,\"paris\":%.1f}", i == 0 ? "" : ",",
                    kExpressions[i], rows[i][0].calls, rows[i][0].nanoseconds, rows[i][1].nanoseconds);
    std::printf("],\"geometric_mean\":{\"utc\":%.1f,\"paris\":%.1f},\"slowest\":%.1f}\n", geometricMean(rows, 0),
                geometricMean(rows, 1), slowest(rows));
}

}  // namespace

int main(int argc, char** argv) {
    const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
    if (argc > 1 && !json) {
        std::fprintf(stderr, "usage: next_firing [--json]\n");
        return 2;
    }
    std::vector<Row> rows;
    for (const auto* text : kExpressions) rows.push_back({measure(text, kZones[0]), measure(text, kZones[1])});
    json ? printJson(rows) : printTable(rows);
    const bool reached =
        geometricMean(rows, 0) <= kGoals[0] && geometricMean(rows, 1) <= kGoals[1] && slowest(rows) <= kGoalOfEach;
    return reached ? 0 : 1;
}
