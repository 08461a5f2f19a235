#include "config/HostConfig.h"
