#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <set>
#include <string>

#include "support/Browser.h"
#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// The pages of a host, as a browser without scripts has them.
class ServePagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServePagesTest);
    CPPUNIT_TEST(whoIsHereMayLookAndIsToldHowToAct);
    CPPUNIT_TEST(strangersSignInFirst);
    CPPUNIT_TEST(wrongPasswordsAreToldInTheReadersLanguage);
    CPPUNIT_TEST(signOutNeedsTheTokenAndEndsTheSession);
    CPPUNIT_TEST(runIsBegunOnceHoweverOftenTheFormIsSent);
    CPPUNIT_TEST(busyJobLeadsToItsRun);
    CPPUNIT_TEST(formsOfOtherSitesDoNothing);
    CPPUNIT_TEST(pauseAndResumeTakeTurns);
    CPPUNIT_TEST(runIsStoppedAfterAQuestion);
    CPPUNIT_TEST(jobIsStoppedAfterAQuestion);
    CPPUNIT_TEST(rowsOfTheOverviewActAndLeadBack);
    CPPUNIT_TEST(marksLeadToWhatBecameOfTheirTime);
    CPPUNIT_TEST(coloursAreChosenAndRemembered);
    CPPUNIT_TEST(ledgerOfAllJobsIsPagedWithoutLoss);
    CPPUNIT_TEST(usersAreShownWithoutTheirSecrets);
    CPPUNIT_TEST(alertsTellWhatNeedsAPersonAndWhatWasSent);
    CPPUNIT_TEST(calendarsTellTheirDaysAndJobs);
    CPPUNIT_TEST(helpIsTheGuide);
    CPPUNIT_TEST(timelineShowsADayOfAllJobs);
    CPPUNIT_TEST(chartsCountRunsByDayAndWeek);
    CPPUNIT_TEST(viewersSeeNoForms);
    CPPUNIT_TEST(jobsOfOthersAreNotShown);
    CPPUNIT_TEST(languageIsSwitchedAndRemembered);
    CPPUNIT_TEST(checksComeWithWhatToDo);
    CPPUNIT_TEST(pluginsNameTheirOwnThings);
    CPPUNIT_TEST(namesOfAPluginComeWithAReload);
    CPPUNIT_TEST(rejectsAreReplayedAfterAQuestion);
    CPPUNIT_TEST(rejectsAreDismissedWithAReason);
    CPPUNIT_TEST(taskThatKeepsNothingHasNoSuchPages);
    CPPUNIT_TEST(runThatTheHistoryHasNoMoreTellsWhatIsKnown);
    CPPUNIT_TEST(openRejectsAreCountedWhereTheJobIs);
    CPPUNIT_TEST(itemsTellOfPeopleOnlyWhoMayReadThat);
    CPPUNIT_TEST(manyRejectsArePaged);
    CPPUNIT_TEST(logIsFiltered);
    CPPUNIT_TEST(runsAreFilteredAndPaged);
    CPPUNIT_TEST(assetsAreKeptByTheirContent);
    CPPUNIT_TEST(markupOfOthersIsText);
    CPPUNIT_TEST(runThatWasGivenUpSaysThatNoOtherFollows);
    CPPUNIT_TEST(daysOffAndBlackoutsAreShownToEverybody);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>("http.address = 127.0.0.1:0\n");
        _host->addJob("job", "warn", "job.title = A <b>title</b>\njob.schedule = 0 3 * * *\ntask.check = fail\n");
        _host->addJob("other", "wait", "task.wait = 3s\n");
    }
    void tearDown() override { _host.reset(); }

    void whoIsHereMayLookAndIsToldHowToAct() {
        start();
        Browser browser(_address);

        const auto overview = browser.get("/");
        CPPUNIT_ASSERT_EQUAL(200, overview.status);
        CPPUNIT_ASSERT(overview.has("href=\"/jobs/job\""));
        const auto job = browser.get("/jobs/job");
        CPPUNIT_ASSERT(job.has("carillon passwd"));
        CPPUNIT_ASSERT(!job.has("action=\"/jobs/job/run\""));
        const auto refused = browser.post("/jobs/job/run", "");
        CPPUNIT_ASSERT_EQUAL(403, refused.status);
        CPPUNIT_ASSERT(refused.has("carillon passwd NAME") && refused.has("<h1>Nobody is configured"));
    }

    void strangersSignInFirst() {
        addUser("alice", "operator");
        start();
        Browser browser(_address);

        const auto sent = browser.get("/jobs/job?outcome=failed");
        CPPUNIT_ASSERT_EQUAL(303, sent.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/sign-in?to=%2Fjobs%2Fjob%3Foutcome%3Dfailed"), sent.header("Location"));
        const auto form = browser.follow(sent);
        CPPUNIT_ASSERT_EQUAL(200, form.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/job?outcome=failed"), form.field("to"));
        const auto in = browser.post("/sign-in", "user=alice&password=" + formValue(kPassword) + "&to=%2Fjobs%2Fjob");
        CPPUNIT_ASSERT_EQUAL(303, in.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/job"), in.header("Location"));
        const auto cookie = in.header("Set-Cookie");
        CPPUNIT_ASSERT_MESSAGE(cookie, cookie.find("; HttpOnly; SameSite=Strict") != std::string::npos);
        CPPUNIT_ASSERT(browser.follow(in).has("action=\"/jobs/job/run\""));
        CPPUNIT_ASSERT_EQUAL(
            std::string("/"),
            browser.post("/sign-in", "user=alice&password=" + formValue(kPassword) + "&to=//evil.example")
                .header("Location"));
    }

    void wrongPasswordsAreToldInTheReadersLanguage() {
        addUser("alice", "operator");
        start();
        Browser browser(_address, "fr");

        const auto wrong = browser.signIn("alice", "not the password");
        CPPUNIT_ASSERT_EQUAL(401, wrong.status);
        CPPUNIT_ASSERT(wrong.has("Utilisateur inconnu ou mot de passe incorrect."));
        CPPUNIT_ASSERT(wrong.has("value=\"alice\"") && !wrong.has("not the password"));
        int status = 0;
        for (int i = 0; i < 8 && status != 429; ++i) status = browser.signIn("alice", "not the password").status;
        CPPUNIT_ASSERT_EQUAL(429, status);
        CPPUNIT_ASSERT_EQUAL(403, browser.postFrom("https://evil.example", "/sign-in", "user=alice&password=x").status);
    }

    void signOutNeedsTheTokenAndEndsTheSession() {
        Browser browser = signedIn("operator");

        CPPUNIT_ASSERT_EQUAL(403, browser.post("/sign-out", "csrf=wrong").status);
        const auto csrf = browser.get("/").field("csrf");
        CPPUNIT_ASSERT_EQUAL(303, browser.post("/sign-out", "csrf=" + csrf).status);
        CPPUNIT_ASSERT_EQUAL(303, browser.get("/").status);
    }

    void runIsBegunOnceHoweverOftenTheFormIsSent() {
        Browser browser = signedIn("operator");
        const auto page = browser.get("/jobs/job");
        const std::string form = "csrf=" + page.field("csrf") + "&key=" + page.field("key");

        auto twin = std::async(std::launch::async,
                               [other = browser, &form]() mutable { return other.post("/jobs/job/run", form); });
        const auto first = browser.post("/jobs/job/run", form);
        const auto second = twin.get();
        CPPUNIT_ASSERT(
            waitUntil([this] { return !_host->history("job").empty() && _host->history("job")[0].finishedAt; }));
        const auto third = browser.post("/jobs/job/run", form);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.body, 303, first.status);
        CPPUNIT_ASSERT_EQUAL(first.header("Location"), second.header("Location"));
        CPPUNIT_ASSERT_EQUAL(first.header("Location"), third.header("Location"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("job").size());
        CPPUNIT_ASSERT_EQUAL(std::string("web"), _host->history("job").front().trigger);
        const auto run = browser.follow(first);
        CPPUNIT_ASSERT(run.has("done, but") && run.has("one item was put aside") && run.has("run.finished"));
        const auto again = browser.get("/jobs/job");
        CPPUNIT_ASSERT(again.field("key") != page.field("key"));
        browser.post("/jobs/job/run", "csrf=" + again.field("csrf") + "&key=" + again.field("key"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _host->history("job").size());
    }

    void busyJobLeadsToItsRun() {
        Browser browser = signedIn("operator");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");

        const auto first = browser.post("/jobs/other/run", csrf + "&key=one");
        const auto second = browser.post("/jobs/other/run", csrf + "&key=two");

        const auto place = first.header("Location");
        CPPUNIT_ASSERT_EQUAL(place.substr(0, place.find('?')) + "?done=busy", second.header("Location"));
        const auto run = browser.follow(second);
        CPPUNIT_ASSERT(run.has("was running already") && run.has("data-live-run="));
        CPPUNIT_ASSERT(waitUntil([&] { return browser.follow(second).has("wait.began"); }));
    }

    void formsOfOtherSitesDoNothing() {
        Browser browser = signedIn("operator");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");

        CPPUNIT_ASSERT_EQUAL(403, browser.postFrom("https://evil.example", "/jobs/job/run", csrf).status);
        CPPUNIT_ASSERT_EQUAL(403, browser.postFrom("null", "/jobs/job/run", csrf).status);
        const auto without = browser.post("/jobs/job/run", "");
        CPPUNIT_ASSERT_EQUAL(403, without.status);
        CPPUNIT_ASSERT(without.has("The form is no longer valid."));
        CPPUNIT_ASSERT_EQUAL(403, browser.post("/jobs/job/pause", "csrf=wrong").status);
        CPPUNIT_ASSERT(_host->history("job").empty());
        CPPUNIT_ASSERT_EQUAL(std::string("same-origin"), browser.get("/").header("Referrer-Policy"));
    }

    void pauseAndResumeTakeTurns() {
        Browser browser = signedIn("operator");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");

        const auto paused = browser.follow(browser.post("/jobs/job/pause", csrf));
        CPPUNIT_ASSERT(paused.has("The job is paused.") && paused.has("action=\"/jobs/job/resume\""));
        const auto resumed = browser.follow(browser.post("/jobs/job/resume", csrf));
        CPPUNIT_ASSERT(resumed.has("The job fires again.") && resumed.has("action=\"/jobs/job/pause\""));
        CPPUNIT_ASSERT(resumed.has("Every day at 03:00"));
    }

    void runIsStoppedAfterAQuestion() {
        _host->addJob("long", "wait_for_stop");
        Browser browser = signedIn("operator");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        const auto begun = browser.post("/jobs/long/run", csrf + "&key=one").header("Location");
        const std::string place = begun.substr(0, begun.find('?'));
        CPPUNIT_ASSERT(browser.get(place).has("action=\"" + place + "/stop\""));

        const auto question = browser.post(place + "/stop", csrf);
        CPPUNIT_ASSERT(question.has("Your name is noted.") && question.has("action=\"" + place + "/stop/confirmed\""));
        CPPUNIT_ASSERT_EQUAL(std::string("running"), _host->history("long").back().outcome);
        const auto stopped = browser.follow(browser.post(place + "/stop/confirmed", csrf));

        CPPUNIT_ASSERT(stopped.has("It was asked to end."));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("long").back().outcome == "stopped"; }));
        const auto page = browser.get(place);
        CPPUNIT_ASSERT(page.has("<span class=\"badge warn\">stopped</span>") && page.has("stopped by alice"));
        CPPUNIT_ASSERT(!page.has(place + "/stop"));
        const auto again = browser.post(place + "/stop/confirmed", csrf);
        CPPUNIT_ASSERT_EQUAL(409, again.status);
        CPPUNIT_ASSERT(again.has("There is nothing to stop.") && again.has("has ended already: it stopped at "));
    }

    void jobIsStoppedAfterAQuestion() {
        _host->addJob("long", "wait_for_stop");
        Browser browser = signedIn("operator");
        CPPUNIT_ASSERT(!browser.get("/jobs/long").has("action=\"/jobs/long/stop\""));
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        browser.post("/jobs/long/run", csrf + "&key=one");
        CPPUNIT_ASSERT(browser.get("/jobs/long").has("action=\"/jobs/long/stop\""));

        CPPUNIT_ASSERT(browser.post("/jobs/long/stop", csrf).has("action=\"/jobs/long/stop/confirmed\""));
        CPPUNIT_ASSERT_EQUAL(403, browser.post("/jobs/long/stop/confirmed", "").status);
        const auto stopped = browser.post("/jobs/long/stop/confirmed", csrf);

        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/long?done=stopping"), stopped.header("Location"));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("long").back().outcome == "stopped"; }));
    }

    void rowsOfTheOverviewActAndLeadBack() {
        _host->addJob("long", "wait_for_stop", "job.title = The long one\n");
        Browser browser = signedIn("operator");
        const auto page = browser.get("/?sort=-job&state=manual");
        CPPUNIT_ASSERT(page.has("formaction=\"/jobs/long/run\"") && !page.has("formaction=\"/jobs/long/stop\""));
        CPPUNIT_ASSERT(page.has("aria-sort=\"descending\"") &&
                       page.has(">The long one</a> <span class=\"slug\">long<"));
        CPPUNIT_ASSERT_EQUAL(std::string("/?state=manual&amp;sort=-job"), page.field("to"));
        const std::string form =
            "csrf=" + page.field("csrf") + "&key=" + page.field("key") + "&to=" + formValue("/?state=manual&sort=-job");

        const auto begun = browser.post("/jobs/long/run", form);
        CPPUNIT_ASSERT_EQUAL(std::string("/?state=manual&sort=-job&done=started&job=long"), begun.header("Location"));
        const auto running = browser.get("/?done=started&job=long");
        CPPUNIT_ASSERT(running.has("The run has begun.") && running.has("formaction=\"/jobs/long/stop\""));
        CPPUNIT_ASSERT(!running.has("formaction=\"/jobs/long/run\"") && running.has("<progress aria-label"));
        const auto question = browser.post("/jobs/long/stop", form);
        CPPUNIT_ASSERT_EQUAL(std::string("/?state=manual&amp;sort=-job"), question.field("to"));
        const auto stopped = browser.post("/jobs/long/stop/confirmed", form);
        CPPUNIT_ASSERT(stopped.header("Location").ends_with("&done=stopping&job=long"));
        const auto paused = browser.post("/jobs/job/pause", "csrf=" + page.field("csrf") + "&to=//evil.example");
        CPPUNIT_ASSERT_EQUAL(std::string("/?done=paused&job=job"), paused.header("Location"));
        CPPUNIT_ASSERT(browser.get("/").has("formaction=\"/jobs/job/resume\""));
    }

    void marksLeadToWhatBecameOfTheirTime() {
        _host->addJob("often", "succeed", "job.schedule = * * * * * *\n");
        start();
        Browser browser(_address);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("often").size() > 1; }));
        const auto page = browser.get("/jobs/often");
        const auto at = page.body.find("/jobs/often/at/");
        CPPUNIT_ASSERT(at != std::string::npos);
        const std::string mark = page.body.substr(at, page.body.find('"', at) - at);

        const auto several = browser.get(mark);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(mark, 303, several.status);
        CPPUNIT_ASSERT_MESSAGE(several.header("Location"), several.header("Location").starts_with("/"));
        CPPUNIT_ASSERT_EQUAL(200, browser.follow(several).status);
        const auto ledger = browser.get("/ledger?job=often&end=ran");
        CPPUNIT_ASSERT(ledger.has("/jobs/often/why?at=") && ledger.has("<span class=\"badge good\">succeeded</span>"));
        CPPUNIT_ASSERT(browser.get("/ledger?end=missed").has("The ledger has no row that matches."));
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/ledger?since=yesteryear").status);
        CPPUNIT_ASSERT_EQUAL(404, browser.get("/jobs/often/at/never").status);
        CPPUNIT_ASSERT_EQUAL(404, browser.get("/jobs/often/at/1-999").status);
        CPPUNIT_ASSERT_EQUAL(404, browser.get("/jobs/none/at/1").status);
    }

    void coloursAreChosenAndRemembered() {
        start();
        Browser browser(_address);
        CPPUNIT_ASSERT(browser.get("/").has("<meta name=\"color-scheme\" content=\"light dark\">"));

        const auto dark = browser.post("/theme", "theme=dark&to=%2Flog");
        CPPUNIT_ASSERT_EQUAL(std::string("/log"), dark.header("Location"));
        CPPUNIT_ASSERT(browser.follow(dark).has("data-theme=\"dark\">"));
        browser.post("/theme", "theme=%22%3E&to=/");
        CPPUNIT_ASSERT(!browser.get("/").has("data-theme"));
    }

    void ledgerOfAllJobsIsPagedWithoutLoss() {
        for (int i = 0; i < 130; ++i)
            _host->addJob("j" + std::to_string(i), "succeed", "job.schedule = 0 3 1 1 *\njob.misfire = skip\n");
        start();
        Browser browser(_address);
        const std::string many =
            "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 129) "
            "INSERT INTO slot SELECT 'j' || i, 1700000000000000, 'missed', '', '', 'schedule', "
            "1700000000000000 FROM n";
        CPPUNIT_ASSERT_EQUAL(
            0, Command({"sqlite3", (_host->folder().path() / "state/carillon.db").string(), many}).run().exitCode);
        std::set<std::string> jobs;
        std::string path = "/ledger?end=missed";
        for (int pages = 0; !path.empty() && pages < 4; ++pages) {
            const auto page = browser.get(path);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 200, page.status);
            for (int i = 0; i < 130; ++i)
                if (page.has("href=\"/jobs/j" + std::to_string(i) + "\""))
                    CPPUNIT_ASSERT(jobs.insert("j" + std::to_string(i)).second);
            const auto link = page.body.rfind("/ledger?cursor=");
            std::string next =
                link == std::string::npos ? "" : page.body.substr(link, page.body.find('"', link) - link);
            if (const auto amp = next.find("&amp;"); amp != std::string::npos) next.replace(amp, 5, "&");
            path = next == path ? "" : next;
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{130}, jobs.size());
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/ledger?cursor=zz").status);
    }

    void usersAreShownWithoutTheirSecrets() {
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"token", "add", "monitor", "--role", "viewer"}).run().exitCode);
        addUser("bob", "viewer", {"--job", "job"});
        Browser browser = signedIn("operator");

        const auto page = browser.get("/users");
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(page.has(">alice <span class=\"slug\">you<") && page.has("bob") && page.has("monitor"));
        CPPUNIT_ASSERT(page.has("<span class=\"mono\">job</span>") && page.has("/activity?by=bob"));
        const std::string file = _host->folder().read("users.json");
        for (const char* name : {"\"salt\":\"", "\"hash\":\"", "\"token\":\""})
            if (const auto at = file.find(name); at != std::string::npos) {
                const auto from = at + std::string(name).size();
                CPPUNIT_ASSERT(!page.has(file.substr(from, file.find('"', from) - from)));
            }
        Browser bob(_address);
        bob.signIn("bob", kPassword);
        CPPUNIT_ASSERT_EQUAL(403, bob.get("/users").status);
        CPPUNIT_ASSERT(!bob.get("/").has("href=\"/users\"") && browser.get("/").has("href=\"/users\""));
    }

    void alertsTellWhatNeedsAPersonAndWhatWasSent() {
        _host->addJob("bad", "fail");
        _host->carillon({"run", "bad"}).run();
        start();
        Browser browser(_address);
        const auto page = browser.get("/alerts");
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(page.has("The last run of bad failed.") && page.has("No alert is kept."));

        const std::string alert =
            R"({"kind":"failed","job":"bad","title":"","host":"h","event":"e","run":"r1","message":"it <broke>",)"
            R"("count":2,"before":0,"at":"2026-11-28T03:00:00.000Z"})";
        const std::string row =
            "INSERT INTO alert (id, job, kind, channel, state, facts, created_at, due_at, attempts, fence, problem) "
            "VALUES ('a', 'bad', 'failed', 'mail', 'waiting', '" +
            alert + "', 1795000000000000, 4000000000000000, 3, 0, 'no <route>')";
        const auto added = Command({"sqlite3", (_host->folder().path() / "state/carillon.db").string(), row}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(added.err, 0, added.exitCode);
        const auto sent = browser.get("/alerts");
        CPPUNIT_ASSERT_MESSAGE(sent.body, sent.has("3 attempts") && sent.has("no &lt;route&gt;"));
        CPPUNIT_ASSERT_MESSAGE(sent.body, sent.has(">bad failed"));
        CPPUNIT_ASSERT(browser.get("/alerts?job=bad&kind=failed&channel=mail&state=waiting").has("3 attempts"));
        const auto none = browser.get("/alerts?kind=missed&until=2026-12-24");
        CPPUNIT_ASSERT(none.has("No alert matches.") && none.has("value=\"missed\" selected"));
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/alerts?kind=odd").status);
        const auto listed = _host->carillon({"alerts", "--job", "bad", "--kind", "failed", "--json"}).run();
        CPPUNIT_ASSERT_MESSAGE(listed.out, listed.out.find("\"job\":\"bad\",\"kind\":\"failed\"") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(2, _host->carillon({"alerts", "--state", "odd"}).run().exitCode);
    }

    void calendarsTellTheirDaysAndJobs() {
        start();
        CPPUNIT_ASSERT(Browser(_address).get("/calendars").has("No job has days off or blackouts."));
        _host->addJob("off", "warn",
                      "job.title = The one\njob.schedule = 0 3 * * *\njob.calendar = fr-holidays\n"
                      "job.blackout = 2026-01-01 00:00-2099-01-01 00:00\n");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);

        const auto page = Browser(_address).get("/calendars");
        CPPUNIT_ASSERT_MESSAGE(page.body, page.has("<a href=\"/jobs/off\">The one</a>") && page.has("-12-25 (No"));
        CPPUNIT_ASSERT_MESSAGE(page.body, page.has("Now:") && page.has("2099"));
        CPPUNIT_ASSERT_MESSAGE(page.body, page.has("Next blackouts") && page.has("2026-01-01 00:00 to Thu 2099-01-01"));
        CPPUNIT_ASSERT(page.has("<span class=\"touched\"><a href=\"/jobs/off\">The one</a></span>"));
    }

    void timelineShowsADayOfAllJobs() {
        _host->addJob("secret", "succeed");
        _host->carillon({"run", "secret"}).run();
        _host->carillon({"run", "other"}).run();
        addUser("bob", "viewer", {"--job", "other"});
        Browser browser = signedIn("viewer");
        const auto today = browser.get("/timeline");
        const auto run = _host->history("secret").front().run;
        CPPUNIT_ASSERT_EQUAL(200, today.status);
        CPPUNIT_ASSERT_MESSAGE(today.body, today.has("<a href=\"/runs/" + run + "\" tabindex=\"-1\"><title>"));
        CPPUNIT_ASSERT(today.has("2 succeeded") && today.has("type=\"date\" name=\"day\""));
        const auto before = browser.get("/timeline?day=2026-03-29&text=ot");
        CPPUNIT_ASSERT(before.has("value=\"2026-03-29\"") && before.has("/timeline?day=2026-03-28&amp;text=ot"));
        CPPUNIT_ASSERT(before.has(">other</a>") && !before.has(">secret</a>") && !before.has(run));
        CPPUNIT_ASSERT(browser.get("/timeline?day=2099-11-30").has("b-planned\" d=\"M180 "));
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/timeline?day=someday").status);
        Browser bob(_address);
        bob.signIn("bob", kPassword);
        CPPUNIT_ASSERT(!bob.get("/timeline").has("secret") && bob.get("/timeline").has("1 succeeded"));
    }

    void chartsCountRunsByDayAndWeek() {
        _host->carillon({"run", "job"}).run();
        _host->carillon({"run", "job"}).run();
        _host->carillon({"run", "other"}).run();
        addUser("bob", "viewer", {"--job", "other"});
        Browser browser = signedIn("viewer");
        const auto days = browser.get("/charts");
        CPPUNIT_ASSERT_EQUAL(200, days.status);
        CPPUNIT_ASSERT_MESSAGE(days.body, days.has("3 succeeded</title>") && days.has("href=\"/timeline?day="));
        CPPUNIT_ASSERT(browser.get("/charts?by=week").has("href=\"/ledger?since="));
        CPPUNIT_ASSERT(browser.get("/charts?job=job").has("2 succeeded</title>"));
        Browser bob(_address);
        bob.signIn("bob", kPassword);
        CPPUNIT_ASSERT(bob.get("/charts").has("1 succeeded</title>") && !bob.get("/charts").has(">job<"));
        CPPUNIT_ASSERT_EQUAL(404, bob.get("/charts?job=job").status);
    }

    void helpIsTheGuide() {
        start();
        const auto page = Browser(_address).get("/help");
        CPPUNIT_ASSERT(page.has("<h1 id=\"running-a-host\">") && page.has("<a href=\"#the-page\">"));
        CPPUNIT_ASSERT(Browser(_address, "fr").get("/help").has("<h2 id=\"la-page\">"));
        CPPUNIT_ASSERT(Browser(_address).get("/").has("href=\"/help\""));
    }

    void viewersSeeNoForms() {
        Browser browser = signedIn("viewer");
        const auto page = browser.get("/jobs/job");

        CPPUNIT_ASSERT(page.has("You may look, and not act.") && !page.has("action=\"/jobs/job/run\""));
        const auto refused = browser.post("/jobs/job/run", "csrf=" + page.field("csrf"));
        CPPUNIT_ASSERT_EQUAL(403, refused.status);
        CPPUNIT_ASSERT(refused.has("role of an operator"));
    }

    void jobsOfOthersAreNotShown() {
        Browser browser = signedIn("operator", {"--job", "job"});

        const auto overview = browser.get("/");
        CPPUNIT_ASSERT(overview.has("/jobs/job\"") && !overview.has("/jobs/other"));
        for (const char* path : {"/jobs/other", "/jobs/other/rejects", "/jobs/other/check", "/log?job=other"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, 404, browser.get(path).status);
        CPPUNIT_ASSERT(!browser.get("/log").has("other"));
        CPPUNIT_ASSERT_EQUAL(404, browser.post("/jobs/other/run", "csrf=" + overview.field("csrf")).status);
    }

    void languageIsSwitchedAndRemembered() {
        start();
        Browser browser(_address, "fr-FR,fr;q=0.9");
        CPPUNIT_ASSERT(browser.get("/").has("<html lang=\"fr\">"));

        const auto switched = browser.post("/language", "language=en&to=%2Fjobs%2Fjob");
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/job"), switched.header("Location"));
        CPPUNIT_ASSERT(browser.follow(switched).has("<html lang=\"en\">"));
        CPPUNIT_ASSERT(browser.get("/").has("<h1>Overview</h1>"));
        const auto missing = Browser(_address, "fr").get("/jobs/none");
        CPPUNIT_ASSERT_EQUAL(404, missing.status);
        CPPUNIT_ASSERT(missing.has("Cette tâche n’existe pas."));
    }

    void daysOffAndBlackoutsAreShownToEverybody() {
        _host->addJob("off", "warn",
                      "job.schedule = 0 3 * * *\njob.timezone = Europe/Paris\njob.calendar = fr-holidays, weekends\n"
                      "job.blackout = 2026-01-01 00:00-2099-01-01 00:00\n");
        start();

        const auto page = Browser(_address).get("/jobs/off");
        CPPUNIT_ASSERT(page.has("Not on days off (public holidays in France, weekends)"));
        CPPUNIT_ASSERT(page.has("Not during 2026-01-01 00:00-2099-01-01 00:00"));
        CPPUNIT_ASSERT(page.has("Does not fire by itself now ("));
        CPPUNIT_ASSERT(page.has("blackout (2026-01-01 00:00-2099-01-01 00:00)"));
        CPPUNIT_ASSERT(page.has("2 Jan 2099, "));
        const auto french = Browser(_address, "fr").get("/jobs/off");
        CPPUNIT_ASSERT(
            french.has("Sauf les jours non travaill\u00e9s (jours f\u00e9ri\u00e9s en France, fins de semaine)"));
        CPPUNIT_ASSERT(french.has("plage d\u2019exclusion (2026-01-01 00:00-2099-01-01 00:00)"));
        const auto next = Browser(_address).get("/api/v1/jobs/off/next?n=1");
        CPPUNIT_ASSERT(next.has(R"("skipped_before":[{"utc":)") && next.has(R"("local":"2099-01-02T03:00:00+01:00")"));
        CPPUNIT_ASSERT(Browser(_address).get("/api/v1/jobs/off").has(R"("calendars":["fr-holidays","weekends"])"));
        const auto run = _host->carillon({"run", "off"}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(run.err, 0, run.exitCode);
        CPPUNIT_ASSERT_MESSAGE(run.err, run.err.find("; it runs now since you ask for it") != std::string::npos);
    }

    void checksComeWithWhatToDo() {
        Browser browser = signedIn("operator");
        CPPUNIT_ASSERT(browser.get("/jobs/job/check").has("action=\"/jobs/job/check\""));

        const auto checked = browser.post("/jobs/job/check", "csrf=" + browser.get("/").field("csrf"));

        CPPUNIT_ASSERT_EQUAL(200, checked.status);
        CPPUNIT_ASSERT(checked.has("all is well") && checked.has("<dd class=\"mono\">42</dd>"));
        CPPUNIT_ASSERT(checked.has("something is missing") && checked.has("bring it"));
        CPPUNIT_ASSERT(checked.has("1 check failed.") && checked.has("</html>"));
        CPPUNIT_ASSERT(_host->history("job").empty());
    }

    void pluginsNameTheirOwnThings() {
        _host->folder().write("plugins/Troublemaker.en.properties",
                              "task.Troublemaker.run = Make trouble <b>now</b>\ncounter.items = things kept & done\n"
                              "check.first = first of all\ndetail.answer = the answer\n"
                              "reason.unknown_token = a stranger\n");
        _host->addJob("counting", "succeed");
        Browser browser = signedIn("operator");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");

        CPPUNIT_ASSERT(browser.get("/jobs/job").has(">Make trouble &lt;b&gt;now&lt;/b&gt;</button>"));
        CPPUNIT_ASSERT(browser.get("/jobs/job/rejects").has("a stranger"));
        const auto checked = browser.post("/jobs/job/check", csrf);
        CPPUNIT_ASSERT(checked.has("first of all") && checked.has(">the answer<") && checked.has("second"));
        const auto run = browser.post("/jobs/counting/run", csrf + "&key=one");
        CPPUNIT_ASSERT(waitUntil([&] { return browser.follow(run).has("things kept &amp; done"); }));
        CPPUNIT_ASSERT(browser.follow(run).has(">bytes<"));

        browser.post("/language", "language=fr&to=/&" + csrf);
        CPPUNIT_ASSERT(browser.get("/jobs/job").has(">Lancer maintenant</button>"));
        CPPUNIT_ASSERT(browser.get("/jobs/job/rejects").has("unknown_token"));
    }

    void namesOfAPluginComeWithAReload() {
        Browser browser = signedIn("operator");
        CPPUNIT_ASSERT(browser.get("/jobs/job").has(">Run now</button>"));

        const auto file =
            _host->folder().write("plugins/Troublemaker.en.properties", "task.Troublemaker.run = Make trouble\n");
        CPPUNIT_ASSERT(browser.get("/jobs/job").has(">Run now</button>"));
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        CPPUNIT_ASSERT(browser.get("/jobs/job").has(">Make trouble</button>"));

        std::filesystem::permissions(file, std::filesystem::perms::others_write, std::filesystem::perm_options::add);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        CPPUNIT_ASSERT(browser.get("/jobs/job").has(">Run now</button>"));
        CPPUNIT_ASSERT_MESSAGE(_host->log(), _host->log().find("texts.refused file=") != std::string::npos);
    }

    void rejectsAreReplayedAfterAQuestion() {
        Browser browser = signedIn("operator");
        const auto page = browser.get("/jobs/job/rejects");
        CPPUNIT_ASSERT(page.has("item 3") && page.has("unknown_token") && page.has("nobody knows it"));
        const std::string csrf = "csrf=" + page.field("csrf");

        const auto question = browser.post("/jobs/job/replay", csrf + "&id=1&id=3");
        CPPUNIT_ASSERT(question.has("2 rejects are decided anew.") && question.has("name=\"id\" value=\"3\""));
        CPPUNIT_ASSERT(_host->history("job").empty());
        const auto begun = browser.post("/jobs/job/replay/confirmed", csrf + "&id=1&id=3&key=" + question.field("key"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(begun.body, 303, begun.status);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").front().message == "replayed 2"; }));
        CPPUNIT_ASSERT_EQUAL(400, browser.post("/jobs/job/replay/confirmed", csrf).status);
    }

    void rejectsAreDismissedWithAReason() {
        Browser browser = signedIn("operator");
        const auto page = browser.get("/jobs/job/rejects");
        CPPUNIT_ASSERT(page.has("formaction=\"/jobs/job/dismiss\""));
        const std::string csrf = "csrf=" + page.field("csrf");

        const auto question = browser.post("/jobs/job/dismiss", csrf + "&id=1&id=3");
        CPPUNIT_ASSERT(question.has("2 rejects are let go.") && question.has("name=\"id\" value=\"3\""));
        const std::string form = csrf + "&id=1&id=3&key=" + question.field("key") + "&reason=";
        const auto without = browser.post("/jobs/job/dismiss/confirmed", form + "+%09");
        CPPUNIT_ASSERT_EQUAL(400, without.status);
        CPPUNIT_ASSERT(without.has("A dismissal needs a reason."));
        CPPUNIT_ASSERT_EQUAL(400, browser.post("/jobs/job/dismiss", csrf).status);
        CPPUNIT_ASSERT_EQUAL(400, browser.post("/jobs/job/dismiss", csrf + "&all=1").status);
        CPPUNIT_ASSERT(_host->history("job").empty());

        const auto begun = browser.post("/jobs/job/dismiss/confirmed", form + "on%20paper");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(begun.body, 303, begun.status);
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->history("job").front().message == "dismissed 2 for alice: on paper"; }));
        CPPUNIT_ASSERT(waitUntil([&browser] {
            const auto activity = browser.get("/activity?what=dismiss");
            return activity.has("rejects 1, 3: on paper") && activity.has("dismissal of rejects");
        }));
    }

    void openRejectsAreCountedWhereTheJobIs() {
        _host->addJob("aside", "put_aside", "");
        Browser browser = signedIn("operator");
        _host->carillon({"run", "aside"}).run();

        CPPUNIT_ASSERT(waitUntil([&browser] { return browser.get("/").has(">3 rejects</a>"); }));
        CPPUNIT_ASSERT(browser.get("/").has("<a class=\"badge warn\" href=\"/jobs/aside/rejects\">"));
        CPPUNIT_ASSERT(browser.get("/jobs/aside").has("Rejects <span class=\"badge warn\">3</span>"));
        CPPUNIT_ASSERT(!browser.get("/jobs/job").has("Rejects <span"));
        const auto status = _host->carillon({"status", "--json"}).run();
        CPPUNIT_ASSERT_MESSAGE(status.out, status.out.find("\"open_rejects\":3") != std::string::npos);
    }

    void itemsTellOfPeopleOnlyWhoMayReadThat() {
        addUser("viewer", "viewer");
        addUser("reader", "viewer", {"--people", "yes"});
        addUser("discreet", "operator", {"--people", "no"});
        Browser boss = signedIn("operator");
        const auto seenBy = [this](const std::string& name, const std::string& query) {
            Browser browser(_address);
            CPPUNIT_ASSERT_EQUAL(303, browser.signIn(name, kPassword).status);
            return browser.get("/jobs/job/items" + query);
        };

        const auto all = boss.get("/jobs/job/items");
        CPPUNIT_ASSERT(all.has("item 3") && all.has("Zoé &lt;Z&gt;") && all.has("name=\"person\""));
        CPPUNIT_ASSERT(all.has("row 3") && all.has("dismissed by anna") && all.has("on paper too"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, countOf(all.body, "type=\"checkbox\""));
        CPPUNIT_ASSERT(seenBy("reader", "").has("Zoé"));
        CPPUNIT_ASSERT(!seenBy("reader", "").has("type=\"checkbox\""));
        for (const char* name : {"viewer", "discreet"}) {
            const auto some = seenBy(name, "");
            CPPUNIT_ASSERT(some.has("item 3") && !some.has("Zoé") && !some.has("name=\"person\""));
            CPPUNIT_ASSERT_EQUAL(403, seenBy(name, "?person=zo").status);
        }
        CPPUNIT_ASSERT_EQUAL(200, seenBy("reader", "?person=zo").status);
        CPPUNIT_ASSERT_EQUAL(400, seenBy("reader", "?state=lost").status);
        CPPUNIT_ASSERT(seenBy("reader", "?state=rejected").has("item 1"));
        CPPUNIT_ASSERT(!seenBy("reader", "?state=rejected").has("item 2"));
    }

    void manyRejectsArePaged() {
        _host->addJob("many", "succeed", "task.lines = 230\n");
        start();
        Browser browser(_address);
        std::vector<std::size_t> rows;
        std::string next = "/jobs/many/rejects?reason=unknown_token";

        while (!next.empty() && rows.size() < 5) {
            const std::string path = next;
            const auto page = browser.get(path);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(next, 200, page.status);
            CPPUNIT_ASSERT_MESSAGE(next, page.has("item " + std::to_string(100 * rows.size() + 1) + "<"));
            rows.push_back(countOf(page.body, "nobody knows it"));
            // The last one: the language's form names the page itself, before.
            const auto link = page.body.rfind("/jobs/many/rejects?cursor=");
            next = link == std::string::npos ? "" : page.body.substr(link, page.body.find('"', link) - link);
            if (const auto amp = next.find("&amp;"); amp != std::string::npos) next.replace(amp, 5, "&");
            if (next == path) next.clear();
            CPPUNIT_ASSERT(next.empty() || next.find("reason=unknown_token") != std::string::npos);
        }

        CPPUNIT_ASSERT((rows == std::vector<std::size_t>{100, 100, 30}));
    }

    void logIsFiltered() {
        Browser browser = signedIn("operator");
        browser.post("/jobs/job/run", "csrf=" + browser.get("/").field("csrf"));
        CPPUNIT_ASSERT(waitUntil([&] { return browser.get("/log?job=job").has("run.finished"); }));

        CPPUNIT_ASSERT(browser.get("/log").has("run.started"));
        CPPUNIT_ASSERT(!browser.get("/log?text=finished").has("run.started"));
        CPPUNIT_ASSERT(browser.get("/log?level=error&job=job").has("No line matches."));
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/log?level=loud").status);
        // A pattern means several jobs, as it does to the verb.
        CPPUNIT_ASSERT(browser.get("/log?job=j*b&text=FINISHED").has("run.finished"));
        CPPUNIT_ASSERT(browser.get("/log?job=j*b").has("data-pattern=\"j*b\""));
        CPPUNIT_ASSERT_EQUAL(404, browser.get("/log?job=none-*").status);
    }

    void taskThatKeepsNothingHasNoSuchPages() {
        _host->folder().addJob("idle", "job.plugin = Troublemaker\njob.task = IdleTask\n");
        Browser browser = signedIn("operator");
        const auto page = browser.get("/jobs/idle");

        CPPUNIT_ASSERT(browser.get("/jobs/job").has("href=\"/jobs/job/items\""));
        CPPUNIT_ASSERT(!page.has("/jobs/idle/items") && !page.has("/jobs/idle/rejects"));
        const auto items = browser.get("/jobs/idle/items");
        CPPUNIT_ASSERT_EQUAL(404, items.status);
        CPPUNIT_ASSERT_MESSAGE(items.body, items.has("does not keep what it was given."));
        CPPUNIT_ASSERT_EQUAL(404, browser.get("/jobs/idle/rejects").status);
        const std::string csrf = "csrf=" + page.field("csrf");
        for (const char* act : {"replay", "replay/confirmed", "dismiss", "dismiss/confirmed"}) {
            const auto refused = browser.post(std::string("/jobs/idle/") + act, csrf + "&id=1&reason=none&key=k");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(act, 404, refused.status);
        }
        CPPUNIT_ASSERT(_host->history("idle").empty());
    }

    void runThatTheHistoryHasNoMoreTellsWhatIsKnown() {
        Browser browser = signedIn("operator");
        browser.post("/jobs/job/run", "csrf=" + browser.get("/").field("csrf"));
        CPPUNIT_ASSERT(waitUntil([this] {
            const auto rows = _host->history("job");
            return !rows.empty() && rows.front().finishedAt != 0;
        }));
        const std::string run = _host->history("job").front().run;
        Command({"sqlite3", _host->at("state/carillon.db"), "PRAGMA busy_timeout = 5000; DELETE FROM run"}).run();

        const auto gone = browser.get("/runs/" + run);
        const auto never = browser.get("/runs/20261122-103223-1a2b3c4d");

        CPPUNIT_ASSERT_EQUAL(404, gone.status);
        CPPUNIT_ASSERT_MESSAGE(gone.body, gone.has("The history no longer has this run") &&
                                              gone.has("href=\"/jobs/job\"") && gone.has("<dd>alice</dd>") &&
                                              gone.has("run.finished"));
        CPPUNIT_ASSERT_EQUAL(404, never.status);
        CPPUNIT_ASSERT_MESSAGE(never.body, never.has("There is no such run.") && never.has("Its number is wrong"));
    }

    void runsAreFilteredAndPaged() {
        for (int i = 0; i < 27; ++i) CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        start();
        Browser browser(_address);

        const auto first = browser.get("/jobs/job?outcome=succeeded");
        const auto link = first.body.find("/jobs/job?cursor=");
        CPPUNIT_ASSERT(link != std::string::npos);
        const auto end = first.body.find('#', link);
        std::string next = first.body.substr(link, end - link);
        if (const auto amp = next.find("&amp;"); amp != std::string::npos) next.replace(amp, 5, "&");
        const auto second = browser.get(next);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(next, std::size_t{25}, countOf(first.body, "<th scope=\"row\">"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, countOf(second.body, "<th scope=\"row\">"));
        CPPUNIT_ASSERT(browser.get("/jobs/job?outcome=failed").has("No run matches."));
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/jobs/job?cursor=zz").status);
    }

    void assetsAreKeptByTheirContent() {
        start();
        Browser browser(_address);
        const auto page = browser.get("/");
        const auto at = page.body.find("/static/");
        const std::string path = page.body.substr(at, page.body.find('"', at) - at);

        const auto asset = browser.get(path);
        CPPUNIT_ASSERT_EQUAL(200, asset.status);
        CPPUNIT_ASSERT(asset.header("Cache-Control").find("immutable") != std::string::npos);
        std::string other = path;
        other[8] = other[8] == '0' ? '1' : '0';
        CPPUNIT_ASSERT_EQUAL(404, browser.get(other).status);
        CPPUNIT_ASSERT_EQUAL(std::string("no-store"), page.header("Cache-Control"));
    }

    void runThatWasGivenUpSaysThatNoOtherFollows() {
        _host->addJob("hopeless", "give_up");
        Browser browser = signedIn("viewer");
        _host->carillon({"run", "hopeless"}).run();

        const auto page = browser.get("/runs/" + _host->history("hopeless").back().run);

        CPPUNIT_ASSERT_MESSAGE(page.body, page.has("1<br>No further one follows: only a person can help"));
    }

    void markupOfOthersIsText() {
        start();
        const auto page = Browser(_address).get("/?text=%3Cscript%3E");

        CPPUNIT_ASSERT(!page.has("<script>") && page.has("value=\"&lt;script&gt;\""));
        CPPUNIT_ASSERT(Browser(_address).get("/").has("A &lt;b&gt;title&lt;/b&gt;"));
    }

private:
    inline static const std::string kPassword = "correct horse + battery";

    void start() {
        _host->start();
        const std::string log = _host->log();
        const std::string before = "http.listening address=http://";
        const auto at = log.find(before) + before.size();
        _address = log.substr(at, log.find('\n', at) - at);
    }

    void addUser(const std::string& name, const std::string& role, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"passwd", name, "--role", role});
        const auto made = _host->carillon(more).input(kPassword + "\n").run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
    }

    Browser signedIn(const std::string& role, const std::vector<std::string>& more = {}) {
        addUser("alice", role, more);
        start();
        Browser browser(_address);
        const auto in = browser.signIn("alice", kPassword);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(in.body, 303, in.status);
        return browser;
    }

    static std::size_t countOf(const std::string& text, const std::string& part) {
        std::size_t count = 0;
        for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
        return count;
    }

    std::unique_ptr<ServedHost> _host{};
    std::string _address{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServePagesTest);
