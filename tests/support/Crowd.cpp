#include "Crowd.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "Poco/Net/SocketAddress.h"

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kLook = 20;  // milliseconds

struct Client {
    int descriptor = -1;
    std::string request{};
    std::size_t sent = 0;
    std::size_t got = 0;
    Steady::time_point dripAt{};
};

/// More than one process may have open as a rule.
void raiseDescriptorLimit() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

void open(Client& client, const Poco::Net::SocketAddress& address, std::string request) {
    if (client.descriptor >= 0) ::close(client.descriptor);
    client = {::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), std::move(request), 0, 0,
              Steady::now() + 1s};
    ::connect(client.descriptor, address.addr(), address.length());
}

void send(Client& client, std::size_t most) {
    const auto size = std::min(most, client.request.size() - client.sent);
    const auto sent = ::send(client.descriptor, client.request.data() + client.sent, size, MSG_NOSIGNAL);
    if (sent > 0) client.sent += static_cast<std::size_t>(sent);
}

/// False: the connection has ended.
bool receive(Client& client) {
    std::array<char, 65'536> buffer{};
    const auto got = ::recv(client.descriptor, buffer.data(), buffer.size(), 0);
    if (got > 0) client.got += static_cast<std::size_t>(got);
    return got > 0 || (got < 0 && errno == EAGAIN);
}

}  // namespace

Crowd::Crowd(const std::string& address, std::size_t clients, std::function<std::string(std::size_t)> request,
             Pace pace)
    : _request(std::move(request)), _pace(pace), _thread([this, address, clients] { run(address, clients); }) {}

Crowd::~Crowd() {
    _ending.store(true);
    _thread.join();
}

void Crowd::run(const std::string& address, std::size_t clients) {
    raiseDescriptorLimit();
    const Poco::Net::SocketAddress server(address);
    std::vector<Client> all(clients);
    for (std::size_t i = 0; i < clients; ++i) open(all[i], server, _request(i));
    std::vector<pollfd> polls(clients);
    while (!_ending.load()) {
        for (std::size_t i = 0; i < clients; ++i) {
            const bool sends = _pace == Pace::AtOnce && all[i].sent < all[i].request.size();
            polls[i] = {all[i].descriptor, static_cast<short>(sends ? POLLIN | POLLOUT : POLLIN), 0};
        }
        ::poll(polls.data(), polls.size(), kLook);
        for (std::size_t i = 0; i < clients; ++i) {
            Client& client = all[i];
            if ((polls[i].revents & POLLOUT) != 0) send(client, client.request.size());
            if (_pace == Pace::Drip && Steady::now() >= client.dripAt) {
                send(client, 1);
                client.dripAt += 1s;
            }
            if ((polls[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || receive(client)) continue;
            ++(client.got > 0 ? _answers : _cut);
            open(client, server, _request(i));
        }
    }
    for (const auto& client : all) ::close(client.descriptor);
}
