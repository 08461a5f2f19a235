#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"
#include "pages/DayBook.h"
#include "pages/PageFrame.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace carillon {

/// Jobs that one page has at most.
constexpr std::size_t kJobsOfAPage = 500;

/// What the handlers of the pages share. Any thread; borrows context and access.
class PageService {
public:
    PageService(ApiContext& context, WebAccess& access, const std::string& stateDir)
        : _context(context), _access(access), _stateDir(stateDir), _days(stateDir, context.clock) {}

    ApiContext& context() { return _context; }
    WebAccess& access() { return _access; }
    const std::string& stateDir() const { return _stateDir; }
    const PageFrame& frame() const { return _frame; }

    using Handler = std::function<HttpResponse(const PageRequest& request, const WebCall& call)>;
    void add(Router& router, const std::string& method, const std::string& path, Need need, Handler handler);

    /// To be called before the first request, and again whenever the configuration is new.
    std::shared_ptr<const PluginTexts> pluginTexts() const;
    void readPluginTexts(const std::string& folder, const PluginTexts::Refused& refused);

    PageRequest requestOf(const HttpRequest& request, const Caller& caller) const;

    /// See DayBook; what is known when the store fails, for which the scheduler has an alarm.
    std::vector<JobDay> days(const std::vector<std::string>& jobs);
    DayBook& dayBook() { return _days; }

private:
    /// How many of the jobs that they may view need a person.
    std::size_t troubledOf(const Caller& caller) const;

    ApiContext& _context;
    WebAccess& _access;
    const std::string _stateDir;
    const PageFrame _frame{};
    mutable std::mutex _mutex{};  // of the texts
    std::shared_ptr<const PluginTexts> _plugins{std::make_shared<const PluginTexts>()};
    DayBook _days;
};

/// The pages of one job, of one run and of the logs. Borrows the service, as do the others.
void addJobPages(Router& router, PageService& service);
/// The pages of what a job's task answers: the check, the rejects and the items.
void addTaskPages(Router& router, PageService& service);
/// Where the marks of a strip lead to.
void addMarkRoute(Router& router, PageService& service);
/// The page of the ledger.
void addLedgerPage(Router& router, PageService& service);
/// The runs of all jobs on a day, as a picture.
void addTimelinePage(Router& router, PageService& service);
/// Counts and lengths of runs by day or week, as pictures.
void addChartsPage(Router& router, PageService& service);
/// What needs a person, and the alerts that were sent.
void addAlertsPage(Router& router, PageService& service);
/// Who may do what; for operators of all jobs.
void addUsersPage(Router& router, PageService& service);
/// Days off and blackouts, and the jobs that have them.
void addCalendarsPage(Router& router, PageService& service);
/// The guide itself.
void addHelpPage(Router& router, PageService& service);
/// The page of the activity log.
void addActivityPage(Router& router, PageService& service);
/// What the forms of the pages do: run, replay, dismiss, stop, pause and resume, each of which leads to a page.
void addActs(Router& router, PageService& service);

/// What was just done, as the query `done` says it; empty: nothing.
std::string noticeOf(const PageRequest& request);

/// Where a list of pages goes on: the path with the query's filters and this cursor; empty without one.
std::string nextPath(const PageRequest& request, const std::string& cursor);

}  // namespace carillon
