#pragma once

#include "control/LineSocket.h"
#include "scheduler/HostActions.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace carillon {

/// The host's side of one `carillon run` that was handed over to it: sends log and progress as they come, passes
/// requests to stop on, ends with the answer. One thread. Borrows all.
class RunConversation {
public:
    RunConversation(LineSocket& lines, HostActions& actions, const std::atomic<bool>& hostEnds)
        : _lines(lines), _actions(actions), _hostEnds(hostEnds) {}

    /// Returns when the run is over or the command is gone; the run itself goes on then.
    void hold(RunRequest request);

private:
    /// Lines on their way to the command. They come from threads of the host, which never wait for a slow reader.
    class Outbox {
    public:
        void add(std::string line, bool last = false);
        /// False: there is none yet.
        bool take(std::string& line, std::chrono::milliseconds limit);
        bool isOver();

    private:
        static constexpr std::size_t kMost = 10'000;

        std::mutex _mutex;
        std::condition_variable _added;
        std::deque<std::string> _lines;
        std::size_t _left = 0;  // out, for a reader that is too slow
        bool _last = false;
    };

    static void connect(RunRequest& request, const std::shared_ptr<Outbox>& outbox);

    LineSocket& _lines;
    HostActions& _actions;
    const std::atomic<bool>& _hostEnds;
};

}  // namespace carillon
