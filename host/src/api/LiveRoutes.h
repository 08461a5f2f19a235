#pragma once

#include "access/WebAccess.h"
#include "api/ApiContext.h"
#include "api/LiveJobs.h"
#include "api/LiveLog.h"
#include "api/ProgressBook.h"
#include "api/Router.h"
#include "record/RunListener.h"

#include <chrono>
#include <functional>
#include <mutex>

namespace carillon {

/// Where a scheduler and its runs tell what happens, for who follows it on a page. Any thread.
class Live final : public RunListener {
public:
    LiveLog& log() { return _log; }
    LiveJobs& jobs() { return _jobs; }
    const ProgressBook& progress() const { return _progress; }

    void runEnded(const RunIdentity& identity, const RunReport& report, TimePoint finishedAt) override;
    void runLogged(const std::string& job, const std::string& run, const LogMessage& line) override;
    void runProgressed(const std::string& job, const std::string& run, const Progress& how) override;

private:
    LiveLog _log{};
    LiveJobs _jobs{};
    ProgressBook _progress{};
};

/// `GET /live/jobs/{job}` and `GET /live/log`: server-sent events, as schemas/openapi.yaml describes them. Each client
/// holds a thread of the server, which looks a few times a second for what is new. Any thread; borrows all.
class LiveRoutes {
public:
    LiveRoutes(Live& live, ApiContext& context, WebAccess& access) : _live(live), _context(context), _access(access) {}

    void addRoutes(Router& router);

private:
    class JobEvents;
    class LogEvents;

    HttpResponse job(const WebCall& call);
    HttpResponse log(const WebCall& call);
    bool mayGoOn(const Caller& caller, const std::string& job) const;
    void look(bool atOnce);
    void describeDue(std::chrono::steady_clock::time_point now);

    Live& _live;
    ApiContext& _context;
    WebAccess& _access;
    std::mutex _lookMutex;  // of what is below; held by the one that looks for all
    std::chrono::steady_clock::time_point _lookAt{};
};

}  // namespace carillon
