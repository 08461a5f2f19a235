#pragma once

#include <chrono>
#include <string>

struct st_mysql;

namespace passerelle {

/// What Poco's MySQL connector cannot set on a connection: time limits of reads and writes, TCP, and TLS.
struct MysqlHandleOptions {
    std::chrono::seconds timeout{30};
    bool tcp = false;  ///< Also to localhost, for which the client library would take the local server's socket.
    bool tls = false;
    std::string ca{};
    std::string certificate{};
    std::string key{};
};

/// While it lives, every connection that this thread opens gets the options. Other threads' do not.
class MysqlHandleScope {
public:
    explicit MysqlHandleScope(const MysqlHandleOptions& options);
    MysqlHandleScope(const MysqlHandleScope&) = delete;
    MysqlHandleScope& operator=(const MysqlHandleScope&) = delete;
    ~MysqlHandleScope();
};

/// What of the options is not in force on an open connection, in a few words; empty: nothing.
std::string notInForce(st_mysql* handle, const MysqlHandleOptions& options);

}  // namespace passerelle
