#pragma once

#include "config/Configuration.h"
#include "scheduler/HostActions.h"

#include <memory>

namespace carillon {

/// One attempt at another configuration: reads and checks all of it, with its plugins, before anything is swapped. A
/// fault of the host's file or of a whole job refuses it; one of a row of instances concerns that instance only.
class Reload {
public:
    explicit Reload(const std::shared_ptr<const Configuration>& current);

    /// Null unless result().swapped.
    const std::shared_ptr<const Configuration>& configuration() const { return _next; }
    const ReloadResult& result() const { return _result; }

private:
    void findFaults(const Configuration& current, const Configuration& next);
    void findFixed(const HostConfig& current, const HostConfig& next);
    void checkTask(const Configuration& next, const JobFile& file);

    std::shared_ptr<const Configuration> _next;
    ReloadResult _result;
    bool _refused = false;
};

}  // namespace carillon
