#include "../support/Unstopped.h"
#include "Fuzz.h"
#include "SaidAtOnce.h"

#include "SmtpConnection.h"

#include <chrono>

using namespace passerelle;

/// The first byte tells how the plugin speaks to the mail server, the rest is what that answers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto& server = *new SaidAtOnce;
    static const Unstopped kStop;
    if (size == 0) return 0;
    const std::string said = fuzz::textOf(data + 1, size - 1);
    server.say(said);
    carillon::MailAccount account;
    account.host = "127.0.0.1";
    account.port = server.port();
    account.security = carillon::MailAccount::Security::None;  // what comes encrypted is OpenSSL's to read
    account.user = data[0] % 3 == 0 ? "" : "user";
    account.password = "hunter2000";
    try {
        SmtpConnection connection(account, "", std::chrono::seconds(5), kStop);
        connection.send("agora@example.com", {"ann@example.com", "Ann Arbor"}, "Subject: s\r\n\r\nText.\r\n", [] {});
        fuzz::require(said.find("354") != std::string::npos && said.find("\n2") != std::string::npos,
                      "nothing counts as sent that the server has not taken");
    } catch (const MailFault& e) {
        const std::string& why = e.message();
        fuzz::require(!why.empty() && why.find('\n') == std::string::npos, "a failure is told in one line");
        fuzz::require(why.size() < 700, "a failure is a sentence");
    }
    return 0;
}
