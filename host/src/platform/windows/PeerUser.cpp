#include "platform/PeerUser.h"

#include "windows/Account.h"
#include "windows/System.h"

#include <iphlpapi.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace carillon {
namespace {

/// Of the connections of IPv4; empty: the system does not tell.
std::vector<MIB_TCPROW_OWNER_PID> connections() {
    std::vector<unsigned char> bytes;
    DWORD size = 16 << 10;
    DWORD error = ERROR_INSUFFICIENT_BUFFER;
    for (int tries = 0; tries < 8 && error == ERROR_INSUFFICIENT_BUFFER; ++tries) {  // it grows meanwhile
        bytes.resize(size);
        error = ::GetExtendedTcpTable(bytes.data(), &size, FALSE, AF_INET, TCP_TABLE_OWNER_PID_CONNECTIONS, 0);
    }
    if (error != NO_ERROR) return {};
    const auto* table = reinterpret_cast<const MIB_TCPTABLE_OWNER_PID*>(bytes.data());
    return {table->table, table->table + table->dwNumEntries};
}

/// Of a process; one that is not known: the system does not tell.
Account accountOf(DWORD process) {
    const Handle handle(::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, process));
    HANDLE opened = nullptr;
    if (!handle || ::OpenProcessToken(handle.get(), TOKEN_QUERY, &opened) == FALSE) return {};
    const Handle token(opened);
    alignas(TOKEN_USER) unsigned char bytes[256];
    DWORD size = sizeof bytes;
    if (::GetTokenInformation(token.get(), TokenUser, bytes, size, &size) == FALSE) return {};
    return Account(reinterpret_cast<const TOKEN_USER*>(bytes)->User.Sid);
}

}  // namespace

std::optional<User> userOfPeer(const Poco::Net::StreamSocket& connection) {
    const auto port = htons(connection.peerAddress().port());
    const auto own = htons(connection.address().port());
    const auto all = connections();
    const auto found = std::find_if(all.begin(), all.end(), [&](const MIB_TCPROW_OWNER_PID& row) {
        return row.dwLocalPort == port && row.dwRemotePort == own;
    });
    if (found == all.end()) return std::nullopt;
    const Account account = accountOf(found->dwOwningPid);
    return account.isKnown() ? std::optional(User{account.lastPart()}) : std::nullopt;
}

}  // namespace carillon
