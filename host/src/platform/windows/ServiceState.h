#pragma once

#include "windows/System.h"

namespace carillon {

/// Whether the system has started this process as a service.
bool isService();

/// By which this process tells the system of itself from now on.
void setServiceHandle(SERVICE_STATUS_HANDLE handle);

/// Tells the system how the service stands; nothing when this process is none. `code`: its own, of one that has ended.
/// Any thread.
void tellServiceState(DWORD state, DWORD code = 0);

}  // namespace carillon
