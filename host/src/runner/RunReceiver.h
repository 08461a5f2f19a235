#pragma once

#include "runner/Redactor.h"
#include "runner/TaskOutput.h"
#include "runner/TaskSeat.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace carillon {

/// The host's ear for one run: takes secrets out of all that the task says and hands it to the listener.
/// Safe from any thread as far as TaskOutput has to be.
class RunReceiver final : public TaskOutput {
public:
    explicit RunReceiver(WorkerListener listener);

    void log(const Poco::Message& message) override;
    void progress(std::uint64_t done, std::uint64_t total, std::string_view what) override;
    void conceal(const std::string& secret) override;
    void fault(const ConfigFault& fault) override;
    void check(const Check& check) override;
    void reject(const Reject& reject) override;
    void plugin(const PluginDescription& plugin) override;
    void report(RunReport report) override;
    void error(const std::string& text) override;
    void done() override;

    /// Printed text in pieces, as they arrive.
    void printed(std::string_view piece);
    /// The rest, when the run is over.
    void endPrinted();
    /// One line that the plugin printed.
    void printedLine(const std::string& line);

    void tick() const;
    bool saidAll() const { return _saidAll; }
    WorkerEnd& end() { return _end; }

private:
    WorkerListener _listener;
    Redactor _redactor;
    mutable std::mutex _mutex;
    std::string _output;
    WorkerEnd _end;
    bool _saidAll = false;  // report, error or done
};

}  // namespace carillon
