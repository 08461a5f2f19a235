#include "carillon/Plugin.h"

void nobodyDefinesThis();

extern "C" __attribute__((visibility("default"))) void callIt() {
    nobodyDefinesThis();
}

CARILLON_PLUGIN("UndefinedSymbol", "1.0.0")
