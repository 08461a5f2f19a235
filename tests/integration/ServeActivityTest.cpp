#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeParser.h"
#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "support/Browser.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;

/// Who did what with a host that runs: on its command line, its page and its API.
class ServeActivityTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeActivityTest);
    CPPUNIT_TEST(commandsAreOfTheUserWhomTheSystemNames);
    CPPUNIT_TEST(pageAndApiAreOfWhoSignedInOrShowedAToken);
    CPPUNIT_TEST(refusalsSayWhy);
    CPPUNIT_TEST(strangersAreCountedAndTheirTextsAreNotKept);
    CPPUNIT_TEST(secretsAreNotKept);
    CPPUNIT_TEST(viewersSeeTheirJobsAlone);
    CPPUNIT_TEST(pagesLeaveNothingOut);
    CPPUNIT_TEST(wrongFiltersAreRefused);
    CPPUNIT_TEST(pageShowsAndFiltersIt);
    CPPUNIT_TEST(pauseEndsByItself);
    CPPUNIT_TEST(pauseByThePageHasItsEndAndNote);
    CPPUNIT_TEST(wrongEndsOfAPauseAreRefused);
    CPPUNIT_TEST(actsThatTheStoreDoesNotTakeAreDoneAllTheSame);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>("http.address = 127.0.0.1:0\nhost.timezone = Europe/Paris\n");
        _host->addJob("job", "succeed", "job.schedule = 0 3 * * *\n");
        _host->addJob("other", "wait_for_stop");
        addUser("alice", "operator");
        addUser("victor", "viewer");
        _robot = token("robot", {"--role", "operator"});
        _looks = token("looks", {"--role", "viewer"});
        _one = token("one", {"--role", "operator", "--job", "job"});
        start();
    }

    void commandsAreOfTheUserWhomTheSystemNames() {
        _host->carillon({"run", "job", "--set", "task.wait=1s"}).run();
        _host->carillon({"pause", "job", "--note", "travaux"}).set("SUDO_UID", "1").run();
        _host->carillon({"resume", "job"}).run();
        _host->carillon({"reload"}).run();
        auto running = _host->carillon({"run", "other"}).start();
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->history("other").empty(); }));
        _host->carillon({"stop", "other"}).run();
        running.wait();

        const std::string me = nameOf(::getuid());
        expectRow("run", me + "|command line|job|with other task.wait|done");
        expectRow("pause", me + " (" + nameOf(1) + ")|command line|job|travaux|done");
        expectRow("resume", me + "|command line|job||done");
        expectRow("reload", me + "|command line|||done");
        expectRow("stop", me + "|command line|other||done");
        expectRow("start", "|host|||done", "version ");
        const auto rows = this->rows("?what=run&job=job");
        CPPUNIT_ASSERT_EQUAL(_host->history("job").front().run, rows->getObject(0)->getValue<std::string>("subject"));
    }

    void pageAndApiAreOfWhoSignedInOrShowedAToken() {
        Browser browser = signedIn("alice");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        browser.post("/jobs/job/run", csrf + "&key=one");
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() == 1; }));
        expect("202", ask("POST", "/api/v1/jobs/other/run", _robot));
        expect("202", ask("POST", "/api/v1/jobs/other/stop", _robot));
        browser.post("/sign-out", csrf);

        expectRow("run", "alice|page|job||done");
        expectRow("run", "robot|api|other||done");
        expectRow("stop", "robot|api|other||done");
        expectRow("sign-in", "alice|page|||done");
        expectRow("sign-out", "alice|page|||done");
        const auto first = rows("?what=sign-in")->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), first->getObject("by")->getValue<std::string>("address"));
    }

    void refusalsSayWhy() {
        Browser browser = signedIn("victor");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT_EQUAL(403, browser.post("/jobs/job/pause", csrf).status);
        CPPUNIT_ASSERT_EQUAL(403, browser.post("/jobs/<made-up>/run", csrf).status);
        expect("409", ask("POST", "/api/v1/jobs/job/stop", _robot));

        const auto pause = rows("?what=pause")->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("refused"), pause->getValue<std::string>("outcome"));
        CPPUNIT_ASSERT_EQUAL(std::string("victor may look, and not act"), pause->getValue<std::string>("reason"));
        CPPUNIT_ASSERT_EQUAL(3, pause->getValue<int>("times"));
        CPPUNIT_ASSERT(rows("?what=run")->getObject(0)->isNull("job"));
        const auto stop = rows("?what=stop")->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("there was nothing to stop"), stop->getValue<std::string>("reason"));
    }

    void strangersAreCountedAndTheirTextsAreNotKept() {
        Browser browser(_address);
        browser.signIn("alice", "not the password");
        browser.signIn("my secret password", "alice");
        for (int i = 0; i < 3; ++i) get("/api/v1/status", "Authorization: Bearer carillon_guess\r\n");

        const auto found = rows("?what=sign-in");
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, found->size());
        CPPUNIT_ASSERT_EQUAL(3, found->getObject(0)->getValue<int>("times"));
        CPPUNIT_ASSERT_EQUAL(std::string("a token"), found->getObject(0)->getValue<std::string>("note"));
        CPPUNIT_ASSERT(found->getObject(1)->isNull("subject"));
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), found->getObject(2)->getValue<std::string>("subject"));
        for (unsigned i = 0; i < 3; ++i) {
            const auto by = found->getObject(i)->getObject("by");
            CPPUNIT_ASSERT_EQUAL(std::string("nobody"), by->getValue<std::string>("kind"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string::npos, activity({"--json"}).find("secret"));
    }

    void secretsAreNotKept() {
        _host->carillon({"run", "job", "--set", "task.password=quite secret"}).run();
        ask("POST", "/api/v1/jobs/job/replay", _robot, R"({"ids":[1],"set":{"action":"quite secret"}})");

        const std::string all = activity({"--json", "-n", "100"});

        CPPUNIT_ASSERT_MESSAGE(all, all.find("corrected: action") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(all, all.find("quite secret") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(all, all.find("carillon_") == std::string::npos);
    }

    void viewersSeeTheirJobsAlone() {
        _host->carillon({"pause", "job"}).run();
        _host->carillon({"pause", "other"}).run();
        expect("200", ask("POST", "/api/v1/jobs/job/resume", _robot));
        CPPUNIT_ASSERT(
            waitUntil([&] { return get("/api/v1/activity", _robot).find("\"resume\"") != std::string::npos; }));

        const std::string seen = get("/api/v1/activity", _looks);
        const std::string ofOne = get("/api/v1/activity", _one);

        CPPUNIT_ASSERT_MESSAGE(seen, seen.find("\"job\":\"other\"") != std::string::npos);
        for (const auto* hidden : {"add-token", "start", "127.0.0.1"}) {
            CPPUNIT_ASSERT_MESSAGE(seen, seen.find(hidden) == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(ofOne, ofOne.find(hidden) == std::string::npos);
        }
        CPPUNIT_ASSERT_MESSAGE(ofOne, ofOne.find("\"job\":\"job\"") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(ofOne, ofOne.find("other") == std::string::npos);
        expect("404", get("/api/v1/activity?job=other", _one));
        expect("401", get("/api/v1/activity"));
        CPPUNIT_ASSERT(get("/api/v1/activity", _robot).find("127.0.0.1") != std::string::npos);
    }

    void pagesLeaveNothingOut() {
        for (int i = 0; i < 3; ++i) {
            _host->carillon({"pause", "job"}).run();
            _host->carillon({"resume", "job"}).run();
        }
        CPPUNIT_ASSERT(waitUntil([this] { return rows("?job=job")->size() == 6; }));

        std::string acts;
        std::string cursor;
        do {
            const auto page = json(get("/api/v1/activity?limit=2" + cursor, _looks));
            const auto items = page->getArray("items");
            for (const auto& row : *items)
                acts += row.extract<Poco::JSON::Object::Ptr>()->getValue<std::string>("what") + ' ';
            cursor = page->isNull("next") ? "" : "&cursor=" + page->getValue<std::string>("next");
        } while (!cursor.empty());

        CPPUNIT_ASSERT_EQUAL(std::string("resume pause resume pause resume pause "), acts);
    }

    void wrongFiltersAreRefused() {
        for (const auto* query : {"?what=dance", "?since=noon", "?cursor=zz", "?cursor=2d31", "?limit=0"})
            expect("400", get(std::string("/api/v1/activity") + query, _robot));
        const auto what = _host->carillon({"activity", "--what", "dance"}).run();
        CPPUNIT_ASSERT_EQUAL(2, what.exitCode);
        CPPUNIT_ASSERT_MESSAGE(what.err, what.err.starts_with("carillon: error: --what dance, expected one of run, "));
        const auto since = _host->carillon({"activity", "--since", "noon"}).run();
        CPPUNIT_ASSERT_EQUAL(2, since.exitCode);
        CPPUNIT_ASSERT_MESSAGE(since.err, since.err.starts_with("carillon: error: --since: \"noon\" is no time"));
        const auto none = _host->carillon({"activity", "--by", "nobody-here"}).run();
        CPPUNIT_ASSERT_EQUAL(0, none.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing was recorded that matches\n"), none.err);
    }

    void pageShowsAndFiltersIt() {
        const std::string kSignIn = ">sign-in</span>";
        Browser browser = signedIn("alice");
        _host->carillon({"pause", "job", "--note", "<b>travaux</b>"}).run();
        CPPUNIT_ASSERT(waitUntil([&] { return browser.get("/activity").has("&lt;b&gt;travaux&lt;/b&gt;"); }));

        const auto page = browser.get("/activity");
        CPPUNIT_ASSERT(page.has("Who did what, newest first") && page.has(kSignIn) && page.has("user added"));
        CPPUNIT_ASSERT(page.has("href=\"/activity\" aria-current=\"page\""));
        CPPUNIT_ASSERT(browser.get("/jobs/job").has("href=\"/activity?job=job\""));
        const auto ofJob = browser.get("/activity?job=job&what=pause");
        CPPUNIT_ASSERT(ofJob.has(">pause<") && !ofJob.has(kSignIn) && ofJob.has("Show all"));
        const auto none = browser.get("/activity?by=nobody-here");
        CPPUNIT_ASSERT(none.has("Nothing was recorded that matches."));
        CPPUNIT_ASSERT_EQUAL(400, browser.get("/activity?what=dance").status);
    }

    void pauseEndsByItself() {
        _host->addJob("each", "succeed", "job.schedule = * * * * * *\n");
        _host->carillon({"reload"}).run();

        const std::string note = "travaux sur la base";
        const auto pause = _host->carillon({"pause", "each", "--until", "2h", "--note", note}).run();
        const auto shown = _host->carillon({"status", "each"}).run();
        const auto listed = _host->carillon({"jobs", "each"}).run();

        const std::string me = nameOf(::getuid());
        CPPUNIT_ASSERT_MESSAGE(pause.out, pause.out.starts_with("paused each until "));
        CPPUNIT_ASSERT_MESSAGE(shown.err, shown.err.starts_with("each is paused by " + me + " since "));
        CPPUNIT_ASSERT_MESSAGE(shown.err, shown.err.ends_with(": " + note + "\n"));
        CPPUNIT_ASSERT_EQUAL(shown.err.substr(0, 20), listed.err.substr(0, 20));
        CPPUNIT_ASSERT_MESSAGE(listed.out, listed.out.find("paused") != std::string::npos);
        const std::string reason = "paused by " + me + ": " + note;
        CPPUNIT_ASSERT(waitUntil([&] { return lastSlot("each").reason == reason; }));

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "each", "--until", "4s", "--note", note}).run().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return lastSlot("each").end == "ran"; }));

        // The end counts from when the command began, which was before the host noted it.
        const std::int64_t until = atOf(rows("?what=pause&job=each")->getObject(0)) + 4 * kSecond;
        const auto slots = _host->ledger("each");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
        for (const auto& slot : slots) CPPUNIT_ASSERT(slot.reason != reason || slot.slot < until);
        expectRow("resume", "|host|each|the pause by " + me + " was over|done");
    }

    void pauseByThePageHasItsEndAndNote() {
        Browser browser = signedIn("alice");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        CPPUNIT_ASSERT(browser.get("/jobs/job").has("Until (time in Europe/Paris)"));

        const auto page =
            browser.follow(browser.post("/jobs/job/pause", csrf + "&until=" + formValue("2999-12-24T18:00") +
                                                               "&note=" + formValue("congés d'été")));

        CPPUNIT_ASSERT(page.has("Paused by") && page.has("alice") && page.has("congés d") && page.has("24 Dec"));
        CPPUNIT_ASSERT(page.has("nothing fires before"));
        const auto pause = json(get("/api/v1/jobs/job", _looks))->getObject("pause");
        CPPUNIT_ASSERT_EQUAL(std::string("alice"), pause->getValue<std::string>("by"));
        CPPUNIT_ASSERT_EQUAL(std::string("2999-12-24T17:00:00.000Z"), pause->getValue<std::string>("until"));
        CPPUNIT_ASSERT_EQUAL(std::string("congés d'été"), pause->getValue<std::string>("note"));
    }

    void wrongEndsOfAPauseAreRefused() {
        const std::string path = "/api/v1/jobs/job/pause";
        expect("400", ask("POST", path, _robot, R"({"until":"2020-01-01"})"));
        expect("400", ask("POST", path, _robot, R"({"until":"noon"})"));
        expect("400", ask("POST", path, _robot, R"({"until":12})"));
        Browser browser = signedIn("alice");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        const auto page = browser.post("/jobs/job/pause", csrf + "&until=2020-01-01T00:00");
        CPPUNIT_ASSERT_EQUAL(400, page.status);
        CPPUNIT_ASSERT(page.has("The end of the pause is no time to come."));
        const auto past = _host->carillon({"pause", "job", "--until", "2020-01-01"}).run();
        CPPUNIT_ASSERT_EQUAL(2, past.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: --until 2020-01-01 is over: it was 2020-01-01 00:00:00 "
                                         "+01:00; give a time to come\n"),
                             past.err);
        CPPUNIT_ASSERT(_host->status("job")->getArray("jobs")->getObject(0)->isNull("pause"));
        expect("200", ask("POST", path, _robot, R"({"until":"2h","note":null})"));
        CPPUNIT_ASSERT(!_host->status("job")->getArray("jobs")->getObject(0)->isNull("pause"));
    }

    void actsThatTheStoreDoesNotTakeAreDoneAllTheSame() {
        Browser browser = signedIn("alice");
        const std::string csrf = "csrf=" + browser.get("/").field("csrf");
        auto lock =
            Command({"sqlite3", _host->at("state/carillon.db")}).input("BEGIN IMMEDIATE;\n.shell sleep 4\n").start();
        CPPUNIT_ASSERT(waitUntil([&] { return browser.get("/readyz").status == 503; }));

        CPPUNIT_ASSERT_EQUAL(303, browser.post("/sign-out", csrf).status);

        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("activity.waits") != std::string::npos; }));
        lock.wait();
        CPPUNIT_ASSERT(waitUntil([this] { return rows("?what=sign-out")->size() == 1; }));
    }

private:
    static std::string nameOf(uid_t user) {
        const auto* entry = ::getpwuid(user);
        return entry == nullptr ? "#" + std::to_string(user) : entry->pw_name;
    }

    void addUser(const std::string& name, const std::string& role) const {
        const auto made = _host->carillon({"passwd", name, "--role", role}).input(kPassword + "\n").run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
    }
    Browser signedIn(const std::string& name) const {
        Browser browser(_address);
        CPPUNIT_ASSERT_EQUAL(303, browser.signIn(name, kPassword).status);
        return browser;
    }

    std::string activity(std::vector<std::string> more) const {
        more.insert(more.begin(), "activity");
        const auto result = _host->carillon(more).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        return result.out;
    }
    /// As the command shows them; the query is like that of the API.
    Poco::JSON::Array::Ptr rows(const std::string& query) const {
        std::vector<std::string> words{"--json", "-n", "100"};
        for (std::size_t at = 0; at != std::string::npos && at < query.size();) {
            const auto equals = query.find('=', at);
            const auto end = query.find('&', at + 1);
            words.push_back("--" + query.substr(at + 1, equals - at - 1));
            words.push_back(query.substr(equals + 1, end == std::string::npos ? end : end - equals - 1));
            at = end;
        }
        return Poco::JSON::Parser().parse(activity(words)).extract<Poco::JSON::Array::Ptr>();
    }
    /// In microseconds since 1970.
    static std::int64_t atOf(const Poco::JSON::Object::Ptr& row) {
        int zone = 0;
        return Poco::DateTimeParser::parse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT, row->getValue<std::string>("at"),
                                           zone)
            .timestamp()
            .epochMicroseconds();
    }
    LedgerRow lastSlot(const std::string& job) const {
        const auto slots = _host->ledger(job);
        return slots.empty() ? LedgerRow{} : slots.back();
    }
    static Poco::JSON::Object::Ptr json(const std::string& answer) {
        const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
        return Poco::JSON::Parser().parse(body).extract<Poco::JSON::Object::Ptr>();
    }

    /// `who|via|job|note|outcome` of some row of that act. The desk writes a moment later.
    void expectRow(const std::string& what, const std::string& expected, const std::string& notePrefix = {}) const {
        std::string found;
        const bool isThere = waitUntil([&] {
            found.clear();
            const auto all = rows("?what=" + what);
            for (const auto& item : *all) {
                const auto row = item.extract<Poco::JSON::Object::Ptr>();
                const auto by = row->getObject("by");
                const auto text = [](const auto& object, const char* name) {
                    return object->isNull(name) ? std::string() : object->template getValue<std::string>(name);
                };
                const std::string behind = text(by, "behind");
                std::string note = text(row, "note");
                if (!notePrefix.empty() && note.starts_with(notePrefix)) note.clear();
                found += text(by, "name") + (behind.empty() ? "" : " (" + behind + ")") + '|' + text(by, "via") + '|' +
                         text(row, "job") + '|' + note + '|' + text(row, "outcome") + '\n';
            }
            return ('\n' + found).find('\n' + expected + '\n') != std::string::npos;
        });
        CPPUNIT_ASSERT_MESSAGE(expected + " is not among\n" + found, isThere);
    }

    std::string _robot{};
    std::string _looks{};
    std::string _one{};
    const std::string kPassword = "a long enough password";
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeActivityTest);
