#pragma once

#include "carillon/LogLine.h"
#include "carillon/MailAccount.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"
#include "carillon/testing/TaskTest.h"

#include "Poco/Exception.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// What a task may do wrong.
enum class Sin {
    None,
    WantsMore,  ///< a key that is not given
    TakesMisspeltKey,
    IgnoresStop,
    LogsSecret,
    ReportsSecret,
    ChecksSecret,
    PlansSecret,
    ThrowsSecret,
    ReadsSecretAsText,
    ShowsPassword,  ///< of its mail account
    LeavesThread,
    WorksOnce,  ///< since it keeps global state
    FailsItsWork,
    ChecksByWriting,
    PreviewsByWriting
};

/// A task with every function that there is, all of which are right but for the sin of the moment.
class SinfulTask final : public carillon::SyncTask,
                         public carillon::Previews,
                         public carillon::KeepsRejects,
                         public carillon::HasMailAccount {
public:
    static inline Sin sin = Sin::None;
    static inline int rows = 0;  ///< The world.
    static inline int runs = 0;
    static inline std::atomic<bool> isOver{false};  ///< For the threads that it leaves.

    void configure(carillon::ConfigReader& config) override {
        config.text("name");
        _password = sin == Sin::ReadsSecretAsText ? config.text("password") : config.secret("password").value_or("");
        if (sin == Sin::WantsMore) config.text("more");
        if (sin == Sin::TakesMisspeltKey) config.has("namex");
    }

    carillon::RunReport run(carillon::RunContext& context) override {
        ++rows;
        carillon::LogLine(context.log(), "row.added").field("by", sin == Sin::LogsSecret ? _password : "sinful");
        if (sin == Sin::ThrowsSecret) throw Poco::RuntimeException("cannot log in with " + _password);
        if (sin == Sin::WorksOnce && ++runs > 1) throw Poco::IllegalStateException("has run already");
        if (sin == Sin::FailsItsWork) return carillon::RunReport::failed("no row can be added");
        work(context);
        return carillon::RunReport::succeeded("added a row" + (sin == Sin::ReportsSecret ? _password : ""));
    }

    void check(carillon::RunContext&, const carillon::CheckSink& sink) override {
        if (sin == Sin::ChecksByWriting) ++rows;
        sink(
            {"rows", carillon::CheckState::Passed, "there", {{"as", sin == Sin::ChecksSecret ? _password : "me"}}, ""});
    }

    carillon::RunReport preview(carillon::RunContext&, const carillon::PlanSink& sink) override {
        if (sin == Sin::PreviewsByWriting) ++rows;
        sink({"row", "added", "", sin == Sin::PlansSecret ? _password : ""});
        return carillon::RunReport::succeeded("would add a row");
    }

    std::vector<carillon::Reject> rejects(carillon::RunContext&, const carillon::RejectQuery&) override { return {}; }
    carillon::RunReport replay(carillon::RunContext&, const carillon::ReplayRequest&) override {
        return carillon::RunReport::nothingToDo("no reject");
    }

    carillon::MailAccount mailAccount(carillon::RunContext& context) override {
        carillon::MailAccount account;
        account.password = "mailpass";
        if (sin != Sin::ShowsPassword) context.conceal(account.password);
        return account;
    }

private:
    /// For a second, or until it is asked to stop; with a thread of its own.
    void work(carillon::RunContext& context) const {
        std::thread helper([] {
            while (sin == Sin::LeavesThread && !isOver) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        });
        if (sin == Sin::LeavesThread)
            helper.detach();
        else
            helper.join();
        while (sin == Sin::IgnoresStop && !isOver) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        context.stop().throwIfRequested();
    }

    std::string _password{};
};

/// As a plugin's author writes it.
class SinfulTaskTest : public carillon::testing::TaskTest {
    CPPUNIT_TEST_SUB_SUITE(SinfulTaskTest, carillon::testing::TaskTest);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<SinfulTask>(); }
    carillon::testing::Settings settings() override {
        return carillon::testing::Settings{{"name", "Agora"}}.secret("password", "geheim-42");
    }
    std::string world() override { return std::to_string(SinfulTask::rows) + " rows\n"; }
    std::chrono::milliseconds patience() override { return std::chrono::milliseconds(500); }
};
