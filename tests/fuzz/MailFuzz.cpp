#include "Fuzz.h"

#include "alerts/MailSender.h"

#include "Poco/Net/NetException.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace carillon;

namespace {

/// A mail server that says the same to everybody at once, and hears them out.
class SaidAtOnce {
public:
    SaidAtOnce() : _thread([this] { serve(); }) { _thread.detach(); }

    std::uint16_t port() const { return _server.address().port(); }
    void say(std::string text) {
        const std::lock_guard lock(_mutex);
        _text = std::move(text);
    }

private:
    void serve() {
        for (;;) {
            try {
                answer(_server.acceptConnection());
            } catch (const Poco::Exception&) {  // the client has gone already
            }
        }
    }
    void answer(Poco::Net::StreamSocket client) {
        {
            const std::lock_guard lock(_mutex);
            client.sendBytes(_text.data(), static_cast<int>(_text.size()));
        }
        client.shutdownSend();
        for (char block[4096]; client.receiveBytes(block, sizeof block) > 0;) {
        }
    }

    Poco::Net::ServerSocket _server{Poco::Net::SocketAddress("127.0.0.1", 0)};
    std::mutex _mutex;
    std::string _text;
    std::thread _thread;
};

}  // namespace

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
