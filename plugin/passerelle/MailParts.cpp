#include "MailParts.h"

#include "MailSending.h"

#include "Poco/NumberParser.h"
#include "Poco/String.h"

namespace passerelle {

MailParts::MailParts(const MailOptions& options_, carillon::RunContext& context_)
    : options(options_),
      context(context_),
      session(options.database, context),
      database(session),
      time(context, database.readSettings().agoraZone, "UTC"),
      reader(session, time, options.columns),
      outbox(session, context.clock()),
      review(session, context.clock()),
      composer(reader, time, options, context.clock()) {}

std::int64_t MailParts::days() {
    if (options.days) return *options.days;
    const std::string name = daysSettingOf(options.task);
    const std::string text = Poco::trim(database.readSetting(name));
    if (text.empty()) return 0;
    int days = 0;
    if (!Poco::NumberParser::tryParse(text, days) || days < 0 || days > 365)
        throw SettingFault(say("setting.days", {{"setting", name}, {"given", text}}));
    return days;
}

carillon::MailAccount MailParts::account() {
    try {
        auto account = database.readMailAccount();
        context.conceal(account.password);
        return withUsableSender(std::move(account));
    } catch (const DatabaseFailed&) {
        throw;
    } catch (const SettingFault& e) {
        throw MailFault(MailFault::Kind::Denied,
                        withSemicolon(e.said(), e.isMissing() ? say("todo.setinagora") : say("todo.correctinagora")));
    }
}

std::string MailParts::now() const {
    return time.fromUtc(context.clock().now());
}

}  // namespace passerelle
