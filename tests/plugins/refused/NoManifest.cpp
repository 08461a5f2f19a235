#include "carillon/Plugin.h"

CARILLON_PLUGIN("NoManifest", "1.0.0")
