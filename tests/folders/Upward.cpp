// The store is none of the folders that base uses: with the headers of base this does not compile, with those of the
// store it does.
#include "store/RunStore.h"
