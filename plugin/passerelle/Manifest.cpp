#include "MailTasks.h"
#include "PasserelleSync.h"
#include "TokensClean.h"

#include "carillon/Plugin.h"

using passerelle::ApprovalMails;
using passerelle::DeadlineMails;
using passerelle::PasserelleSync;
using passerelle::ReminderMails;
using passerelle::TokensClean;

CARILLON_PLUGIN("Passerelle", "0.1.0")
CARILLON_TASKS_BEGIN
CARILLON_TASK(PasserelleSync)
CARILLON_TASK(TokensClean)
CARILLON_TASK(ApprovalMails)
CARILLON_TASK(ReminderMails)
CARILLON_TASK(DeadlineMails)
CARILLON_TASKS_END
