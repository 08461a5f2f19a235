#pragma once

#include "scheduler/RunRoster.h"
#include "scheduler/ScheduleBook.h"
#include "store/RunStore.h"
#include "store/ScheduleStore.h"

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SessionImpl.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "SettableClock.h"
#include "support/HostFolder.h"

/// A host without seats: a book on a real store, with a clock that the test sets. It is midnight at first.
class ScheduleBookFixture : public CppUnit::TestFixture {
protected:
    static constexpr std::chrono::milliseconds kPatience{20};

    void makeFolder(const std::string& hostKeys = "workers.max = 100\n") {
        _folder = std::make_unique<HostFolder>("jobs.enabled = *\nstate.dir = state\n" + hostKeys);
    }

    void addJob(const std::string& name, const std::string& keys) const {
        _folder->addJob(name, "job.plugin = P\njob.task = T\njob.timezone = UTC\n" + keys);
    }

    /// As a host that starts; one before is gone.
    void start() {
        _book.reset();
        _running.clear();
        _roster = {};
        _store = std::make_unique<carillon::ScheduleStore>(stateDir(), "test-host", _clock, kPatience);
        const auto configuration = read();
        _book = std::make_unique<carillon::ScheduleBook>(configuration, "test-host");
        _book->load(*_store, _clock.now());
        step();
    }

    void reload() {
        change();
        step();
    }
    /// As a reload while the store is down: nothing is written yet.
    void change() { _book->apply(read(), _clock.now()); }

    /// Writes what is due and what has ended, until nothing more can be done now.
    void step() {
        for (int rounds = 0;; ++rounds) {
            CPPUNIT_ASSERT_MESSAGE("the rounds come to an end", rounds < 1'000);
            _book->wakeGroups([this](const std::string& group) { return !_roster.isGroupFull(group); });
            _book->look(_clock.now());
            auto round = _book->plan(_clock.now(), _roster.isFull(),
                                     [this](const auto& job) { return _roster.take(job.group); });
            _roster.release();
            if (round.empty() && _ends.empty()) return;
            write(std::move(round));
        }
    }

    /// As time goes by: the book looks once a second.
    void advance(std::chrono::seconds by) {
        for (; by.count() > 0; --by) {
            _clock.advance(std::chrono::seconds(1));
            step();
        }
    }
    /// The host is frozen, or the clock was set.
    void jump(std::chrono::seconds by) {
        _clock.advance(by);
        step();
    }

    /// Ends the job's oldest run.
    carillon::RunIdentity finish(const std::string& job, const carillon::RunReport& report = succeeded()) {
        const auto identity = endUnrecorded(job, report);
        step();
        return identity;
    }
    carillon::RunIdentity endUnrecorded(const std::string& job, const carillon::RunReport& report = succeeded()) {
        const auto* entry = _roster.findRunOf(job);
        CPPUNIT_ASSERT_MESSAGE(job + " runs", entry != nullptr);
        const carillon::RunIdentity identity = entry->identity;
        _roster.remove(identity.run);
        _book->end(identity, report, _clock.now());
        _ends.push_back({identity, {report.outcome, report.message, "{}", _clock.now()}, true});
        return identity;
    }

    static carillon::RunReport succeeded() { return carillon::RunReport::succeeded("done"); }
    static carillon::RunReport failed() { return carillon::RunReport::failed("not done"); }

    carillon::JobIndex indexOf(const std::string& job) const { return *_book->jobs().find(job); }
    bool setPaused(const std::string& job, bool paused) {
        const bool changed = _book->setPaused(indexOf(job), paused, _clock.now());
        step();
        return changed;
    }

    /// `00:05 ran, 00:10 skipped (overlap)`, oldest first.
    std::string ledger(const std::string& job) const {
        std::string text;
        const auto rows = rowsOf(job);
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
            text += (text.empty() ? "" : ", ") + timeOf(row->slotAt) + ' ' + std::string(nameOf(row->ending));
            if (!row->reason.empty()) text += " (" + row->reason + ')';
        }
        return text;
    }
    /// Newest first.
    std::vector<carillon::SlotRow> rowsOf(const std::string& job) const {
        return carillon::RunStore(stateDir(), _clock).ledger(job, 10'000);
    }
    std::vector<carillon::RunRow> historyOf(const std::string& job) const {
        return carillon::RunStore(stateDir(), _clock).history(job, 10'000);
    }
    /// What the store has; none: no row.
    std::optional<carillon::ScheduleRow> stored(const std::string& job) const {
        std::optional<carillon::ScheduleRow> found;
        _store->readSchedules([&](const auto& row) {
            if (row.job == job) found = row;
        });
        return found;
    }
    std::string nextOf(const std::string& job) const {
        const auto next = _book->jobs()[indexOf(job)].next;
        return next == carillon::kNever ? "never" : timeOf(next);
    }
    /// The store and the book have the same next slot.
    void assertStoredNext(const std::string& expected, const std::string& job) const {
        CPPUNIT_ASSERT_EQUAL(expected, nextOf(job));
        const auto row = stored(job);
        CPPUNIT_ASSERT_EQUAL(expected, row && row->next ? timeOf(*row->next) : std::string("never"));
    }

    /// Hours and minutes, and seconds where there are some.
    static std::string timeOf(carillon::TimePoint at) {
        const std::string time = carillon::toRfc3339(at).substr(11, 8);
        return time.ends_with(":00") ? time.substr(0, 5) : time;
    }

    std::string stateDir() const { return (_folder->path() / "state").string(); }

    /// Another program on the same file.
    Poco::Data::Session openFile() const {
        constexpr std::size_t kTimeoutSeconds = 5;
        return Poco::Data::Session(Poco::AutoPtr<Poco::Data::SessionImpl>(
            new Poco::Data::SQLite::SessionImpl(stateDir() + "/carillon.db", kTimeoutSeconds)));
    }
    static void execute(Poco::Data::Session& session, const std::string& statement) {
        session << statement, Poco::Data::Keywords::now;
    }

    std::unique_ptr<HostFolder> _folder{};
    SettableClock _clock{};
    std::unique_ptr<carillon::ScheduleStore> _store{};
    std::unique_ptr<carillon::ScheduleBook> _book{};
    carillon::RunRoster _roster{};
    std::vector<std::string> _running{};   ///< Jobs in the order in which they were fired.
    std::vector<std::string> _replaced{};  ///< Jobs whose runs were to be stopped.

private:
    std::shared_ptr<const carillon::Configuration> read() {
        auto configuration = std::make_shared<const carillon::Configuration>(
            carillon::readConfiguration((_folder->path() / "carillon.properties").string()));
        for (const auto& fault : configuration->allFaults()) CPPUNIT_FAIL(fault.sentence());
        const auto& host = configuration->host;
        _roster.setLimits(static_cast<std::size_t>(host.workersMax), host.groupMax);
        return configuration;
    }

    void write(carillon::Round&& round) {
        for (const auto& end : _ends) round.batch.ends.push_back(end);
        std::vector<carillon::StartAnswer> answers;
        try {
            if (!round.batch.empty()) answers = _store->write(round.batch);
        } catch (const carillon::StoreException&) {
            _book->putBack(std::move(round));
            throw;
        }
        _ends.clear();
        for (const auto job : _book->apply(round, answers, _clock.now()))
            _replaced.push_back(_book->jobs().nameOf(job));
        for (const auto& look : round.looks) {
            const auto* claim = look.start ? std::get_if<carillon::Claim>(&answers[*look.start]) : nullptr;
            if (claim == nullptr) continue;
            const std::string group = _book->jobs()[look.job].plan->settings->group;
            _roster.add({claim->identity.job, group, claim->identity, std::make_shared<carillon::RunHandle>()});
            _running.push_back(claim->identity.job);
        }
    }

    std::vector<carillon::RunEnd> _ends{};  // not yet recorded
};
