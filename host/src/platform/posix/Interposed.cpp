#include "platform/Interposed.h"

#include <dlfcn.h>

namespace carillon {

void* nextSymbol(const char* name) {
    return ::dlsym(RTLD_NEXT, name);
}

}  // namespace carillon
