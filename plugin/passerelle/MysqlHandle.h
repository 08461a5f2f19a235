#pragma once

#include <chrono>
#include <string>

struct st_mysql;

namespace passerelle {

/// What Poco's MySQL connector cannot set on a connection: time limits of reads and writes, TCP, TLS, and the ways to
/// log in that a server may ask for.
struct MysqlHandleOptions {
    std::chrono::seconds timeout{30};
    bool tcp = false;  ///< Also to localhost, for which the client library would take the local server's socket.
    bool tls = false;
    std::string ca{};
    std::string certificate{};
    std::string key{};
    /// Names of the client's plugins, with commas; empty: any. A server chooses among them, and some give it the
    /// password.
    std::string logins{};
};

/// While it lives, every connection that this thread opens gets the options. Other threads' do not.
class MysqlHandleScope {
public:
    explicit MysqlHandleScope(const MysqlHandleOptions& options);
    MysqlHandleScope(const MysqlHandleScope&) = delete;
    MysqlHandleScope& operator=(const MysqlHandleScope&) = delete;
    ~MysqlHandleScope();
};

/// What of the options a connection of Poco's would not have, in a few words; empty: nothing. To be asked within the
/// scope before anything is connected: afterwards a server has the password.
std::string lackingBefore(const MysqlHandleOptions& options);

/// The same of what only an open connection shows.
std::string lackingOn(st_mysql* handle, const MysqlHandleOptions& options);

}  // namespace passerelle
