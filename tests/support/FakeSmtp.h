#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Timespan.h"

/// A mail server on loopback, without encryption, which answers as the test says and keeps what it takes.
class FakeSmtp {
public:
    struct Mail {
        std::string from{};
        std::string to{};
        std::string text{};  ///< Headers and body, as they came.
    };

    /// Instead of an answer.
    static constexpr const char* kDrop = "drop";         ///< Closes the connection.
    static constexpr const char* kHang = "hang";         ///< Says nothing until the client goes.
    static constexpr const char* kTakeAndDrop = "take";  ///< Of the end of a mail: keeps it, and closes the connection.

    /// Gets each line of a client, `.` for the end of a mail and an empty one for its connection. An empty answer is
    /// the usual one. Called in threads of the server's.
    using Script = std::function<std::string(const std::string& line)>;

    explicit FakeSmtp(Script script = {}) : _script(std::move(script)) {
        _socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
        _socket.listen();
        _thread = std::thread([this] { serve(); });
    }
    ~FakeSmtp() {
        _stop = true;
        _thread.join();
        for (auto& client : _clients) client.join();
    }
    FakeSmtp(const FakeSmtp&) = delete;
    FakeSmtp& operator=(const FakeSmtp&) = delete;

    std::uint16_t port() const { return _socket.address().port(); }
    int connections() const { return _connections; }
    void setScript(Script script) {
        const std::scoped_lock lock(_mutex);
        _script = std::move(script);
    }
    std::vector<Mail> mails() const {
        const std::scoped_lock lock(_mutex);
        return _mails;
    }
    std::vector<std::string> lines() const {
        const std::scoped_lock lock(_mutex);
        return _lines;
    }

private:
    void serve() {
        while (!_stop) {
            if (!_socket.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) continue;
            ++_connections;
            _clients.emplace_back([this, client = _socket.acceptConnection()]() mutable {
                try {
                    converse(client);
                } catch (const Poco::Exception&) {  // the client went
                }
            });
        }
    }

    void converse(Poco::Net::StreamSocket& client) {
        Mail mail;
        bool inText = false;
        std::string received;
        if (!answer(client, "", "220 fake")) return;
        for (std::string line; takeLine(client, received, line);) {
            if (inText && line != ".") {
                mail.text += (line.starts_with("..") ? line.substr(1) : line) + "\r\n";
                continue;
            }
            if (inText) {
                inText = false;
                if (!takeMail(client, mail)) return;
                mail = {};
                continue;
            }
            if (line.starts_with("MAIL FROM:")) mail.from = line.substr(11, line.size() - 12);
            if (line.starts_with("RCPT TO:")) mail.to = line.substr(9, line.size() - 10);
            const std::string usual = line == "DATA"             ? "354 go on"
                                      : line.starts_with("EHLO") ? "250-fake\r\n250 AUTH LOGIN PLAIN"
                                      : line.starts_with("AUTH") ? "235 welcome"
                                      : line == "QUIT"           ? "221 bye"
                                                                 : "250 good";
            std::string said;
            if (!answer(client, line, usual, &said)) return;
            inText = said.starts_with("354");
        }
    }

    bool takeMail(Poco::Net::StreamSocket& client, const Mail& mail) {
        const std::string said = scripted(".");
        if (said.empty() || said == kTakeAndDrop || said.starts_with("2")) {
            const std::scoped_lock lock(_mutex);
            _mails.push_back(mail);
        }
        return say(client, said.empty() ? "250 taken" : said);
    }

    std::string scripted(const std::string& line) {
        Script script;
        {
            const std::scoped_lock lock(_mutex);
            _lines.push_back(line);
            script = _script;
        }
        return script ? script(line) : "";
    }

    bool answer(Poco::Net::StreamSocket& client, const std::string& line, const std::string& usual,
                std::string* said = nullptr) {
        std::string text = scripted(line);
        if (text.empty()) text = usual;
        if (said != nullptr) *said = text;
        return say(client, text);
    }

    bool say(Poco::Net::StreamSocket& client, const std::string& text) {
        if (text == kDrop || text == kTakeAndDrop) return false;
        if (text == kHang) {
            std::string received;
            for (std::string line; takeLine(client, received, line);) {
            }
            return false;
        }
        const std::string bytes = text + "\r\n";
        client.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        return true;
    }

    bool takeLine(Poco::Net::StreamSocket& client, std::string& received, std::string& line) {
        while (!_stop) {
            if (const auto end = received.find("\r\n"); end != std::string::npos) {
                line = received.substr(0, end);
                received.erase(0, end + 2);
                return true;
            }
            if (!client.poll(Poco::Timespan(20'000), Poco::Net::Socket::SELECT_READ)) continue;
            char bytes[4'096];
            const int count = client.receiveBytes(bytes, sizeof bytes);
            if (count <= 0) return false;
            received.append(bytes, static_cast<std::size_t>(count));
        }
        return false;
    }

    Script _script;
    Poco::Net::ServerSocket _socket{};
    std::atomic<bool> _stop{false};
    std::atomic<int> _connections{0};
    mutable std::mutex _mutex{};
    std::vector<Mail> _mails{};
    std::vector<std::string> _lines{};
    std::vector<std::thread> _clients{};  // of the server's thread, and then of who ends it
    std::thread _thread{};
};
