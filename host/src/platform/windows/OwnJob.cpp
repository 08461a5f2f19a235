#include "windows/OwnJob.h"

namespace carillon {

HANDLE ownJob() {
    static const HANDLE job = [] {
        Handle made(::CreateJobObjectW(nullptr, nullptr));
        return made && ::AssignProcessToJobObject(made.get(), ::GetCurrentProcess()) ? made.release() : nullptr;
    }();
    return job;
}

}  // namespace carillon
