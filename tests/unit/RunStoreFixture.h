#pragma once

#include "store/RunStore.h"

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SessionImpl.h"
#include "Poco/TemporaryFile.h"

#include <cppunit/TestFixture.h>

#include <chrono>
#include <string>

/// What the tests of the store share: a folder of its own, a clock that stands still, and requests of one job.
class RunStoreFixture : public CppUnit::TestFixture {
protected:
    class FakeClock final : public carillon::Clock {
    public:
        carillon::TimePoint now() const override { return _now; }
        void advance(std::chrono::microseconds by) { _now += by; }

    private:
        carillon::TimePoint _now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
    };

    std::string folder() const { return _folder.path(); }
    std::string file() const { return _folder.path() + "/carillon.db"; }

    carillon::ClaimRequest request(const std::string& run, const std::string& host = "here") const {
        carillon::ClaimRequest ask;
        ask.job = "sync";
        ask.run = run;
        ask.trigger = carillon::Trigger::Cli;
        ask.host = host;
        ask.scheduledAt = _clock.now();
        return ask;
    }

    carillon::RunEnding ending() const {
        return {carillon::Outcome::NothingToDo, "no items, l'été", R"({"job":"sync"})", _clock.now()};
    }

    Poco::Data::Session openFile() const {
        constexpr std::size_t kTimeoutSeconds = 5;
        return Poco::Data::Session(
            Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(file(), kTimeoutSeconds)));
    }

    static void execute(Poco::Data::Session& session, const std::string& statement) {
        session << statement, Poco::Data::Keywords::now;
    }

    FakeClock _clock{};
    const Poco::TemporaryFile _folder{};
};
