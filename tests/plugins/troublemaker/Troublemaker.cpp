#include "carillon/Items.h"
#include "carillon/LogLine.h"
#include "carillon/MailAccount.h"
#include "carillon/Plugin.h"
#include "carillon/Preview.h"
#include "carillon/Rejects.h"

#include "Traces.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace carillon;

namespace {

constexpr int kManyWarnings = 1'000;
constexpr int kDescriptors = 256;

void scribble() {
    const std::string rubbish[] = {"rubbish\n",
                                   "{\"log\":5}\n",
                                   "{\"log\":{\"level\":99,\"at\":0,\"text\":\"level 99\"}}\n",
                                   "{\"log\":{\"level\":-5,\"at\":0,\"text\":\"level -5\"}}\n",
                                   std::string(200'000, '[') + "\n",
                                   "{\"report\":{\"outcome\":7}}\n",
                                   std::string("\xff\0\xfe\n", 4),
                                   "{\"check\":{\"state\":9}}\n"};
    for (int fd = STDERR_FILENO + 1; fd < kDescriptors; ++fd)
        for (const auto& text : rubbish)
            [[maybe_unused]] const auto ignored = ::write(fd, text.data(), static_cast<unsigned>(text.size()));
}

}  // namespace

/// Makes the trouble that its keys `configure`, `run` and `check` name.
class Troublemaker : public SyncTask, public KeepsRejects, public KeepsItems, public HasMailAccount {
public:
    void configure(ConfigReader& config) override {
        _run = config.text("run", "succeed");
        _check = config.text("check", "pass");
        _lines = config.integer("lines", 1, 0, 1'000'000);
        _wait =
            config.duration("wait", std::chrono::milliseconds(0), std::chrono::milliseconds(0), std::chrono::hours(1));
        _secret = config.secret("secret").value_or("");
        _effects = config.text("effects", "");
        _account = config.text("account", "");
        _accountWait = config.duration("account.wait", std::chrono::milliseconds(0), std::chrono::milliseconds(0),
                                       std::chrono::hours(1));
        const std::string trouble = config.text("configure", "none");
        if (trouble == "throw_poco") throw Poco::IllegalStateException("configure fails with " + _secret);
        if (trouble == "throw_std") throw std::runtime_error("configure fails");
        if (trouble == "throw_int") throw 42;
        if (trouble == "print") std::cout << "configuring with " << _secret << std::endl;
        if (trouble == "hang") loopForEver();
    }

    RunReport run(RunContext& context) override {
        if (auto report = leaveTrace(_run)) return *report;
        using Trouble = std::function<RunReport()>;
        const std::map<std::string, Trouble> troubles{
            {"succeed",
             [] { return RunReport::succeeded("all went well").counter("items", 3).counter("bytes", 1'234); }},
            {"backlog", [] { return RunReport::succeeded("more waits").gauge("waiting", 5, FigureRole::Backlog); }},
            {"nothing", [] { return RunReport::nothingToDo("nothing was waiting"); }},
            {"fail", [] { return RunReport::failed("the work could not be done"); }},
            {"retry_later",
             [this] {
                 return RunReport::retryLater("come back", std::chrono::duration_cast<std::chrono::seconds>(_wait));
             }},
            {"give_up", [] { return RunReport::giveUp("only a person can help"); }},
            {"warn", [] { return RunReport::succeeded("done, but").warn("one item was put aside"); }},
            {"throw_poco", []() -> RunReport { throw Poco::IllegalStateException("run fails with Poco"); }},
            {"throw_std", []() -> RunReport { throw std::runtime_error("run fails with std"); }},
            {"throw_int", []() -> RunReport { throw 42; }},
            {"segfault", [&context] { return segfault(context); }},
            {"abort", []() -> RunReport { std::abort(); }},
            {"exit", []() -> RunReport { std::exit(0); }},
            {"_exit", []() -> RunReport { ::_exit(3); }},
            {"kill_self", []() -> RunReport { killSelf(); }},
            {"hang", [&context] { return hang(context); }},
            {"wait_for_stop", [&context] { return waitForStop(context); }},
            {"wait", [this, &context] { return waitAWhile(context); }},
            {"effect", [this, &context] { return leaveEffect(context); }},
            {"scribble", [] { return scribble(), RunReport::succeeded("scribbled"); }},
            {"close_all", [] { return closeAll(), RunReport::succeeded("closed all"); }},
            {"close_all_and_hang", []() -> RunReport { closeAll(), loopForEver(); }},
            {"print", [this] { return print(); }},
            {"print_without_end", [this] { return printWithoutEnd(); }},
            {"fork_and_abort",
             []() -> RunReport {
                 std::cout << "grandchild " << leaveSleeperBehind() << std::endl;
                 std::abort();
             }},
            {"log", [this, &context] { return log(context); }},
            {"log_levels", [&context] { return logLevels(context); }},
            {"warn_many", [] { return warnMany(); }},
            {"warn_many_directly", [] { return warnManyDirectly(); }},
            {"tell_secrets", [this, &context] { return tellSecrets(context); }},
            {"throw_secret",
             [this]() -> RunReport { throw Poco::RuntimeException("the key " + _secret + " is wrong"); }},
            {"conceal", [&context] { return conceal(context); }},
            {"exhaust", []() -> RunReport { exhaustMemory(), std::abort(); }},
            {"count",
             [this] {
                 return RunReport::succeeded("counted")
                     .counter("refused", _lines, FigureRole::Rejected)
                     .gauge("waiting", _lines, FigureRole::Backlog);
             }},
            {"put_aside",
             [] { return RunReport::succeeded("three were put aside").gauge("aside", 3, FigureRole::OpenRejects); }},
            {"progress", [&context] { return progress(context); }},
            {"progress_slowly", [this, &context] { return progressSlowly(context); }},
            {"identity", [&context] { return RunReport::succeeded(context.identity().run); }},
        };
        return troubles.at(_run)();
    }

    void check(RunContext&, const CheckSink& sink) override {
        if (_check == "throw_poco") throw Poco::IllegalStateException("check fails");
        if (_check == "throw_int") throw 42;
        if (_check == "abort") std::abort();
        if (_check == "tell_secrets")
            sink({"secret", CheckState::Warning, "it is " + _secret, {{"value", _secret}}, "hide " + _secret});
        else
            sink({"first", CheckState::Passed, "all is well", {{"answer", "42"}}, ""});
        if (_check == "fail") sink({"second", CheckState::Failed, "something is missing", {}, "bring it"});
    }

    std::vector<Reject> rejects(RunContext&, const RejectQuery& query) override {
        std::vector<Reject> found;
        for (std::int64_t id = query.after + 1; id <= std::max<std::int64_t>(3, _lines) && found.size() < query.limit;
             ++id)
            found.push_back({id, TimePoint{}, "item " + std::to_string(id), "unknown_token", "nobody knows it", "r"});
        return found;
    }

    RunReport replay(RunContext&, const ReplayRequest& request) override {
        return RunReport::succeeded("replayed " + (request.ids.empty() ? "all" : std::to_string(request.ids.size())))
            .gauge("aside", request.ids.empty() ? 0 : 1, FigureRole::OpenRejects);
    }

    /// The same three, or as many as `lines` says, of whom each belongs to somebody; asked or not it tells of people.
    std::vector<Item> items(RunContext&, const ItemQuery& query) override {
        std::vector<Item> found;
        std::int64_t id = std::max<std::int64_t>(3, _lines);
        if (query.before > 0) id = query.before - 1;
        for (; id > 0 && found.size() < query.limit; --id) {
            Item item;
            item.id = id;
            item.what = "item " + std::to_string(id);
            item.state = static_cast<ItemState>(id % 3);
            item.about = {{"campaign", "12"}};
            item.people = {{"person", "Zoé <Z>"}, {"asked", query.person}};
            if (item.state == ItemState::Dismissed) item.dismissal = {"on paper too", "anna", TimePoint{}};
            if (item.state == ItemState::Applied) item.storedAs = "row " + std::to_string(id);
            if (!query.state || *query.state == item.state) found.push_back(std::move(item));
        }
        return found;
    }

    RunReport dismiss(RunContext&, const DismissRequest& request) override {
        return RunReport::succeeded("dismissed " + std::to_string(request.ids.size()) + " for " + request.by + ": " +
                                    request.reason)
            .gauge("aside", 1, FigureRole::OpenRejects);
    }

    RunReport verify(RunContext&, const ItemSink& gone) override {
        if (_run != "fail") return RunReport::succeeded("all are there");
        Item item;
        item.id = 7;
        item.what = "item 7";
        item.storedAs = "row 7";
        item.reason = "lost";
        item.detail = "nobody knows why";
        gone(item);
        return RunReport::giveUp("1 lost");
    }

    /// From a file, a line a member; without it the application is down.
    MailAccount mailAccount(RunContext& context) override {
        if (_account.empty()) throw Poco::NotImplementedException("this task has no mail account");
        std::ofstream(_account + ".asked").put('\n');
        std::this_thread::sleep_for(_accountWait);
        std::ifstream file(_account);
        std::array<std::string, 7> lines;
        for (auto& line : lines)
            if (!std::getline(file, line)) throw Poco::RuntimeException("the application is down");
        using Security = MailAccount::Security;
        const auto security = lines[2] == "starttls" ? Security::StartTls : Security::None;
        context.conceal(lines[4]);
        return {lines[0], static_cast<std::uint16_t>(std::stoi(lines[1])), security, lines[3], lines[4], lines[5],
                lines[6]};
    }

private:
    static RunReport segfault(RunContext& context) {
        LogLine(context.log(), "step.done").field("step", 1);
        std::cout << "about to fall" << std::endl;
        crash();
    }
    static RunReport hang(RunContext& context) {
        LogLine(context.log(), "wait.began");
        loopForEver();
    }
    static RunReport waitForStop(RunContext& context) {
        LogLine(context.log(), "wait.began").field("pid", ::getpid());
        while (!context.stop().requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        context.stop().throwIfRequested();
        return RunReport::succeeded("was not stopped");
    }
    RunReport waitAWhile(RunContext& context) const {
        LogLine(context.log(), "wait.began");
        std::this_thread::sleep_for(_wait);
        return RunReport::succeeded("waited");
    }
    /// A line for the job and the slot, when the work is done.
    RunReport leaveEffect(RunContext& context) const {
        LogLine(context.log(), "wait.began");
        std::this_thread::sleep_for(_wait);
        const auto& run = context.identity();
        std::ofstream(_effects, std::ios::app) << run.job + ' ' + toRfc3339(run.scheduledAt) + '\n';
        return RunReport::succeeded("done");
    }
    static void closeAll() {
        for (int fd = 0; fd < kDescriptors; ++fd) ::close(fd);
    }
    RunReport print() const {
        std::printf("printf on stdout, the secret is %s\n", _secret.c_str());
        std::cout << "cout on stdout" << std::endl;
        std::cerr << "cerr on stderr" << std::endl;
        std::printf("no end of line");
        return RunReport::succeeded("printed");
    }
    /// The secret across each 4096th byte.
    RunReport printWithoutEnd() const {
        std::string text;
        while (text.size() < 200'000) text += std::string(4'090 - text.size() % 4'096, '.') + _secret;
        for (std::size_t sent = 0; sent < text.size();) {
            const auto size = static_cast<unsigned>(std::min<std::size_t>(1'000, text.size() - sent));
            const auto n = ::write(STDOUT_FILENO, text.data() + sent, size);
            sent += n > 0 ? static_cast<std::size_t>(n) : 0;
        }
        return RunReport::succeeded("printed");
    }
    RunReport log(RunContext& context) const {
        for (std::int64_t i = 0; i < _lines; ++i) LogLine(context.log(), "step.done").field("step", i);
        return RunReport::succeeded("logged");
    }
    static RunReport logLevels(RunContext& context) {
        context.log().debug("a.debug");
        context.log().information("an.information");
        context.log().error("an.error");
        context.log().information("latin \xe9 and end");
        return RunReport::succeeded("logged");
    }
    static RunReport warnMany() {
        auto report = RunReport::succeeded("done");
        for (int i = 0; i < kManyWarnings; ++i) report.warn("warning " + std::to_string(i));
        return report;
    }
    static RunReport warnManyDirectly() {
        auto report = RunReport::succeeded("done");
        for (int i = 0; i < kManyWarnings; ++i) report.warnings.push_back("warning " + std::to_string(i));
        return report;
    }
    RunReport tellSecrets(RunContext& context) const {
        LogLine(context.log(), "secret.told").field("value", _secret);
        context.progress(1, 2, _secret);
        std::cerr << _secret << std::endl;
        return RunReport::failed("the secret is " + _secret).warn("it is " + _secret);
    }
    static RunReport conceal(RunContext& context) {
        context.conceal("from-the-database");
        LogLine(context.log(), "secret.told").field("value", "from-the-database");
        return RunReport::succeeded("it was from-the-database");
    }
    static RunReport progress(RunContext& context) {
        constexpr std::uint64_t kSteps = 200'000;
        for (std::uint64_t i = 1; i <= kSteps; ++i) context.progress(i, kSteps, "items");
        return RunReport::succeeded("progressed");
    }
    /// In ten steps, of `lines` items if there are more, each of which takes `wait`.
    RunReport progressSlowly(RunContext& context) const {
        constexpr std::uint64_t kSteps = 10;
        const auto total = std::max<std::uint64_t>(kSteps, static_cast<std::uint64_t>(_lines));
        for (std::uint64_t i = 1; i <= kSteps; ++i) {
            context.progress(i * total / kSteps, total, "items");
            std::this_thread::sleep_for(_wait.count() > 0 ? _wait : std::chrono::milliseconds(110));
            context.stop().throwIfRequested();
        }
        return RunReport::succeeded("progressed");
    }

    std::string _run{};
    std::string _check{};
    std::string _secret{};
    std::string _effects{};  // a file
    std::string _account;
    std::chrono::milliseconds _accountWait{0};
    std::int64_t _lines = 0;
    std::chrono::milliseconds _wait{0};
};

/// What the others have in common.
class IdleTask : public SyncTask {
public:
    void configure(ConfigReader&) override {}
    RunReport run(RunContext&) override { return RunReport::succeeded("idle"); }
    void check(RunContext&, const CheckSink&) override {}
};

class ThrowsInConstructor : public IdleTask {
public:
    ThrowsInConstructor() { throw Poco::IllegalStateException("the constructor fails"); }
};

class CrashesInConstructor : public IdleTask {
public:
    CrashesInConstructor() { std::abort(); }
};

class ThrowsInDestructor : public IdleTask {
public:
    ~ThrowsInDestructor() override { fail(); }

private:
    static void fail() { throw Poco::IllegalStateException("the destructor fails"); }
};

class HangsInDestructor : public IdleTask {
public:
    ~HangsInDestructor() override { loopForEver(); }
};

CARILLON_PLUGIN("Troublemaker", "0.1.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(Troublemaker)
CARILLON_TASK(IdleTask)
CARILLON_TASK(ThrowsInConstructor)
CARILLON_TASK(CrashesInConstructor)
CARILLON_TASK(ThrowsInDestructor)
CARILLON_TASK(HangsInDestructor)
CARILLON_TASKS_END
