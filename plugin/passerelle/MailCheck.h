#pragma once

#include "MailOptions.h"
#include "ServerNeeds.h"

#include "carillon/Check.h"
#include "carillon/RunContext.h"

namespace passerelle {

/// The diagnosis of a task that sends mail: configuration, database, outbox, mail server. It logs in to the mail server
/// and sends nothing. Borrows both.
class MailCheck {
public:
    MailCheck(const MailOptions& options, carillon::RunContext& context) : _options(options), _context(context) {}

    void run(const carillon::CheckSink& sink);

private:
    carillon::Check checkConfiguration();
    carillon::Check checkMailServer();

    const MailOptions& _options;
    carillon::RunContext& _context;
};

/// Whether mails can be planned there, and how many wait. `task`: Mails, or Notifying, of a synchronisation.
carillon::Check checkOutbox(const DatabaseOptions& options, RightsOf task, carillon::RunContext& context);

}  // namespace passerelle
