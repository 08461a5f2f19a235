#include "carillon/Plugin.h"

extern "C" POCO_LIBRARY_API const CarillonPluginInfo* carillonPluginInfo();
extern "C" const CarillonPluginInfo* carillonPluginInfo() {
    static const CarillonPluginInfo info{99, CARILLON_ABI, "OtherSdk", "1.0.0"};
    return &info;
}
