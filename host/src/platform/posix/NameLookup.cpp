#include "platform/NameLookup.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <memory>

namespace carillon {

NameLookup lookUpName(const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* first = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &first); error != 0)
        return {{}, ::gai_strerror(error)};
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(first, ::freeaddrinfo);
    NameLookup answer;
    for (const auto* info = first; info != nullptr; info = info->ai_next) {
        if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(info->ai_addr, info->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
            answer.addresses.emplace_back(text.data());
    }
    return answer;
}

}  // namespace carillon
