#pragma once

#include "schedule/CronExpression.h"

#include <vector>

namespace carillon {

/// What a field of a cron expression means, however it was written: `0,15,30,45` is `*/15`, `1,2,3` is `1-3`.
struct FieldSense {
    enum class Kind {
        All,
        Steps,  ///< `first` to `last`, each `step`th: three values or more
        List,   ///< `spans`, then what `hashed` and `special` add
        Hash,   ///< between `first` and `last` by the job's name; `step` 0: one of them, else each `step`th
    };
    struct Span {
        int first = 0;
        int last = 0;  ///< As first: a single value; less: wraps around.
    };

    Kind kind = Kind::All;
    int first = 0;
    int last = 0;  ///< Steps: the last value that there is.
    int step = 0;
    bool whole = false;         ///< Steps: all along the field and evenly, as `*/5` of minutes but not `*/7`.
    std::vector<int> values{};  ///< Of Steps and List, rising; weekdays from Monday on.
    std::vector<Span> spans{};
    bool hashed = false;
    std::vector<CronItem> special{};  ///< L, W, # and the like.

    bool isAll() const { return kind == Kind::All; }
    bool isSingle() const { return kind == Kind::List && values.size() == 1 && !hashed && special.empty(); }
    bool isOneByName() const { return kind == Kind::Hash && step == 0; }
    /// Only values, which are known without the job's name.
    bool isPlain() const { return !values.empty() && !hashed && special.empty(); }
    bool hasRange() const;
};

/// On which days something comes.
struct DaySense {
    FieldSense dates{};
    FieldSense weekdays{};
    FieldSense months{};
    bool both = false;  ///< Dates and weekdays must match, when both are restricted.
};

FieldSense senseOf(const CronExpression& cron, CronUnit unit);

}  // namespace carillon
