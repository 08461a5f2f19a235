#include "store/ActivityLog.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "RunStoreFixture.h"
#include "support/WaitUntil.h"

#include "Poco/AutoPtr.h"
#include "Poco/Logger.h"
#include "Poco/StreamChannel.h"

#include "serve/ActivityDesk.h"
#include "words/HostTexts.h"
#include "words/MessageWords.h"

#include <mutex>
#include <sstream>

using namespace carillon;
using namespace std::chrono_literals;

/// Who did what, in the store and on its way there.
class ActivityLogTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(ActivityLogTest);
    CPPUNIT_TEST(whatIsWrittenIsReadNewestFirst);
    CPPUNIT_TEST(filtersAndPagesLeaveNothingOut);
    CPPUNIT_TEST(refusalsOfOneMinuteAreOneRow);
    CPPUNIT_TEST(actsAreNeverAddedUp);
    CPPUNIT_TEST(patternsHostAndEndsAreFound);
    CPPUNIT_TEST(oldRowsAreDeleted);
    CPPUNIT_TEST(programsAndStrangersDisplaceNobody);
    CPPUNIT_TEST(textsAreVisibleAndShort);
    CPPUNIT_TEST(messagesKeepTheirCodes);
    CPPUNIT_TEST(whatPeopleWriteIsNoMessage);
    CPPUNIT_TEST(replaysAndDismissalsEndAsTheirRuns);
    CPPUNIT_TEST(actOnManyJobsIsOneRow);
    CPPUNIT_TEST(deskWritesWhatPeopleDo);
    CPPUNIT_TEST(deskKeepsWhatTheStoreDoesNotTake);
    CPPUNIT_TEST(whatNeverReachesTheStoreIsInTheLog);
    CPPUNIT_TEST(crowdsOfStrangersMakeFewRows);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsWrittenIsReadNewestFirst() {
        Activity pause = act("anna", Act::Pause, "sync");
        pause.note = "jusqu'à l'été 🎈";
        pause.actor.behind = "root";
        write({act("bob", Act::Run, "sync"), pause});

        const auto rows = read({});

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.size());
        CPPUNIT_ASSERT(rows[0].id > rows[1].id);
        CPPUNIT_ASSERT_EQUAL(std::string("anna (sudo: root)"), textOf(rows[0].actor));
        CPPUNIT_ASSERT_EQUAL(pause.note, rows[0].note);
        CPPUNIT_ASSERT(rows[0].at == _clock.now() && rows[0].what == Act::Pause && !rows[0].isRefused());
    }

    void patternsHostAndEndsAreFound() {
        Activity own;
        own.what = Act::Start;
        own.at = own.lastAt = _clock.now();
        write({act("anna", Act::Pause, "sync-*"), act("anna", Act::Pause, "*"), act("anna", Act::Pause, "clean"), own});

        ActivityQuery query;
        query.job = "sync-a";
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read(query).size());
        query.job = "clean";
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, read(query).size());
        query = {};
        query.by = "host";
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read(query).size());
        query = {};
        query.until = _clock.now();
        CPPUNIT_ASSERT(read(query).empty());
        query.until = _clock.now() + 1s;
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, read(query).size());
    }

    void filtersAndPagesLeaveNothingOut() {
        write({act("anna", Act::Run, "a"), act("anna", Act::Pause, "b"), act("bob", Act::Run, "a")});
        _clock.advance(1h);
        Activity sudo = act("carillon", Act::Run, "a");
        sudo.actor.behind = "anna";
        write({sudo, act("bob", Act::Reload, "")});

        CPPUNIT_ASSERT_EQUAL(std::string("carillon bob anna "), who({.job = "a"}));
        CPPUNIT_ASSERT_EQUAL(std::string("carillon anna anna "), who({.by = "anna"}));
        CPPUNIT_ASSERT_EQUAL(std::string("anna "), who({.what = Act::Pause}));
        CPPUNIT_ASSERT_EQUAL(std::string("bob carillon "), who({.since = _clock.now()}));
        CPPUNIT_ASSERT_EQUAL(std::string("bob "), who({.job = "a", .by = "bob", .what = Act::Run}));
        CPPUNIT_ASSERT_EQUAL(std::string(), who({.job = "c"}));
        std::string all;
        ActivityQuery page{.limit = 2};
        for (auto rows = read(page); !rows.empty(); rows = read(page)) {
            for (const auto& row : rows) all += row.actor.name + ' ';
            page.before = rows.back().id;
        }
        CPPUNIT_ASSERT_EQUAL(std::string("bob carillon bob anna anna "), all);
    }

    void refusalsOfOneMinuteAreOneRow() {
        Activity refusal = refused("203.0.113.9");
        for (int i = 0; i < 5; ++i) {
            _clock.advance(5s);
            refusal.at = refusal.lastAt = _clock.now();
            write({refusal, refused("203.0.113.10")});
        }
        _clock.advance(1min);
        refusal.at = refusal.lastAt = _clock.now();
        write({refusal});

        const auto rows = read({});

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, rows.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, rows[0].times);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, rows[1].times);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, rows[2].times);
        CPPUNIT_ASSERT(rows[2].lastAt - rows[2].at == 20s);
    }

    void actsAreNeverAddedUp() {
        write({act("anna", Act::Run, "a"), act("anna", Act::Run, "a"), act("anna", Act::Run, "a")});

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, read({}).size());
    }

    void oldRowsAreDeleted() {
        ActivityKeeping keeping;
        keeping.span = 48h;
        write({act("anna", Act::Run, "old")});
        _clock.advance(47h);
        write({act("anna", Act::Run, "young")});
        _clock.advance(2h);

        log(keeping).trim();

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read({}).size());
        CPPUNIT_ASSERT_EQUAL(std::string("young"), read({}).front().job);
    }

    void programsAndStrangersDisplaceNobody() {
        const ActivityKeeping keeping{24h * 400, 8, 3, 2};
        write({act("anna", Act::Run, "a")});
        for (int i = 0; i < 20; ++i) {
            Activity call = act("gateway", Act::Run, "a");
            call.actor.kind = ActorKind::Token;
            write({call, refused("203.0.113." + std::to_string(i))});
        }
        log(keeping).trim();
        CPPUNIT_ASSERT_EQUAL(std::string("nobody gateway nobody gateway gateway anna "), who({}));

        for (int i = 0; i < 10; ++i) write({act("bob", Act::Run, "a")});
        log(keeping).trim();

        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, read({}).size());
        CPPUNIT_ASSERT_EQUAL(std::string("bob bob bob bob bob bob bob bob "), who({}));
    }

    void textsAreVisibleAndShort() {
        Activity odd = act("anna\x1b[31m", Act::Pause, "sync");
        odd.note = std::string(10'000, 'x');
        odd.reason = "a\nb";
        write({odd});

        const auto row = read({}).front();

        CPPUNIT_ASSERT_EQUAL(std::string("anna\\x1b[31m"), row.actor.name);
        CPPUNIT_ASSERT_EQUAL(std::string(399, 'x') + "…", row.note.text);
        CPPUNIT_ASSERT_EQUAL(std::string::npos, row.reason.text.find('\n'));
    }

    void messagesKeepTheirCodes() {
        Activity dismissal = act("anna", Act::Dismiss, "sync");
        dismissal.note = sayHost("act.dismissed", {{"rejects", sayHost("act.rejects", {{"n", 2}, {"ids", "1, 2"}})},
                                                   {"reason", "doublon \x1b[31m"}});
        write({dismissal});

        const auto row = read({}).front();

        CPPUNIT_ASSERT_EQUAL(std::string("rejects 1, 2: doublon \\x1b[31m"), row.note.text);
        CPPUNIT_ASSERT_EQUAL(std::string("rejets 1, 2\u00a0: doublon \\x1b[31m"),
                             inWords(row.note, Language::French, PluginTexts()));
    }

    void whatPeopleWriteIsNoMessage() {
        Activity pause = act("anna", Act::Pause, "sync");
        pause.note = "\x1f{\"text\":\"a\",\"code\":\"host.act.nothing\"}";
        write({pause});

        const auto row = read({}).front();

        CPPUNIT_ASSERT(row.note.code.empty());
        CPPUNIT_ASSERT(row.note.text.starts_with("\\x1f{"));
    }

    /// Whatever was killed when: what the history does not say to have succeeded is not told as done.
    void replaysAndDismissalsEndAsTheirRuns() {
        for (const auto what : {Act::Replay, Act::Dismiss})
            for (const auto* run : {"lost", "going", "failed", "stopped", "good"}) {
                Activity row = act("anna", what, run);
                row.subject = run;
                write({row});
            }
        RunStore store(folder(), _clock);
        const auto begin = [&](const std::string& run) {
            auto ask = request(run);
            ask.job = run;
            return std::get<Claim>(store.claim(ask)).identity;
        };
        const auto end = [&](const std::string& run, Outcome outcome) {
            store.finish(begin(run), {outcome, "why " + run, R"({"job":"sync"})", _clock.now()});
        };
        begin("going");
        end("failed", Outcome::Failed);
        end("stopped", Outcome::Stopped);
        end("good", Outcome::Succeeded);

        std::string told;
        for (const auto& row : read({}))
            told += row.job + ' ' + std::string(nameOf(row.outcome)) + ' ' + row.reason.text + '\n';

        const std::string each =
            "good done \nstopped failed why stopped\nfailed failed why failed\ngoing begun \n"
            "lost begun how it ended is not known: its run is no longer in the history\n";
        CPPUNIT_ASSERT_EQUAL(each + each, told);
    }

    void actOnManyJobsIsOneRow() {
        const std::vector<std::string> few{"a", "b"};
        const std::vector<std::string> many(1'001, "a");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, forEachJob(act("anna", Act::Pause, ""), few, "*").size());
        const auto rows = forEachJob(act("anna", Act::Pause, ""), many, "sync-*");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rows.size());
        CPPUNIT_ASSERT_EQUAL(std::string("sync-*"), rows.front().job);
    }

    void deskWritesWhatPeopleDo() {
        ActivityDesk desk(folder(), {}, _clock, logger());
        desk.start();
        desk.record(act("anna", Act::Run, "sync"));
        desk.pauseEnded("sync", {"bob", {}, {}, ""});

        CPPUNIT_ASSERT(waitUntil([this] { return read({}).size() == 2; }));
        const auto rows = read({});
        CPPUNIT_ASSERT(rows[0].what == Act::Resume && rows[0].actor.kind == ActorKind::Host);
        CPPUNIT_ASSERT_EQUAL(std::string("the pause by bob was over"), rows[0].note.text);
        CPPUNIT_ASSERT_EQUAL(std::string("host.act.pauseover"), rows[0].note.code);
        CPPUNIT_ASSERT(rows[1].at == _clock.now());
    }

    void deskKeepsWhatTheStoreDoesNotTake() {
        log({});  // makes the file
        auto other = openFile();
        execute(other, "BEGIN IMMEDIATE");
        ActivityDesk desk(folder(), {}, _clock, logger());
        desk.start();
        desk.record(act("anna", Act::Run, "sync"));
        CPPUNIT_ASSERT(waitUntil([this] { return logged("activity.waits"); }));

        execute(other, "ROLLBACK");

        CPPUNIT_ASSERT(waitUntil([this] { return read({}).size() == 1; }));
        CPPUNIT_ASSERT(waitUntil([this] { return logged("activity.recovered"); }));
    }

    void whatNeverReachesTheStoreIsInTheLog() {
        log({});
        auto other = openFile();
        execute(other, "BEGIN IMMEDIATE");
        {
            ActivityDesk desk(folder(), {}, _clock, logger());
            for (std::size_t i = 0; i < ActivityDesk::kMostWaiting; ++i) desk.record(act("anna", Act::Run, "sync"));
            desk.record(act("bob", Act::Pause, "beyond"));
            CPPUNIT_ASSERT(logged("activity.lost what=pause by=bob from=127.0.0.1 job=beyond outcome=done"));
            desk.start();
        }
        execute(other, "ROLLBACK");
        CPPUNIT_ASSERT(logged("activity.lost what=run by=anna"));
        CPPUNIT_ASSERT(read({}).empty());
    }

    void crowdsOfStrangersMakeFewRows() {
        ActivityDesk desk(folder(), {}, _clock, logger());
        for (int i = 0; i < 500; ++i) desk.record(refused("203.0.113." + std::to_string(i % 250)));
        desk.start();
        desk.stop();

        const auto rows = read({.limit = 1'000});
        std::int64_t all = 0;
        for (const auto& row : rows) all += row.times;

        CPPUNIT_ASSERT_EQUAL(ActivityDesk::kMostStrangers + 1, rows.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{500}, all);
    }

private:
    Activity act(const std::string& name, Act what, const std::string& job) const {
        Activity activity;
        activity.at = activity.lastAt = _clock.now();
        activity.actor = {ActorKind::User, name, "", ActVia::Page, "127.0.0.1"};
        activity.what = what;
        activity.job = job;
        return activity;
    }
    Activity refused(const std::string& address) const {
        Activity activity = act("", Act::SignIn, "");
        activity.actor.kind = ActorKind::Nobody;
        activity.actor.address = address;
        activity.outcome = ActOutcome::Refused;
        activity.reason = "wrong user or password";
        return activity;
    }

    ActivityLog log(const ActivityKeeping& keeping) const { return {folder(), _clock, keeping}; }
    void write(const std::vector<Activity>& activities) const { log({}).write(activities); }
    std::vector<Activity> read(const ActivityQuery& query) const { return log({}).read(query); }
    std::string who(const ActivityQuery& query) const {
        std::string names;
        for (const auto& row : read(query)) names += (row.actor.name.empty() ? "nobody" : row.actor.name) + ' ';
        return names;
    }

    /// Its lines are in _lines.
    Poco::Logger& logger() {
        const std::string name = "ActivityLogTest." + std::to_string(reinterpret_cast<std::uintptr_t>(this));
        if (Poco::Logger::has(name) == nullptr)
            Poco::Logger::create(name, Poco::AutoPtr<Poco::Channel>(new Lines(*this)));
        return Poco::Logger::get(name);
    }
    bool logged(const std::string& text) {
        const std::lock_guard lock(_mutex);
        return _lines.find(text) != std::string::npos;
    }

    class Lines final : public Poco::Channel {
    public:
        explicit Lines(ActivityLogTest& test) : _test(test) {}
        void log(const Poco::Message& message) override {
            const std::lock_guard lock(_test._mutex);
            _test._lines += message.getText() + '\n';
        }

    private:
        ActivityLogTest& _test;
    };

    std::mutex _mutex{};
    std::string _lines{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ActivityLogTest);
