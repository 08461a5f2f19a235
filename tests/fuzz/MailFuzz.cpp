#include "Fuzz.h"
#include "SaidAtOnce.h"

#include "alerts/MailSender.h"

using namespace carillon;

/// The first byte tells how the host speaks to the server, the rest is what that answers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto& server = *new SaidAtOnce;
    if (size == 0) return 0;
    server.say(fuzz::textOf(data + 1, size - 1));
    MailSettings settings;
    settings.account.host = "127.0.0.1";
    settings.account.port = server.port();
    settings.account.security = data[0] % 2 == 0 ? MailAccount::Security::None : MailAccount::Security::StartTls;
    settings.ca = "/none";  // what comes encrypted is OpenSSL's to read, and its authorities take their time
    settings.account.user = data[0] % 3 == 0 ? "" : "user";
    settings.account.password = "hunter2000";
    settings.account.from = "carillon@example.com";
    RemoteCall call(std::chrono::seconds(5));
    try {
        sendMail(settings, {"ops@example.com"}, {"0123", "[carillon] a subject", "A text.", {}}, call);
    } catch (const Undelivered& e) {
        const std::string& why = e.message();
        fuzz::require(!why.empty() && why.find('\n') == std::string::npos, "a failure is told in one line");
        fuzz::require(why.find("hunter2000") == std::string::npos,
                      "what a server repeats of the password is concealed");
    }
    return 0;
}
