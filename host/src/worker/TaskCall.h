#pragma once

#include "carillon/RunContext.h"
#include "platform/MemoryLimit.h"
#include "plugins/PluginCache.h"
#include "record/TaskMessage.h"
#include "worker/WorkerRequest.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// The life of one task: created and configured, called once, destroyed with this object. Whatever the task throws
/// becomes its output's error. One thread.
class TaskCall {
public:
    /// Borrows both for as long as it lives. Lifts the limit before it tells what the task threw, which takes memory.
    TaskCall(TaskOutput& output, MemoryLimit& limit) : _output(output), _limit(limit) {}

    /// False: there is nothing to call, and the output knows why when somebody should.
    bool prepare(const WorkerRequest& request, PluginCache& plugins);

    /// After a prepare() that was true; once.
    void call(RunContext& context);

    /// Whether an allocation failed while the task's memory was limited.
    bool ranOutOfMemory() const { return _ranOutOfMemory; }

private:
    bool configure(const ConfigSource& config);
    void callVerb(RunContext& context);
    void sayAbilities(SyncTask& task);
    void sayRejects(RunContext& context);
    void sayItems(RunContext& context);
    void tellException();

    TaskOutput& _output;
    MemoryLimit& _limit;
    WorkerRequest::Verb _verb = WorkerRequest::Verb::Run;
    RejectQuery _query;
    ReplayRequest _replay;
    ItemQuery _items;
    DismissRequest _dismissal;
    std::unique_ptr<SyncTask> _task;
    bool _ranOutOfMemory = false;
};

/// Of the exception that is being handled, in words for the operator.
Message describeCurrentException();

/// The run's error when it took more than `limit` bytes.
Message describeMemoryLimit(std::size_t limit);

}  // namespace carillon
