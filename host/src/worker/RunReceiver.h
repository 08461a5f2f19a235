#pragma once

#include "conceal/Redactor.h"
#include "worker/TaskSeat.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace carillon {

/// The host's ear for one run: takes secrets out of all that the task says, makes visible what is hidden in it, and
/// hands it to the listener. Safe from any thread as far as TaskOutput has to be.
class RunReceiver final : public TaskOutput {
public:
    explicit RunReceiver(WorkerListener listener);

    void say(TaskMessage message) override;

    /// Printed text in pieces, as they arrive.
    void printed(std::string_view piece);
    /// The rest, when the run is over.
    void endPrinted();
    /// One line that the plugin printed.
    void printedLine(const std::string& line);
    /// A line of the host's own, as a warning.
    void note(const std::string& text);

    void tick() const;
    bool saidAll() const { return _saidAll; }
    WorkerEnd& end() { return _end; }
    const WorkerEnd& end() const { return _end; }

private:
    template <class Said>
    void makeFit(Said& said) const;
    void log(LogMessage line);
    void end(RunReport report);
    std::size_t placeToCut(std::size_t at) const;
    std::string redacted(std::string text) const;
    std::string shown(std::string text) const;

    WorkerListener _listener;
    mutable std::mutex _mutex;
    mutable Redactor _redactor;  // guarded
    std::string _output;
    WorkerEnd _end;
    bool _saidAll = false;  // report, error or done
};

}  // namespace carillon
