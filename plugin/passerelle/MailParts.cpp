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
        throw Poco::SyntaxException("Agora's setting " + name + " is '" + text +
                                    "', expected a whole number of days from 0 to 365; correct it in Agora");
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
                        e.message() + (e.isMissing() ? "; set it in Agora" : "; correct it in Agora"));
    } catch (const Poco::SyntaxException& e) {
        throw MailFault(MailFault::Kind::Denied, e.message() + "; correct it in Agora");
    }
}

std::string MailParts::now() const {
    return time.fromUtc(context.clock().now());
}

}  // namespace passerelle
