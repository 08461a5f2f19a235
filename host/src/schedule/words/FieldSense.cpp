#include "schedule/words/FieldSense.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

using Kind = FieldSense::Kind;
using Span = FieldSense::Span;

constexpr int kShortestRun = 3;

struct Range {
    int least;
    int most;
    int size() const { return most - least + 1; }
    int next(int value) const { return value == most ? least : value + 1; }
    int before(int value) const { return value == least ? most : value - 1; }
};

void addValues(const CronItem& item, const Range& range, std::vector<bool>& named) {
    const int length = item.last - item.first + (item.last < item.first ? range.size() : 0);
    for (int i = 0; i <= length; i += std::max(item.step, 1)) {
        const int value = item.first + i;
        named[static_cast<std::size_t>(value > range.most ? value - range.size() : value)] = true;
    }
}

/// Neighbours from a first one that has none before it; a run may go over the end of the field.
std::vector<Span> runsOf(const std::vector<bool>& named, const Range& range, const std::vector<int>& values) {
    const auto isNamed = [&named](int value) { return named[static_cast<std::size_t>(value)]; };
    std::vector<Span> runs;
    for (const int value : values) {
        if (isNamed(range.before(value))) continue;
        int last = value;
        int length = 1;
        for (; isNamed(range.next(last)); ++length) last = range.next(last);
        if (length >= kShortestRun)
            runs.push_back({value, last});
        else
            for (int at = value, i = 0; i < length; ++i, at = range.next(at)) runs.push_back({at, at});
    }
    return runs;
}

/// The distance between all neighbours; 0 when it varies or there are too few.
int stepOf(const std::vector<int>& values) {
    if (values.size() < kShortestRun) return 0;
    const int step = values[1] - values[0];
    for (std::size_t i = 2; i < values.size(); ++i)
        if (values[i] - values[i - 1] != step) return 0;
    return step;
}

bool mayBeSteps(CronUnit unit) {
    return unit != CronUnit::Month && unit != CronUnit::Weekday;
}

void readValues(FieldSense& sense, const std::vector<bool>& named, CronUnit unit, const Range& range) {
    for (int value = range.least; value <= range.most; ++value)
        if (named[static_cast<std::size_t>(value)]) sense.values.push_back(value);
    if (static_cast<int>(sense.values.size()) == range.size()) {
        sense = FieldSense{};
        return;
    }
    if (unit == CronUnit::Weekday)
        std::sort(sense.values.begin(), sense.values.end(), [](int a, int b) { return (a + 6) % 7 < (b + 6) % 7; });
    sense.kind = Kind::List;
    sense.spans = runsOf(named, range, sense.values);
    const int step = mayBeSteps(unit) && sense.isPlain() ? stepOf(sense.values) : 0;
    if (step < 2) return;
    sense.kind = Kind::Steps;
    sense.step = step;
    sense.first = sense.values.front();
    sense.last = sense.values.back();
    sense.whole = range.size() % step == 0 && sense.first < range.least + step && sense.last + step > range.most;
}

}  // namespace

bool FieldSense::hasRange() const {
    return std::any_of(spans.begin(), spans.end(), [](const Span& span) { return span.first != span.last; });
}

FieldSense senseOf(const CronExpression& cron, CronUnit unit) {
    const Range range{smallestOf(unit), largestOf(unit)};
    const auto& items = cron.field(unit).items;
    FieldSense sense;
    if (items.size() == 1 && items.front().kind == CronItem::Kind::Hash) {
        const auto& item = items.front();
        sense.kind = Kind::Hash;
        sense.first = item.first;
        sense.last = item.last;
        sense.step = item.step;
        return sense;
    }
    std::vector<bool> named(static_cast<std::size_t>(range.most) + 1);
    for (const auto& item : items) {
        if (item.kind < CronItem::Kind::Hash)
            addValues(item, range, named);
        else if (item.kind == CronItem::Kind::Hash)
            sense.hashed = true;
        else
            sense.special.push_back(item);
    }
    readValues(sense, named, unit, range);
    return sense;
}

}  // namespace carillon
