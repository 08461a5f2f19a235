#include "carillon/Plugin.h"

#include "Diary.h"

#include "Poco/StringTokenizer.h"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace carillon;

namespace {

/// A number for each run that its seed, job, slot and attempt decide: a soak can be repeated.
class Dice {
public:
    Dice(const std::string& seed, const RunIdentity& run) {
        const auto slot = run.scheduledAt.time_since_epoch().count();
        for (const char c : seed + '|' + run.job + '|' + std::to_string(slot) + '|' + std::to_string(run.attempt))
            _state = (_state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }

    /// 0 to below `below`.
    std::uint64_t roll(std::uint64_t below) {
        std::uint64_t z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return (z ^ (z >> 31)) % below;
    }

private:
    std::uint64_t _state = 0xcbf29ce484222325;
};

[[noreturn]] void hang() {
    for (;;) ::pause();
}

}  // namespace

/// Works for a random time up to task.work, or meets one of the troubles of task.troubles: `segfault 5, exit 2` is five
/// runs in a hundred and two. Keeps its diary in task.diary.
class Restless : public SyncTask {
public:
    void configure(ConfigReader& config) override {
        _seed = config.text("seed");
        _diary = config.text("diary");
        _exclusive = config.text("exclusive", "yes") == "yes";
        _work =
            config.duration("work", std::chrono::milliseconds(0), std::chrono::milliseconds(0), std::chrono::hours(1));
        const Poco::StringTokenizer words(config.text("troubles", ""), " ,", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
        for (std::size_t i = 0; i + 1 < words.count(); i += 2)
            _troubles.emplace_back(words[i], std::strtoull(words[i + 1].c_str(), nullptr, 10));
    }

    RunReport run(RunContext& context) override {
        Dice dice(_seed, context.identity());
        const std::string trouble = choose(dice);
        const Diary diary(_diary, context.identity(), trouble, _exclusive);
        meet(trouble);
        if (trouble == "fail") return RunReport::failed("the dice say so");
        work(context, dice);
        return RunReport::succeeded("worked").counter("items", 1);
    }

    void check(RunContext&, const CheckSink&) override {}

private:
    std::string choose(Dice& dice) const {
        std::uint64_t percent = dice.roll(100);
        for (const auto& [name, share] : _troubles) {
            if (percent < share) return name;
            percent -= share;
        }
        return "none";
    }

    static void meet(const std::string& trouble) {
        if (trouble == "segfault") std::raise(SIGSEGV);
        if (trouble == "abort") std::abort();
        if (trouble == "exit") ::_exit(0);
        if (trouble == "throw") throw std::runtime_error("thrown by the dice");
        if (trouble == "hang") hang();
    }

    void work(RunContext& context, Dice& dice) const {
        if (_work.count() == 0) return;
        const auto until = std::chrono::steady_clock::now() +
                           std::chrono::milliseconds(dice.roll(static_cast<std::uint64_t>(_work.count()) + 1));
        while (std::chrono::steady_clock::now() < until) {
            context.stop().throwIfRequested();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    std::string _seed{};
    std::string _diary{};
    bool _exclusive = true;
    std::chrono::milliseconds _work{0};
    std::vector<std::pair<std::string, std::uint64_t>> _troubles{};  ///< With how many runs in a hundred.
};

CARILLON_PLUGIN("Restless", "0.1.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(Restless)
CARILLON_TASKS_END
