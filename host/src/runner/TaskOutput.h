#pragma once

#include "record/TaskMessage.h"

namespace carillon {

/// Where a task's messages go. LogMessage and Secret come on any thread, the others on the one that calls the task.
class TaskOutput {
public:
    virtual ~TaskOutput() = default;
    virtual void say(TaskMessage message) = 0;
};

}  // namespace carillon
