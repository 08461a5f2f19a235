#include "pages/OverviewOrder.h"

#include "Poco/UTF8String.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <tuple>

namespace carillon {
namespace {

/// By its shown state, in their order: what needs a person, what goes on, what rests.
int rankOf(const OverviewJob& job) {
    static constexpr std::array kRanks{0, 1, 2, 5, 6, 3, 7, 8, 9, 10};
    static_assert(kRanks.size() == kEnumNames<ShownState>.size());
    constexpr int kUnmet = 4;
    const int rank = kRanks[static_cast<std::size_t>(job.state)];
    return job.isUnmet ? std::min(rank, kUnmet) : rank;
}

/// By what a job is ordered: ascending, whatever the column.
struct SortKey {
    bool isMissing = false;
    double value = 0;
    int rank = 0;
    std::string name{};
    std::size_t index = 0;
};

double secondsOf(TimePoint at) {
    return static_cast<double>(at.time_since_epoch() / std::chrono::seconds(1));
}

double troublesOf(const JobDay& day) {
    double sum = 0;
    for (const auto& stretch : day.stretches)
        sum += stretch.counts[static_cast<std::size_t>(SlotMark::Failed)] +
               stretch.counts[static_cast<std::size_t>(SlotMark::Missed)];
    return sum;
}

/// Nothing: the job has no such value.
std::optional<double> valueOf(const OverviewJob& job, OverviewColumn column) {
    const auto& last = job.day->last;
    switch (column) {
        case OverviewColumn::Last:
            return last ? std::optional(-secondsOf(last->startedAt)) : std::nullopt;
        case OverviewColumn::Next:
            return job.job->next == kNever ? std::nullopt : std::optional(secondsOf(job.job->next));
        case OverviewColumn::Day:
            return -troublesOf(*job.day);
        case OverviewColumn::Duration:
            if (!last || !last->finishedAt) return std::nullopt;
            return -static_cast<double>((*last->finishedAt - last->startedAt).count());
        case OverviewColumn::Pending:
            return job.day->pending ? std::optional(-static_cast<double>(*job.day->pending)) : std::nullopt;
        default:
            return 0;
    }
}

SortKey keyOf(const OverviewJob& job, OverviewColumn column, std::size_t index) {
    const auto value = valueOf(job, column);
    return {!value, value.value_or(0), column == OverviewColumn::Job ? 0 : rankOf(job),
            Poco::UTF8::toLower(job.job->title.empty() ? job.job->job : job.job->title), index};
}

}  // namespace

bool OverviewOrder::isDescending() const {
    const bool isNaturally =
        column != OverviewColumn::Job && column != OverviewColumn::State && column != OverviewColumn::Next;
    return isNaturally != reversed;
}

OverviewOrder overviewOrderOf(const std::string& word) {
    const bool reversed = word.starts_with('-');
    const auto column = enumOf<OverviewColumn>(reversed ? word.substr(1) : word);
    return column ? OverviewOrder{*column, reversed} : OverviewOrder{};
}

void sortJobs(std::vector<OverviewJob>& jobs, const OverviewOrder& order) {
    std::vector<SortKey> keys;
    keys.reserve(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) keys.push_back(keyOf(jobs[i], order.column, i));
    std::stable_sort(keys.begin(), keys.end(), [&order](const SortKey& a, const SortKey& b) {
        if (a.isMissing != b.isMissing) return b.isMissing;
        const auto what = [](const SortKey& key) { return std::tie(key.value, key.rank, key.name); };
        return order.reversed ? what(b) < what(a) : what(a) < what(b);
    });
    std::vector<OverviewJob> sorted;
    sorted.reserve(jobs.size());
    for (const auto& key : keys) sorted.push_back(jobs[key.index]);
    jobs = std::move(sorted);
}

}  // namespace carillon
