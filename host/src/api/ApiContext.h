#pragma once

#include "access/WebAccess.h"
#include "api/AlertReader.h"
#include "api/ProgressBook.h"
#include "api/Router.h"
#include "api/StandingBook.h"
#include "api/TaskAbilities.h"
#include "carillon/Clock.h"
#include "config/Configuration.h"
#include "http/Turnstile.h"
#include "record/Activity.h"
#include "scheduler/HostActions.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Which run each header Idempotency-Key stands for, so that a request that is sent again begins no second one. For 24
/// hours, in memory: a restart forgets all, and so does one key too many the oldest. Any thread; borrows the clock.
class IdempotencyKeys {
public:
    static constexpr std::chrono::hours kKept{24};
    static constexpr std::size_t kMost = 10'000;

    explicit IdempotencyKeys(const Clock& clock) : _clock(clock) {}

    /// Nothing: the key was free, and is taken now, until settle() or release(). Else its run; empty: another request
    /// with it is being answered, and was not within the patience.
    std::optional<std::string> take(const std::string& key, std::chrono::milliseconds patience = {});
    void settle(const std::string& key, const std::string& run);
    void release(const std::string& key);

private:
    struct Entry {
        std::string run{};
        TimePoint since{};
    };
    bool isBeingAnswered(const std::string& key, TimePoint now) const;
    void makeRoom(TimePoint now);

    const Clock& _clock;
    std::condition_variable _changed;
    std::mutex _mutex;  // of all below
    std::map<std::string, Entry> _entries{};
};

/// What the API is made from.
struct ApiSources {
    HostActions& host;
    ActivityRecorder& activity;
    const ProgressBook& progress;
    std::string stateDir;
    const Clock& clock;
};

/// What the handlers of the API share. Any thread.
struct ApiContext {
    explicit ApiContext(const ApiSources& sources);

    HostActions& host;
    ActivityRecorder& activity;
    const ProgressBook& progress;
    const Clock& clock;
    Turnstile turns;  ///< Answers that are made at once: a handler has one of them; see Turnstile::Break.
    StorePool stores;
    AlertReader alerts;
    StandingBook standings;
    IdempotencyKeys keys;
    AbilityBook abilities{};
    std::atomic<int> waiting{0};  ///< Requests that wait for a run to begin.
    std::atomic<int> asking{0};   ///< Requests that wait for a task's answer.
};

/// One of few places for requests that take long, while it lives. Throws HttpRefusal: 503, all are taken.
class ApiPlace {
public:
    ApiPlace(std::atomic<int>& taken, int most);
    ApiPlace(const ApiPlace&) = delete;
    ApiPlace& operator=(const ApiPlace&) = delete;
    ~ApiPlace() { --_taken; }

private:
    std::atomic<int>& _taken;
};

/// The job that the path names. Throws HttpRefusal: 404, there is none, or it is not for these eyes.
JobRef jobOf(const WebCall& call, const Configuration& configuration);
/// The same for an act: 403 as well.
JobRef jobToActOn(const WebCall& call, const Configuration& configuration);
/// With 404 in the same words whatever the reason.
[[noreturn]] void refuseJob(const std::string& name);

/// ?limit=N, 1 to 500; 50 by default. Throws HttpRefusal: 400.
std::size_t limitOf(const WebCall& call);
/// Throws HttpRefusal for words of the query that are none of these, or have no value: 400, which names them. What is
/// misspelt, or a variable that a script has not filled, would leave a list as it is, and nobody would notice.
void allowOnly(const WebCall& call, std::initializer_list<std::string_view> names);
/// The same of a query with that name.
std::size_t countOf(const WebCall& call, const std::string& name, std::size_t usual);
/// ?cursor=…: what `encodeCursor` was given; none: from the start. Throws HttpRefusal: 400.
std::optional<std::string> cursorOf(const WebCall& call);
/// A text that nobody is to take apart.
std::string encodeCursor(const std::string& place);

HttpResponse jsonAnswer(std::string body, int status = 200);

/// Part of all jobs, in the order of files and names.
struct JobNames {
    std::vector<std::string> names{};
    std::string last{};  ///< The name that others follow; empty: none does.
};

/// Those that the caller may see after the one called `after`, `most` at most.
JobNames visibleJobs(const Caller& caller, const Configuration& configuration, const std::string& after,
                     std::size_t most);

}  // namespace carillon
