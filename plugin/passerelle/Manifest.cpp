#include "PasserelleSync.h"
#include "TokensClean.h"

#include "carillon/Plugin.h"

using passerelle::PasserelleSync;
using passerelle::TokensClean;

CARILLON_PLUGIN("Passerelle", "0.1.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(PasserelleSync)
CARILLON_TASK(TokensClean)
CARILLON_TASKS_END
