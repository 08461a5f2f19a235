// Clients of a host, many in one thread:
//   http_load requests HOST:PORT PATH CONNECTIONS SECONDS   one request after the other on each: how many a second
//   http_load pages HOST:PORT PATH SECONDS                  ten a second, each on a connection of its own: ms, a line
//   each http_load readers HOST:PORT PATH READERS SECONDS        follow events: how many streams, fewest, most lines of
//   one http_load drip HOST:PORT CLIENTS SECONDS                a byte a second each, and again when cut off: how often
//   http_load crowd HOST:PORT PATH CLIENTS SECONDS          a page each, and again when it came: how many came
//   http_load signins HOST:PORT CLIENTS SECONDS             a wrong password each, from an address of its own each time
//                                                           by X-Forwarded-For: how many were answered, and how many of
//                                                           these were sent away by 503

#include "Poco/Net/SocketAddress.h"
#include "Poco/Net/StreamSocket.h"
#include "Poco/Timespan.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

double millisecondsSince(Steady::time_point begun) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begun).count();
}

std::string requestFor(const std::string& path, const char* connection) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n";
}

void send(StreamSocket& socket, const std::string& text) {
    socket.sendBytes(text.data(), static_cast<int>(text.size()));
}

/// Waits until some can be read.
std::vector<std::size_t> waitForAny(std::vector<pollfd>& all, int limit) {
    std::vector<std::size_t> ready;
    if (::poll(all.data(), all.size(), limit) <= 0) return ready;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].revents != 0) ready.push_back(i);
    return ready;
}

std::vector<pollfd> pollsOf(const std::vector<StreamSocket>& sockets) {
    std::vector<pollfd> all;
    for (const auto& socket : sockets) all.push_back({socket.impl()->sockfd(), POLLIN, 0});
    return all;
}

int requests(const SocketAddress& address, const std::string& path, std::size_t connections,
             std::chrono::seconds time) {
    const std::string request = requestFor(path, "keep-alive");
    std::vector<StreamSocket> sockets;
    for (std::size_t i = 0; i < connections; ++i) {
        sockets.emplace_back(address);
        send(sockets.back(), request);
    }
    auto all = pollsOf(sockets);
    std::size_t answers = 0;
    std::array<char, 4096> buffer{};
    const auto begun = Steady::now();
    while (Steady::now() - begun < time)
        for (const auto i : waitForAny(all, 1'000)) {
            const int got = sockets[i].receiveBytes(buffer.data(), buffer.size());
            if (got > 0 && !std::string_view(buffer.data(), static_cast<std::size_t>(got)).starts_with("HTTP/1.1 200"))
                return EXIT_FAILURE;
            if (got > 0) ++answers;
            // The host ends a connection now and then.
            const bool ended =
                got <= 0 || std::string_view(buffer.data(), static_cast<std::size_t>(got)).find("Connection: close") !=
                                std::string_view::npos;
            if (ended) {
                sockets[i] = StreamSocket(address);
                all[i].fd = sockets[i].impl()->sockfd();
            }
            send(sockets[i], request);
        }
    std::printf("%.0f\n", static_cast<double>(answers) / (millisecondsSince(begun) / 1e3));
    return EXIT_SUCCESS;
}

int pages(const SocketAddress& address, const std::string& path, std::chrono::seconds time) {
    const auto begun = Steady::now();
    std::array<char, 65'536> buffer{};
    while (Steady::now() - begun < time) {
        const auto asked = Steady::now();
        StreamSocket socket(address);
        socket.setReceiveTimeout(Poco::Timespan(30, 0));
        send(socket, requestFor(path, "close"));
        std::string head;
        for (int got = 0; (got = socket.receiveBytes(buffer.data(), buffer.size())) > 0;)
            if (head.empty()) head.assign(buffer.data(), static_cast<std::size_t>(got));
        if (!head.starts_with("HTTP/1.1 200")) return EXIT_FAILURE;
        std::printf("%.3f\n", millisecondsSince(asked));
        std::this_thread::sleep_for(100ms);
    }
    return EXIT_SUCCESS;
}

int readers(const SocketAddress& address, const std::string& path, std::size_t count, std::chrono::seconds time) {
    std::vector<StreamSocket> sockets;
    for (std::size_t i = 0; i < count; ++i) {
        sockets.emplace_back(address);
        send(sockets.back(), requestFor(path, "keep-alive"));
    }
    auto all = pollsOf(sockets);
    std::vector<std::size_t> lines(count);
    std::array<char, 65'536> buffer{};
    const auto begun = Steady::now();
    while (Steady::now() - begun < time)
        for (const auto i : waitForAny(all, 1'000)) {
            const int got = sockets[i].receiveBytes(buffer.data(), buffer.size());
            if (got <= 0) return EXIT_FAILURE;
            const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
            for (auto at = text.find("\ndata: "); at != std::string_view::npos; at = text.find("\ndata: ", at + 1))
                ++lines[i];
        }
    const auto [fewest, most] = std::minmax_element(lines.begin(), lines.end());
    std::printf("%zu %zu %zu\n", count, *fewest, *most);
    return EXIT_SUCCESS;
}

/// False: it was cut off.
bool drip(int descriptor) {
    std::array<char, 512> buffer{};
    const auto got = ::recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return got != 0 && ::send(descriptor, "a", 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

int dripAll(const SocketAddress& address, std::size_t count, std::chrono::seconds time) {
    const auto open = [&address] {
        const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        ::connect(descriptor, address.addr(), address.length());
        return descriptor;
    };
    std::vector<int> clients(count);
    for (auto& client : clients) client = open();
    std::size_t cut = 0;
    const auto begun = Steady::now();
    while (Steady::now() - begun < time) {
        // Spread over a second, as clients that know nothing of each other are.
        for (std::size_t i = 0; i < count; ++i) {
            if (i % (count / 50 + 1) == 0) std::this_thread::sleep_for(20ms);
            if (drip(clients[i])) continue;
            ::close(clients[i]);
            clients[i] = open();
            ++cut;
        }
    }
    std::printf("%zu\n", cut);
    return EXIT_SUCCESS;
}

std::string signInFrom(std::size_t number) {
    const std::string body = "user=user" + std::to_string(number) + "&password=a+wrong+password";
    const auto part = [number](std::size_t unit) { return std::to_string(number / unit % 250); };
    return "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n"
           "Content-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: 10." +
           part(62'500) + '.' + part(250) + '.' + part(1) + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// One of a crowd that asks again and again.
struct Caller {
    StreamSocket socket{};
    std::string head{};  ///< The beginning of its answer.
};

template <class RequestOf>
void ask(Caller& caller, const SocketAddress& address, RequestOf requestOf) {
    caller = {StreamSocket(address), ""};
    send(caller.socket, requestOf());
}

/// Each asks on a connection of its own, and again when that ends. Prints how many answers came, how many were 503.
template <class RequestOf>
int crowd(const SocketAddress& address, std::size_t count, std::chrono::seconds time, RequestOf requestOf) {
    std::vector<Caller> askers(count);
    std::vector<pollfd> all(count);
    const auto begin = [&](std::size_t i) {
        ask(askers[i], address, requestOf);
        all[i] = {askers[i].socket.impl()->sockfd(), POLLIN, 0};
    };
    for (std::size_t i = 0; i < count; ++i) begin(i);
    std::size_t answers = 0;
    std::size_t refused = 0;
    std::array<char, 65'536> buffer{};
    const auto begun = Steady::now();
    while (Steady::now() - begun < time)
        for (const auto i : waitForAny(all, 1'000)) {
            const auto got = ::recv(all[i].fd, buffer.data(), buffer.size(), 0);
            std::string& head = askers[i].head;
            if (got > 0 && head.empty()) head.assign(buffer.data(), static_cast<std::size_t>(got));
            if (got > 0) continue;
            answers += head.empty() ? 0U : 1U;
            refused += head.starts_with("HTTP/1.1 503") ? 1U : 0U;
            begin(i);
        }
    std::printf("%zu %zu\n", answers, refused);
    return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto number = [&words](std::size_t i) { return static_cast<std::size_t>(std::stoul(words.at(i))); };
    const auto time = std::chrono::seconds(words.empty() ? 0 : number(words.size() - 1));
    if (words.size() == 5 && words[0] == "requests")
        return requests(SocketAddress(words[1]), words[2], number(3), time);
    if (words.size() == 4 && words[0] == "pages") return pages(SocketAddress(words[1]), words[2], time);
    if (words.size() == 5 && words[0] == "readers") return readers(SocketAddress(words[1]), words[2], number(3), time);
    if (words.size() == 4 && words[0] == "drip") return dripAll(SocketAddress(words[1]), number(2), time);
    if (words.size() == 5 && words[0] == "crowd") {
        const auto request = requestFor(words[2], "close");
        return crowd(SocketAddress(words[1]), number(3), time, [&request] { return request; });
    }
    if (words.size() == 4 && words[0] == "signins")
        return crowd(SocketAddress(words[1]), number(2), time,
                     [made = std::size_t{0}]() mutable { return signInFrom(++made); });
    std::fprintf(stderr, "usage: see the top of HttpLoad.cpp\n");
    return 2;
}
