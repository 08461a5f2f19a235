#include "carillon/Plugin.h"

extern "C" POCO_LIBRARY_API const CarillonPluginInfo* carillonPluginInfo();
extern "C" const CarillonPluginInfo* carillonPluginInfo() {
    static const CarillonPluginInfo info{CARILLON_SDK_VERSION, "libc++ plain", "OtherAbi", "1.0.0"};
    return &info;
}
